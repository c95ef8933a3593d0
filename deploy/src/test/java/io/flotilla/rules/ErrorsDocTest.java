package io.flotilla.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.client.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * docs/errors.md lists the codes of the contract and of the client, and what is answered with each.
 */
class ErrorsDocTest {
  private static final Path PROJECT = Path.of("..");
  private static final String PREFIX = "ERROR_CODE_";
  private static final Pattern OUTCOME = Pattern.compile("NOT_APPLIED|UNKNOWN|REJECTED");

  /** How code says which outcome an error has, all over the project. */
  private static final Pattern ANSWER =
      Pattern.compile("\\b(notApplied|rejected|unknown)\\(\\s*ErrorCode\\.ERROR_CODE_(\\w+)");

  private static final Map<String, String> OUTCOMES =
      Map.of("notApplied", "NOT_APPLIED", "rejected", "REJECTED", "unknown", "UNKNOWN");

  /** One row of the table: its cells without the marks of code. */
  private record Row(List<String> cells) {
    String code() {
      return cells.get(1);
    }

    Set<String> outcomes() {
      return outcomesIn(cells.get(2));
    }
  }

  private static Set<String> outcomesIn(String text) {
    return OUTCOME
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<Row> numbered() throws IOException {
    return lines().filter(line -> line.matches("\\| \\d+ \\|.*")).map(ErrorsDocTest::row).toList();
  }

  private static Stream<String> lines() throws IOException {
    return Files.readAllLines(PROJECT.resolve("docs/errors.md")).stream();
  }

  private static Row row(String line) {
    return new Row(
        Stream.of(line.substring(1).split("\\|"))
            .map(cell -> cell.strip().replace("`", ""))
            .toList());
  }

  @Test
  void eachCodeOfTheContractIsListedWithItsNumber() throws IOException {
    List<String> expected = new ArrayList<>();
    for (io.flotilla.contract.v1.ErrorCode code : io.flotilla.contract.v1.ErrorCode.values()) {
      boolean real =
          code != io.flotilla.contract.v1.ErrorCode.UNRECOGNIZED && code.getNumber() != 0;
      if (real) {
        expected.add(code.getNumber() + " " + code.name().substring(PREFIX.length()));
      }
    }
    assertThat(numbered().stream().map(row -> row.cells().get(0) + " " + row.code()))
        .containsExactlyElementsOf(expected);
  }

  @Test
  void eachCodeOfTheClientIsListedOnce() throws IOException {
    List<String> listed = new ArrayList<>(numbered().stream().map(Row::code).toList());
    Pattern own = Pattern.compile("\\| `(\\w+)` \\|.*");
    lines().map(own::matcher).filter(Matcher::matches).forEach(row -> listed.add(row.group(1)));
    assertThat(listed)
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(ErrorCode.values()).map(Enum::name).toList());
  }

  @Test
  void theContractSaysTheSameOutcomes() throws IOException {
    Map<String, Set<String>> said = new TreeMap<>();
    StringBuilder comment = new StringBuilder();
    Pattern value = Pattern.compile("ERROR_CODE_(\\w+) = [1-9]\\d*;");
    for (String line :
        Files.readAllLines(
            PROJECT.resolve("api/contract/src/main/protobuf/flotilla/v1/errors.proto"))) {
      Matcher code = value.matcher(line.strip());
      if (line.strip().startsWith("//")) {
        comment.append(line);
      } else {
        if (code.matches()) {
          said.put(code.group(1), outcomesIn(firstSaid(comment.toString())));
        }
        comment.setLength(0);
      }
    }
    assertThat(said).isEqualTo(documented());
  }

  /** The comment without advice about outcomes of other tries. */
  private static String firstSaid(String comment) {
    int advice = comment.indexOf("Take another session");
    return advice < 0 ? comment : comment.substring(0, advice);
  }

  @Test
  void serversAndClientsAnswerWithTheseOutcomesOnly() throws IOException {
    Map<String, Set<String>> allowed = documented();
    Set<String> used = new TreeSet<>();
    for (SourceFile file : SourceTree.read()) {
      Matcher answer = ANSWER.matcher(file.isTest() ? "" : String.join("\n", file.lines()));
      while (answer.find()) {
        used.add(answer.group(2));
        assertThat(allowed.get(answer.group(2)))
            .as("%s in %s", answer.group(), file.path())
            .contains(OUTCOMES.get(answer.group(1)));
      }
    }
    assertThat(used).hasSizeGreaterThan(8);
  }

  private static Map<String, Set<String>> documented() throws IOException {
    return numbered().stream()
        .collect(Collectors.toMap(Row::code, Row::outcomes, (a, b) -> a, TreeMap::new));
  }
}
