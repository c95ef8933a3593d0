package io.flotilla.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.sim.invariants.Invariant;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whether the list of invariants is complete, in code and in {@code docs/invariants.md}. */
class InvariantsTest {
  private static final int ALL = 43;
  private static final String PACKAGE = "/io/flotilla/sim/invariants";

  /** Looks at clusters at rest. */
  private static final String OUTSIDE = "Inspection";

  private final List<SourceFile> project = SourceTree.read();

  @Test
  void everyNumber_isThereOnce() {
    assertThat(Arrays.stream(Invariant.values()).map(Invariant::number))
        .isEqualTo(IntStream.rangeClosed(1, ALL).boxed().toList());
  }

  @Test
  void eachIsLookedAt_orSaysWhyNot() {
    for (Invariant invariant : Invariant.values()) {
      assertThat(invariant.words()).as(invariant.name()).isNotBlank();
      assertThat(invariant.checkedBy().isEmpty())
          .as(invariant + " is looked at by " + invariant.checkedBy())
          .isEqualTo(!invariant.isChecked());
    }
  }

  @Test
  void whoLooksAtIt_speaksOfIt() {
    for (Invariant invariant : Invariant.values()) {
      names(invariant)
          .filter(name -> !name.equals(OUTSIDE))
          .forEach(
              name ->
                  assertThat(mentions(name, "Invariant." + invariant.name()))
                      .as(name + " looks at " + invariant)
                      .isTrue());
    }
  }

  @Test
  void thePage_saysTheSame() throws IOException {
    List<String> expected =
        Arrays.stream(Invariant.values())
            .map(i -> "| " + i.number() + " | " + i.words() + " | " + where(i) + " |")
            .toList();
    List<String> page =
        Files.readAllLines(SourceTree.root().resolve("docs/invariants.md")).stream()
            .filter(line -> line.matches("\\| \\d+ \\|.*"))
            .toList();
    assertThat(page).isEqualTo(expected);
  }

  @Test
  void whatIsNotThere_isFound() {
    assertThat(mentions("LogChecks", "Invariant.LOGS_MATCH")).isTrue();
    assertThat(mentions("LogChecks", "Invariant.LOGS_MATC")).isFalse();
    assertThat(mentions("NoSuchChecks", "Invariant.LOGS_MATCH")).isFalse();
  }

  private static Stream<String> names(Invariant invariant) {
    return invariant.isChecked()
        ? Arrays.stream(invariant.checkedBy().split(", "))
        : Stream.empty();
  }

  private static String where(Invariant invariant) {
    return invariant.isChecked()
        ? String.join(", ", names(invariant).map(name -> "`" + name + "`").toList())
        : "not here: " + invariant.whyNot();
  }

  private boolean mentions(String type, String constant) {
    return project.stream()
        .filter(file -> file.directory().endsWith(PACKAGE))
        .filter(file -> file.name().equals(type + ".java"))
        .flatMap(file -> file.lines().stream())
        .anyMatch(line -> line.matches(".*\\b" + constant.replace(".", "\\.") + "\\b.*"));
  }
}
