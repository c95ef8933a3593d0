package io.flotilla.sim.invariants;

import java.util.function.Consumer;

/** Counts how often each invariant was looked at, and reports what breaks one. */
public final class Tally {
  private final long[] times = new long[Invariant.values().length];
  private final Consumer<String> fault;

  /**
   * An empty one.
   *
   * @param fault ends the run
   */
  public Tally(Consumer<String> fault) {
    this.fault = fault;
  }

  /** Looks at one; true if it is broken, and {@link #report} is to follow. */
  boolean breaks(Invariant invariant, boolean holds) {
    times[invariant.number() - 1]++;
    return !holds;
  }

  void report(Invariant invariant, String values) {
    fault.accept("invariant " + invariant.number() + ": " + invariant.words() + " -- " + values);
  }

  /** How often it was looked at. */
  public long times(Invariant invariant) {
    return times[invariant.number() - 1];
  }
}
