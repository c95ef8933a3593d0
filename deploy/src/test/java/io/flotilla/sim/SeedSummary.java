package io.flotilla.sim;

import io.flotilla.sim.invariants.Invariant;
import java.util.ArrayList;
import java.util.List;

/**
 * What came of many seeds.
 *
 * @param seeds that were run
 * @param events of all of them
 * @param nanos that went by
 * @param threads that ran them
 * @param failed in the order of their ends
 * @param coverage what happened how often
 */
record SeedSummary(
    long seeds, long events, long nanos, int threads, List<SeedResult> failed, Coverage coverage) {

  /** So many seeds must have seen everything that matters. */
  static final int ENOUGH = 1_000;

  private static final List<String> WORK =
      List.of(
          "split done",
          "transfer done",
          "change done",
          "removal done",
          "move done",
          "drain done",
          "cancel done",
          "operations done",
          "operations cancelled",
          "operations by the scheduler",
          "compare-and-sets applied",
          "batches applied",
          "writes refused by what is there",
          "writes sent again",
          "writes of evicted sessions",
          "multi-gets",
          "scans",
          "increments",
          "ranges deleted",
          "writes settled as applied",
          "writes settled as never applied",
          "leases found",
          "leases over",
          "writes unknown",
          "follower reads",
          "stale reads",
          "seeds with leases",
          "seeds on real LMDB");

  /** Events in a second of one thread. */
  double eventsPerSecond() {
    return events / (nanos / 1e9) / threads;
  }

  /** What should have happened and never did: such a run proves nothing. */
  List<String> neverHappened() {
    List<String> never = new ArrayList<>();
    if (seeds >= ENOUGH) {
      never.addAll(Faults.effects());
      never.addAll(WORK);
      for (Invariant invariant : Invariant.values()) {
        if (invariant.isChecked()) {
          never.add(invariant.toString());
        }
      }
      never.removeIf(what -> coverage.of(what) > 0);
    }
    return never;
  }

  String rates() {
    return "%,d seeds, %,d events, %,.0f events/s on each of %d threads"
        .formatted(seeds, events, eventsPerSecond(), threads);
  }
}
