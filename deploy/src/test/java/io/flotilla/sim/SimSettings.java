package io.flotilla.sim;

import io.flotilla.shard.HostConfig;
import io.flotilla.sim.invariants.Oracle;
import io.flotilla.sim.invariants.Tripwire;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What is the same for all nodes of a run.
 *
 * @param host bounds and timers
 * @param places of the first nodes
 * @param diskNanos longest time of one disk write
 * @param skewMillis how far the wall clock of a node may be off, by place
 * @param oracle sees all that happens
 * @param tripwire hears of each look at a clock
 * @param lmdb where each disk is a real one too; empty: nowhere
 */
record SimSettings(
    HostConfig host,
    List<Integer> places,
    long diskNanos,
    long skewMillis,
    Oracle oracle,
    Tripwire tripwire,
    Optional<Path> lmdb) {

  /** Whether nodes rely on it that their monotonic clocks neither stop nor run unevenly (R22). */
  boolean trustsClocks() {
    return host.leaderLease();
  }
}
