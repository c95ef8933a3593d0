package io.flotilla.sim;

import io.flotilla.history.History;
import io.flotilla.server.local.Directories;
import java.nio.file.Path;
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

  /** Each so many seeds one has real LMDB environments beside its simulated disks. */
  private static final int LMDB_EVERY = 100;

  /** Runs one seed. */
  static SeedResult of(long seed, Coverage coverage, boolean talks) {
    if (seed % LMDB_EVERY != LMDB_EVERY - 1) {
      return of(seed, coverage, talks, Optional.empty());
    }
    coverage.count("seeds on real LMDB");
    Path directory = Directories.temporary("flotilla-simulate-");
    try {
      return of(seed, coverage, talks, Optional.of(directory));
    } finally {
      Directories.delete(directory);
    }
  }

  /** Runs one seed, with LMDB or without. */
  static SeedResult of(long seed, Coverage coverage, boolean talks, Optional<Path> lmdb) {
    Simulation simulation = new Simulation(seed, coverage, talks, lmdb);
    Optional<String> failure = Optional.empty();
    try {
      simulation.run();
    } catch (AssertionError e) {
      failure = Optional.of(String.valueOf(e.getMessage()));
    } finally {
      simulation.close();
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
