package io.flotilla.shard;

/**
 * Lets at most one tick through in each length of a tick. Ticks that waited while the process or
 * the loop stood still would come all at once: a follower would lose its patience with a leader
 * whose messages wait behind them, and the promise that a lease is built on (R22). Confined to the
 * loop.
 */
final class TickPace {
  private final long tickNanos;
  private boolean begun;
  private long origin;
  private long latest;

  TickPace(long tickNanos) {
    this.tickNanos = tickNanos;
  }

  /** Whether a tick that comes now counts. */
  boolean admits(long nowNanos) {
    if (!begun) {
      begun = true;
      // Ticks come in the middle of their cells, so that a little too early or late is no matter.
      origin = nowNanos - tickNanos / 2;
    }
    long cell = (nowNanos - origin) / tickNanos + 1;
    boolean counts = cell > latest;
    latest = Math.max(latest, cell);
    return counts;
  }
}
