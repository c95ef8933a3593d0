package io.flotilla.sim;

import io.flotilla.shard.HostConfig;
import io.flotilla.sim.invariants.Oracle;
import io.flotilla.sim.invariants.Tripwire;
import java.util.List;

/**
 * What is the same for all nodes of a run.
 *
 * @param host bounds and timers
 * @param places of the first nodes
 * @param diskNanos longest time of one disk write
 * @param skewMillis how far the wall clock of a node may be off, by place
 * @param oracle sees all that happens
 * @param tripwire hears of each look at a clock
 */
record SimSettings(
    HostConfig host,
    List<Integer> places,
    long diskNanos,
    long skewMillis,
    Oracle oracle,
    Tripwire tripwire) {

  /** Whether nodes rely on it that their monotonic clocks neither stop nor run unevenly (R22). */
  boolean trustsClocks() {
    return host.leaderLease();
  }
}
