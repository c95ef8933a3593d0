package io.flotilla.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigWatchTest {
  @TempDir Path directory;

  private final List<Optional<ServerConfig>> taken = new ArrayList<>();
  private Path file = Path.of("none");
  private ConfigWatch watch = watch(Map.of(Setting.DATA, "/d"), Optional.empty());

  @BeforeEach
  void start() throws IOException {
    file = Files.writeString(directory.resolve("node.yaml"), "data: /d\nlog-level: info\n");
    watch = watch(Map.of(), Optional.of(file));
  }

  private ConfigWatch watch(Map<Setting, String> flags, Optional<Path> given) {
    return new ConfigWatch(file, () -> read(flags, given), read(flags, given), taken::add);
  }

  private static ConfigReader.Result read(Map<Setting, String> flags, Optional<Path> file) {
    return ConfigReader.read(Program.SERVER, flags, Map.of(), file, 2);
  }

  private ServerConfig last() {
    return taken.get(taken.size() - 1).orElseThrow();
  }

  @Test
  void sameContent_changesNothing() throws IOException {
    watch.look();
    Files.writeString(file, "data: /d\nlog-level: info\n");
    watch.look();
    assertThat(taken).isEmpty();
  }

  @Test
  void change_isTakenOnce() throws IOException {
    Files.writeString(file, "data: /d\nlog-level: debug\nsnapshot-send-rate: 8MiB\n");
    watch.look();
    watch.look();
    assertThat(taken).hasSize(1);
    assertThat(last().sight().logLevel()).isEqualTo("DEBUG");
    assertThat(last().snapshots().sendRate()).isEqualTo(8 << 20);
  }

  @Test
  void mistake_changesNothingAndIsToldOnce() throws IOException {
    Files.writeString(file, "data: /d\nlog-level: loud\nticks: 3\n");
    watch.look();
    watch.look();
    assertThat(taken).containsExactly(Optional.empty());
    Files.writeString(file, "data: /d\nlog-level: warn\n");
    watch.look();
    assertThat(last().sight().logLevel()).isEqualTo("WARN");
  }

  @Test
  void fileThatIsGone_changesNothing() throws IOException {
    Files.delete(file);
    watch.look();
    assertThat(taken).isEmpty();
    Files.writeString(file, "data: /d\nlog-level: error\n");
    watch.look();
    assertThat(last().sight().logLevel()).isEqualTo("ERROR");
  }

  @Test
  void flag_staysWhateverTheFileSays() throws IOException {
    watch = watch(Map.of(Setting.LOG_LEVEL, "warn"), Optional.of(file));
    Files.writeString(file, "data: /d\nlog-level: debug\n");
    watch.look();
    assertThat(last().sight().logLevel()).isEqualTo("WARN");
  }

  /** A ConfigMap: the file is a link into a directory that is itself a link, which is swapped. */
  @Test
  void swappedConfigMap_isNoticed() throws IOException {
    Path one = Files.createDirectory(directory.resolve("..one"));
    Path two = Files.createDirectory(directory.resolve("..two"));
    Files.writeString(one.resolve("server.yaml"), "data: /d\nlog-level: info\n");
    Files.writeString(two.resolve("server.yaml"), "data: /d\nlog-level: trace\n");
    Path data = directory.resolve("..data");
    Files.createSymbolicLink(data, Path.of("..one"));
    file =
        Files.createSymbolicLink(
            directory.resolve("server.yaml"), Path.of("..data", "server.yaml"));
    watch = watch(Map.of(), Optional.of(file));
    Path swap = Files.createSymbolicLink(directory.resolve("..tmp"), Path.of("..two"));
    Files.move(swap, data, StandardCopyOption.ATOMIC_MOVE);
    watch.look();
    assertThat(last().sight().logLevel()).isEqualTo("TRACE");
  }
}
