package io.flotilla.shard;

import io.flotilla.raft.RaftNode;

/**
 * The ticks of a leader with a lease. Raft counts the age of a lease in ticks, so a leader must not
 * have seen fewer of them than went by on the clock: else one whose process stood still would
 * believe that its lease holds (R22). Confined to the loop.
 */
final class LeaseTicks {
  private final long tickNanos;
  private final int most;
  private long seen;

  /**
   * @param tickNanos length of a tick
   * @param most ticks after which no lease and no leadership is left, so more change nothing
   */
  LeaseTicks(long tickNanos, int most) {
    this.tickNanos = tickNanos;
    this.most = most;
  }

  /** Before anything that may make the replica a leader. */
  void observe(RaftNode node, long nowNanos) {
    if (!node.isLeader()) {
      seen = Math.floorDiv(nowNanos, tickNanos);
    }
  }

  /** Lets a leader see all ticks up to now. */
  void catchUp(RaftNode node, long nowNanos) {
    long due = Math.floorDiv(nowNanos, tickNanos);
    for (int i = 0; i < most && seen < due && node.isLeader(); i++) {
      node.tick();
      seen++;
    }
    seen = due;
  }
}
