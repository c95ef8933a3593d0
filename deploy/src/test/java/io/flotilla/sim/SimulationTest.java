package io.flotilla.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Seeds of the whole-node simulation.
 *
 * <pre>
 *   mvn -pl deploy -am verify -Dtest=SimulationTest -Dsurefire.failIfNoSpecifiedTests=false \
 *       -DskipITs -Dflotilla.seed=N            one seed, with its trace
 *       -Dflotilla.seeds=N                     so many seeds
 *       -Dflotilla.firstSeed=N                 beginning with this one
 * </pre>
 */
class SimulationTest {
  private static final int SEEDS = 1_000;

  @Test
  void holdsItsPromisesThroughAllFaults() {
    long one = Long.getLong("flotilla.seed", -1);
    long first = one >= 0 ? one : Long.getLong("flotilla.firstSeed", 0);
    long count = one >= 0 ? 1 : Integer.getInteger("flotilla.seeds", SEEDS);
    Coverage coverage = new Coverage();
    long events = 0;
    long began = System.nanoTime();
    for (long seed : LongStream.range(first, first + count).toArray()) {
      events += run(seed, coverage, one >= 0).events();
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    System.out.printf(
        "%d seeds, %,d events, %,.0f events/s%n%s", count, events, events / seconds, coverage);
    if (count >= SEEDS) {
      assertThat(Faults.effects())
          .allSatisfy(what -> assertThat(coverage.of(what)).as(what).isPositive());
      assertThat(
              List.of(
                  "split done",
                  "transfer done",
                  "change done",
                  "removal done",
                  "compare-and-sets applied",
                  "writes unknown",
                  "follower reads",
                  "stale reads",
                  "seeds with leases"))
          .allSatisfy(what -> assertThat(coverage.of(what)).as(what).isPositive());
    }
  }

  @Test
  void sameSeedGivesTheSameTrace() {
    for (long seed = 1_000; seed < 1_005; seed++) {
      long once = run(seed, new Coverage(), false).traceHash();
      assertThat(run(seed, new Coverage(), false).traceHash()).as("seed " + seed).isEqualTo(once);
    }
  }

  private static Simulation run(long seed, Coverage coverage, boolean talks) {
    Simulation simulation = new Simulation(seed, coverage, talks);
    try {
      simulation.run();
    } catch (AssertionError e) {
      throw new AssertionError(
          "seed "
              + seed
              + " failed; replay it with: mvn -pl deploy -am verify -DskipITs"
              + " -Dtest=SimulationTest -Dsurefire.failIfNoSpecifiedTests=false -Dflotilla.seed="
              + seed
              + "\n"
              + e.getMessage(),
          e);
    }
    return simulation;
  }
}
