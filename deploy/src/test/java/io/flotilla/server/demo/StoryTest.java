package io.flotilla.server.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.cli.CommandFailure;
import io.flotilla.cli.Terminal;
import io.flotilla.server.demo.FakeDatabase.Fault;
import io.flotilla.server.local.JavaCommand;
import io.flotilla.server.local.LocalCluster;
import io.flotilla.server.local.LocalTools;
import io.flotilla.server.local.StubNode;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class StoryTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final AtomicLong clock = new AtomicLong();
  private final Terminal terminal =
      new Terminal(
          InputStream.nullInputStream(), out, out, Map.of(), false, clock::incrementAndGet);

  @TempDir Path directory;

  @Test
  void story_endsWellOnAClusterThatDoesWell() throws Exception {
    tell(Fault.NONE);
    String told = out.toString(StandardCharsets.UTF_8);
    assertThat(told)
        .contains(Sample.ATTRIBUTION)
        .contains("verified after", "2,000 keys")
        .contains("kill -9 ")
        .containsPattern("shard \\d+: node \\d led in term \\d+, node \\d leads in term \\d+")
        .containsPattern("its log ends at \\d+ of \\d+, commit \\d+, applied \\d+")
        .contains("All 11 steps verified in ");
    assertThat(told.lines()).allMatch(line -> line.codePointCount(0, line.length()) <= 100);
  }

  @ParameterizedTest
  @CsvSource({
    "LOSES_A_PUT, step 2 (Load",
    "SPLITS_ELSEWHERE, step 3 (Split",
    "KEEPS_LEADERS_TOGETHER, step 4 (Spread",
    "REPLICAS_DIFFER, step 5 (Look",
    "ELECTS_NOBODY, step 7 (The others elect",
    "GARBLES_A_VALUE, step 8 (Read",
    "NEVER_CATCHES_UP, step 9 (Start the node",
    "IGNORES_TRANSFER, step 10 (Move",
    "EXPORTS_TOO_LITTLE, step 11 (Count"
  })
  void story_endsAtTheStepThatIsNotSo(Fault fault, String step) {
    assertThatThrownBy(() -> tell(fault))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining(step)
        .hasMessageContaining("failed: ");
    assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain("All 11 steps");
  }

  private void tell(Fault fault) throws InterruptedException {
    JavaCommand java =
        new JavaCommand(
            JavaCommand.current(Map.of()).java(),
            System.getProperty("java.class.path"),
            List.of("-Xmx64m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
            StubNode.class.getName());
    LocalTools tools =
        new LocalTools(
            terminal, java, time -> clock.addAndGet(time.toNanos()), (name, action) -> {});
    try (LocalCluster cluster =
        new LocalCluster(java, directory, List.of(7101, 7102, 7103), Map.of(), node -> {})) {
      FakeDatabase database = new FakeDatabase(cluster, fault);
      Story.Faces faces =
          new Story.Faces(database, database.kv(), database.async(), database::export);
      Stage stage = new Stage(terminal);
      new Story(stage, tools, cluster, faces).tell();
      stage.end();
    }
  }
}
