package io.flotilla.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whether all that {@code docs/sharding-rules.md} names is there, and tests name their rules. */
class ShardingRulesTest {
  private static final Pattern ROW = Pattern.compile("\\| (M\\d+) \\|(.*)\\|(.*)\\|(.*)\\|");
  private static final Pattern NAME = Pattern.compile("`([^`]+)`");

  private final NamedSources named = new NamedSources();

  @Test
  void everyRule_hasCodeAndTestsThatNameIt() throws IOException {
    List<String> rules = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (Matcher row : rows()) {
      String rule = row.group(1);
      rules.add(rule);
      List<String> code = names(row.group(3));
      List<String> tests = names(row.group(4));
      assertThat(code).as("code of %s", rule).isNotEmpty();
      assertThat(tests).as("tests of %s", rule).isNotEmpty();
      code.stream().filter(name -> !named.isCode(name)).forEach(missing::add);
      for (String test : tests) {
        if (!named.isTest(test) || !named.saysInTest(test, rule)) {
          missing.add(rule + " " + test);
        }
      }
    }
    assertThat(missing).isEmpty();
    assertThat(rules)
        .isEqualTo(
            IntStream.rangeClosed(1, 18).filter(i -> i != 10).mapToObj(i -> "M" + i).toList());
  }

  private static List<Matcher> rows() throws IOException {
    return Files.readString(SourceTree.root().resolve("docs/sharding-rules.md"))
        .lines()
        .map(ROW::matcher)
        .filter(Matcher::matches)
        .toList();
  }

  private static List<String> names(String cell) {
    return NAME.matcher(cell).results().map(result -> result.group(1)).toList();
  }
}
