package io.flotilla.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Whether all that {@code docs/consensus-rules.md} names is there. */
class ConsensusRulesTest {
  private static final Pattern ROW = Pattern.compile("\\| (R\\d+) \\|(.*)\\|(.*)\\|(.*)\\|(.*)\\|");
  private static final Pattern NAME = Pattern.compile("`([^`]+)`");
  private static final String SCRIPTS = "raft/src/test/resources/scripts/";

  private final NamedSources named = new NamedSources();

  @Test
  void everyRule_hasCodeAndATestAndASource() throws IOException {
    List<String> rules = new ArrayList<>();
    for (Matcher row : rows(page())) {
      rules.add(row.group(1));
      assertThat(names(row.group(3))).as("code of %s", row.group(1)).isNotEmpty();
      assertThat(names(row.group(4))).as("tests of %s", row.group(1)).isNotEmpty();
      assertThat(row.group(5)).as("source of %s", row.group(1)).isNotBlank();
    }
    List<String> all = new ArrayList<>();
    for (int i = 1; i <= 40; i++) {
      all.add("R" + i);
    }
    assertThat(rules).isEqualTo(all);
  }

  @Test
  void everythingNamed_exists() throws IOException {
    List<String> missing = new ArrayList<>();
    for (Matcher row : rows(page())) {
      names(row.group(3)).stream().filter(name -> !isCode(name)).forEach(missing::add);
      names(row.group(4)).stream().filter(name -> !isTest(name)).forEach(missing::add);
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void whatIsNotThere_isFound() {
    assertThat(isCode("RaftCore.setTerm")).isTrue();
    assertThat(isCode("RaftCore.setTermAnd")).isFalse();
    assertThat(isCode("RaftCore.setTer")).isFalse();
    assertThat(isCode("NoSuchClass")).isFalse();
    assertThat(isCode("ConsensusRulesTest")).isFalse();
    assertThat(isTest("QuorumTest#learnersCountForNothing")).isTrue();
    assertThat(isTest("QuorumTest#learnersCountForSomething")).isFalse();
    assertThat(isTest("QuorumTest")).isFalse();
    assertThat(isTest("pre_vote.txt")).isTrue();
    assertThat(isTest("post_vote.txt")).isFalse();
  }

  private static String page() throws IOException {
    return Files.readString(SourceTree.root().resolve("docs/consensus-rules.md"));
  }

  private static List<Matcher> rows(String page) {
    return page.lines().map(ROW::matcher).filter(Matcher::matches).toList();
  }

  private static List<String> names(String cell) {
    return NAME.matcher(cell).results().map(result -> result.group(1)).toList();
  }

  private boolean isCode(String name) {
    return named.isCode(name);
  }

  private boolean isTest(String name) {
    return name.endsWith(".txt")
        ? Files.isRegularFile(SourceTree.root().resolve(Path.of(SCRIPTS + name)))
        : named.isTest(name);
  }
}
