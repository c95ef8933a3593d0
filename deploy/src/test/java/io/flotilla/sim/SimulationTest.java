package io.flotilla.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Seeds of the whole-node simulation. deploy/bin/simulate runs more of them, or one with its trace.
 *
 * <pre>
 *   mvn -pl deploy -am verify -Dtest=SimulationTest -Dsurefire.failIfNoSpecifiedTests=false \
 *       -DskipITs -Dflotilla.seed=N            one seed, with its trace
 *       -Dflotilla.seeds=N                     so many seeds
 *       -Dflotilla.firstSeed=N                 beginning with this one
 * </pre>
 */
class SimulationTest {

  @Test
  void holdsItsPromisesThroughAllFaults() throws InterruptedException {
    long one = Long.getLong("flotilla.seed", -1);
    long first = one >= 0 ? one : Long.getLong("flotilla.firstSeed", 0);
    long count = one >= 0 ? 1 : Integer.getInteger("flotilla.seeds", SeedSummary.ENOUGH);
    SeedSummary summary =
        new SeedRunner(
                SeedRunner.Plan.of(first, count, 1), System::nanoTime, result -> {}, one >= 0)
            .run();
    System.out.printf("%s%n%s", summary.rates(), summary.coverage());
    assertThat(summary.failed()).isEmpty();
    assertThat(summary.neverHappened()).as("nothing is proven by what never happened").isEmpty();
  }

  @Test
  void sameSeedGivesTheSameTrace() {
    for (long seed = 1_000; seed < 1_005; seed++) {
      long once = SeedResult.of(seed, new Coverage(), false).traceHash();
      assertThat(SeedResult.of(seed, new Coverage(), false).traceHash())
          .as("seed " + seed)
          .isEqualTo(once);
    }
  }

  @Test
  void realLmdbAnswersAsItsModel(@TempDir Path directory) {
    SeedResult simulated = SeedResult.of(7, new Coverage(), false, Optional.empty());
    SeedResult real = SeedResult.of(7, new Coverage(), false, Optional.of(directory));
    assertThat(real.failure()).isEmpty();
    assertThat(real.traceHash()).isEqualTo(simulated.traceHash());
    assertThat(directory).isNotEmptyDirectory();
  }
}
