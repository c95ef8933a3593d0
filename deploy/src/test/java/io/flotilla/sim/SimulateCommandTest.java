package io.flotilla.sim;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class SimulateCommandTest {
  private static final Path HISTORIES = Path.of("src/test/resources/io/flotilla/history");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path directory;

  @Test
  void seedsAreRunAndCounted() throws Exception {
    assertThat(run("--seeds", "5..7", "--output", "json", "--threads", "2")).isZero();
    JsonNode result = new ObjectMapper().readTree(out.toString());
    assertThat(result.get("seeds").asInt()).isEqualTo(3);
    assertThat(result.get("events").asLong()).isGreaterThan(1_000);
    assertThat(result.get("failed")).isEmpty();
    assertThat(result.get("coverage").get("writes").asLong()).isPositive();
  }

  @Test
  void nothingIsBegunWhenTheTimeIsOver() {
    assertThat(run("--seeds", "0..", "--time", "0s")).isZero();
    assertThat(out.toString()).contains("0 seeds, 0 events").contains("no seed failed");
  }

  @Test
  void oneSeedsHistoryIsWrittenAndJudged() {
    assertThat(run("--seed", "5", "--history", directory.toString())).isZero();
    Path written = directory.resolve("history-5.jsonl");
    assertThat(run("check", written.toString())).isZero();
    assertThat(out.toString()).contains("calls are linearizable");
  }

  @ParameterizedTest
  @MethodSource("badHistories")
  void badHistoryIsFound(Path history) {
    assertThat(run("check", history.toString())).isEqualTo(1);
    assertThat(out.toString()).containsAnyOf("is not linearizable", "a read is too old");
  }

  @ParameterizedTest
  @MethodSource("goodHistories")
  void goodHistoryIsFine(Path history) {
    assertThat(run("check", history.toString())).as(out.toString()).isZero();
  }

  @Test
  void fileThatIsNoHistoryIsNamed() {
    assertThat(run("check", "pom.xml")).isEqualTo(1);
    assertThat(out.toString()).contains("pom.xml, line 1: no row of a history");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--seeds 9..3       | --seeds: '9..3' ends before it begins",
        "--seeds some       | --seeds: 'some' is no range of seeds; wanted is FROM..TO",
        "--seeds 0..        | --seeds '0..' has no end: give --time, or an end",
        "--time soon        | --time: 'soon' is not a time",
        "--threads 0        | --threads 0 is not within 1 to 256",
        "--failures 0       | --failures 0 is less than 1",
        "--history /no/such | --history '/no/such' is no directory: make it first"
      })
  void wrongOptionIsNamed(String arguments, String message) {
    assertThat(run(arguments.split(" "))).isEqualTo(2);
    assertThat(err.toString()).contains(message);
  }

  static List<Path> badHistories() throws Exception {
    return files("bad");
  }

  static List<Path> goodHistories() throws Exception {
    return files("good");
  }

  private static List<Path> files(String kind) throws Exception {
    try (Stream<Path> files = Files.list(HISTORIES.resolve(kind))) {
      return files.sorted().toList();
    }
  }

  private int run(String... arguments) {
    return new CommandLine(new SimulateCommand(System::nanoTime, false))
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
