package io.flotilla.server.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.server.CommandRun;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class DevCommandTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dev --nodes 0 | --nodes '0' is not a number from 1 to 9",
        "dev --nodes 10 | --nodes '10' is not a number from 1 to 9",
        "dev --nodes three | 'three' is not",
        "dev --port 0 | --port '0' is not a number from 1 to 65533",
        "dev --port 65535 | --port '65535' is not a number from 1 to 65533",
        "dev --nodes 1 --port 65536 | --port '65536' is not a number from 1 to 65535",
        "dev --data pom.xml | --data 'pom.xml' is no directory",
        "dev 3 | Unmatched argument"
      })
  void wrongUsage_isExplained(String words, String message) {
    CommandRun run = CommandRun.of(words.split(" "));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(message).contains("flotilla dev --help");
  }

  @Test
  void fewerNodesThanWereKept_areRefused() throws Exception {
    for (int i = 1; i <= 3; i++) {
      Files.createDirectories(directory.resolve("node" + i));
    }
    CommandRun run = CommandRun.of("dev", "--nodes", "1", "--data", directory.toString());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("holds a cluster of 3 nodes; start it with --nodes 3");
  }

  @Test
  void portInUse_isFoundBeforeAnythingStarts() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = String.valueOf(taken.getLocalPort());
      Path data = directory.resolve("new");
      CommandRun run =
          CommandRun.of("dev", "--nodes", "1", "--port", port, "--data", data.toString());
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err())
          .isEqualTo("flotilla: port " + port + " is in use already; --port chooses other ports\n");
      assertThat(data).doesNotExist();
    }
  }

  @Test
  void guide_saysWhatToTypeNext() {
    LocalCluster cluster =
        new LocalCluster(
            JavaCommand.current(Map.of()), directory, List.of(7001, 7002), Map.of(), node -> {});
    List<String> lines = DevGuide.lines(cluster, "bin/flotilla", Duration.ofMillis(2_345));
    assertThat(lines)
        .contains(
            "2 nodes are up after 2.3 s; Ctrl-C stops.",
            "  export FLOTILLA_ENDPOINTS=127.0.0.1:7001,127.0.0.1:7002",
            "  bin/flotilla put greeting hello");
  }

  @Test
  void help_hasExamples() {
    CommandRun run = CommandRun.of("dev", "--help");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("Examples:").contains("--nodes=N");
  }
}
