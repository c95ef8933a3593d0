package io.flotilla.sim;

import io.flotilla.history.History;
import java.util.Optional;

/**
 * What came of one seed.
 *
 * @param events that were executed
 * @param traceHash equal for equal runs
 * @param failure what was wrong, and the latest notes; empty if nothing was
 */
record SeedResult(
    long seed, long events, long traceHash, History history, Optional<String> failure) {

  /** Runs one seed. */
  static SeedResult of(long seed, Coverage coverage, boolean talks) {
    Simulation simulation = new Simulation(seed, coverage, talks);
    Optional<String> failure = Optional.empty();
    try {
      simulation.run();
    } catch (AssertionError e) {
      failure = Optional.of(String.valueOf(e.getMessage()));
    }
    return new SeedResult(
        seed, simulation.events(), simulation.traceHash(), simulation.history(), failure);
  }

  /** What was wrong and how to see it again. */
  String report() {
    return "seed "
        + seed
        + " failed; replay it with: deploy/bin/simulate --seed "
        + seed
        + "\n"
        + failure.orElse("");
  }
}
