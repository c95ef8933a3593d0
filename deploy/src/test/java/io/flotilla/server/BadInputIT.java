package io.flotilla.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.server.local.LocalCluster;
import io.flotilla.server.local.Ports;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a cluster refuses, how it says so, and that nothing is lost by it. */
@Timeout(120)
class BadInputIT {
  @RegisterExtension static final Clusters CLUSTERS = new Clusters();

  private static LocalCluster cluster;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    cluster = CLUSTERS.start(directory, 3);
    assertThat(run("put", "kept", "as it was").exitCode()).isZero();
    assertThat(run("shard", "split", "m").exitCode()).isZero();
  }

  @AfterEach
  void nothingIsLost() {
    assertThat(run("get", "kept").out()).isEqualTo("as it was\n");
    assertThat(run("scan", "--count").out().strip()).isEqualTo("1");
    assertThat(run("shard", "list").out().lines()).hasSize(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2 | get EMPTY | KEY is empty; a key has 1 to 480 bytes",
        "2 | put EMPTY v | KEY is empty; a key has 1 to 480 bytes",
        "2 | put LONG v | has 481 bytes; a key has 1 to 480 bytes",
        "2 | put kept HUGE | a value has at most 1048576 (1 MiB)",
        "2 | delete LONG | has 481 bytes",
        "2 | shard split EMPTY | KEY is empty",
        "2 | put kept v --colour | Unknown option: '--colour'",
        "2 | shard show two | SHARD 'two' is not an id",
        "1 | get absent | absent",
        "1 | cas kept 1 other | its revision is",
        "1 | shard show 999 | there is no shard 999",
        "1 | shard transfer 999 --to 1 | 999",
        "1 | shard transfer 2 --to 99 | 99",
        "1 | shard split m | m",
      })
  void mistake_isExplained(int exitCode, String words, String message) {
    CommandRun run =
        run(Arrays.stream(words.split(" ")).map(BadInputIT::word).toArray(String[]::new));
    assertThat(run.exitCode()).as("%s", run).isEqualTo(exitCode);
    assertThat(run.err()).startsWith("flotilla: ").contains(message);
    assertThat(run.err().lines()).hasSize(1);
  }

  @Test
  void malformedLine_stopsTheImportOrIsLeftOut() {
    String tsv = "kept\tas it was\nno tab here\nkept\tas it was\n\tno key\n";
    CommandRun stopped = importing(tsv, "--on-error", "stop");
    assertThat(stopped.exitCode()).isEqualTo(1);
    assertThat(stopped.err()).contains("line 2: ");
    CommandRun skipped = importing(tsv, "--on-error", "skip");
    assertThat(skipped.exitCode()).isEqualTo(1);
    assertThat(skipped.err()).contains("line 2: ").contains("line 4: ");
    assertThat(skipped.out()).contains("imported 2 records").contains("left out: 2 malformed");
  }

  @Test
  void unreachableEndpoints_areNamedAfterTheDeadline() {
    List<Integer> free = Ports.free(2);
    String endpoints = "127.0.0.1:" + free.get(0) + ",127.0.0.1:" + free.get(1);
    CommandRun run = CommandRun.of("get", "kept", "--timeout", "1s", "--endpoints", endpoints);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("127.0.0.1:" + free.get(0)).contains("127.0.0.1:" + free.get(1));
  }

  private static String word(String word) {
    return switch (word) {
      case "EMPTY" -> "";
      case "LONG" -> "k".repeat(481);
      case "HUGE" -> "v".repeat((1 << 20) + 1);
      default -> word;
    };
  }

  private static CommandRun run(String... words) {
    return CommandRun.of(EndToEndIT.at(cluster, words));
  }

  private static CommandRun importing(String tsv, String... options) {
    String[] words = {"import", "-", "--format", "tsv", options[0], options[1]};
    return CommandRun.watched(
        new ByteArrayInputStream(tsv.getBytes(StandardCharsets.UTF_8)),
        () -> {},
        Main::tool,
        EndToEndIT.at(cluster, words));
  }
}
