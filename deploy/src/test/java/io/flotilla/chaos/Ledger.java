package io.flotilla.chaos;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What counters must hold: the sum of what was acknowledged, and of what may have been added any
 * part. Nothing that is added is negative. Thread-safe.
 */
final class Ledger {
  private final Map<String, Bounds> bounds = new HashMap<>();

  /**
   * Between which numbers a counter must be, both included.
   *
   * @param least all that was acknowledged
   * @param most with all that may have been added
   */
  record Bounds(long least, long most) {
    boolean contain(long value) {
      return least <= value && value <= most;
    }

    @Override
    public String toString() {
      return least == most ? String.valueOf(least) : least + " to " + most;
    }
  }

  Ledger(List<String> counters) {
    counters.forEach(counter -> bounds.put(counter, new Bounds(0, 0)));
  }

  void acknowledged(String counter, long delta) {
    add(counter, delta, delta);
  }

  /** Nobody knows whether it was added. */
  void unknown(String counter, long delta) {
    add(counter, 0, delta);
  }

  private synchronized void add(String counter, long toLeast, long toMost) {
    Bounds before = of(counter);
    bounds.put(counter, new Bounds(before.least() + toLeast, before.most() + toMost));
  }

  synchronized Bounds of(String counter) {
    return bounds.getOrDefault(counter, new Bounds(0, 0));
  }
}
