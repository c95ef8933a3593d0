package io.flotilla.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Elections, replication and the rest as text: a line {@code > command}, then what came of it.
 *
 * <p>{@code mvn -pl raft test -Dtest=ScriptsTest -Dflotilla.rewrite=true} writes anew what the
 * commands give. Read the difference as you would read code: the transcript is what the core must
 * do, not what it happened to do.
 */
class ScriptsTest {
  private static final Path SCRIPTS = Path.of("src", "test", "resources", "scripts");

  static List<Path> scripts() {
    try (Stream<Path> files = Files.list(SCRIPTS)) {
      return files.filter(file -> file.toString().endsWith(".txt")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void theTranscriptIsAsRecorded(Path script) throws IOException {
    String recorded = Files.readString(script);
    String now = replay(recorded);
    if (Boolean.getBoolean("flotilla.rewrite")) {
      Files.writeString(script, now);
      return;
    }
    assertThat(now).as("%s", script.getFileName()).isEqualTo(recorded);
  }

  @Test
  void aTranscriptThatDiffersIsNoticed() {
    String script = "> add-nodes 1\n\n> campaign 1\n\n> status\n1 FOLLOWER\n";
    assertThat(replay(script)).isNotEqualTo(script).contains("1 CANDIDATE term 1 vote 1");
  }

  /** The script with the transcript of today; comments and empty lines stay. */
  private static String replay(String script) {
    ScriptRunner runner = new ScriptRunner();
    List<String> out = new ArrayList<>();
    boolean inTranscript = false;
    for (String line : script.lines().toList()) {
      if (line.startsWith("> ")) {
        out.add(line);
        out.addAll(runner.run(line.substring(2)));
        inTranscript = true;
      } else if (line.isEmpty() || line.startsWith("#")) {
        out.add(line);
        inTranscript = false;
      } else if (!inTranscript) {
        throw new IllegalArgumentException("neither command nor comment: " + line);
      }
    }
    return String.join("\n", out) + "\n";
  }
}
