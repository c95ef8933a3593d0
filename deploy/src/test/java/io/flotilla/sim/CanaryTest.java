package io.flotilla.sim;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * Each planted fault must be found within a bounded number of seeds: a simulation that finds
 * nothing in good code proves something only if it finds these.
 *
 * <p>The table of seeds needed is written to {@code target/canaries.md}.
 */
class CanaryTest {
  private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
  private static final int MOST_SEEDS = Integer.getInteger("flotilla.canarySeeds", 2_000);
  private static final Map<String, String> FOUND = new TreeMap<>();
  private static final Logger ROOT =
      (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private static Level before = Level.INFO;

  static List<Canary> canaries() {
    String one = System.getProperty("flotilla.canary", "");
    return Canaries.all().stream()
        .filter(canary -> one.isEmpty() || canary.name().equals(one))
        .toList();
  }

  /** Faulty replicas complain, as they should; here nobody wants to read it. */
  @BeforeAll
  static void quiet() {
    before = ROOT.getLevel();
    ROOT.setLevel(Level.OFF);
  }

  @AfterAll
  static void writeTable() throws IOException {
    ROOT.setLevel(before);
    StringBuilder table =
        new StringBuilder("| canary | seeds needed | what was seen |\n|---|---|---|\n");
    FOUND.forEach(
        (name, seen) -> table.append("| ").append(name).append(" | ").append(seen).append(" |\n"));
    Files.writeString(Path.of("target/canaries.md"), table);
    System.out.print(table);
  }

  @ParameterizedTest
  @MethodSource("canaries")
  void plantedFault_isFound(Canary canary) throws Exception {
    String result = PlantedFault.plant(PROJECT, canary).firstFailure(0, MOST_SEEDS);
    OptionalLong seed = CanaryRun.seed(result);
    System.out.println(canary + ": " + (result.isEmpty() ? "not found" : result));
    assertThat(seed).as(canary + " is not found in " + MOST_SEEDS + " seeds").isPresent();
    FOUND.put(
        canary.name(),
        (seed.getAsLong() + 1)
            + " | "
            + result.substring(result.indexOf(' ') + 1, Math.min(result.length(), 120)));
  }
}
