package io.flotilla.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessesTest {
  private static final String TABLE =
      """
      sl local_address rem_address st tx_queue:rx_queue tr:when retrnsmt uid timeout inode
      0: 0100007F:1B59 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 777 1
      1: 0100007F:1B59 0100007F:9C40 01 00000000:00000000 00:00000000 00000000 0 0 888 1
      2: 0100007F:1B5A 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 999 1
      """;

  @TempDir Path proc;

  @Test
  void listening_findsWhoHoldsTheSocket() throws IOException {
    Files.createDirectories(proc.resolve("net"));
    Files.writeString(proc.resolve("net/tcp"), TABLE);
    socket(10, 777);
    socket(11, 888);
    socket(12, 999);
    Processes processes = new Processes(proc);
    assertThat(processes.listening(Set.of(7001))).containsExactly(10L);
    assertThat(processes.listening(Set.of(7001, 7002))).containsExactly(10L, 12L);
    assertThat(processes.listening(Set.of(7003))).isEmpty();
  }

  @Test
  void usage_isReadFromTheirFiles() throws IOException {
    Path process = Files.createDirectories(proc.resolve("10"));
    Files.writeString(
        process.resolve("stat"), "10 (a ) b) S 1 2 3 4 5 6 7 8 9 10 250 50 0 0 20 0 5 0 1 2 3\n");
    Files.writeString(process.resolve("status"), "Name:\tjava\nVmRSS:\t    2048 kB\nThreads:\t5\n");
    Processes processes = new Processes(proc);
    assertThat(processes.cpuSeconds(List.of(10L, 99L))).isCloseTo(3.0, within(1e-9));
    assertThat(processes.residentBytes(List.of(10L, 99L))).isEqualTo(2L << 20);
  }

  @Test
  void withoutProc_nothingIsFound() {
    Processes processes = new Processes(proc.resolve("none"));
    assertThat(processes.listening(Set.of(7001))).isEmpty();
    assertThat(processes.cpuSeconds(List.of(10L))).isZero();
  }

  private void socket(long pid, long inode) throws IOException {
    Path descriptors = Files.createDirectories(proc.resolve(pid + "/fd"));
    Files.createSymbolicLink(descriptors.resolve("5"), Path.of("socket:[" + inode + "]"));
  }
}
