package io.flotilla.client;

/** How fresh a read must be, and so which replica of a shard may answer it. */
public enum Consistency {
  /** Sees every write that was acknowledged before the call began. The leader answers. */
  LINEARIZABLE,
  /**
   * As fresh as {@link #LINEARIZABLE}, but any replica answers, after it has asked its leader how
   * far the log is and has applied as much. Spreads reads over the nodes.
   */
  FOLLOWER,
  /** What the asked replica has applied, be it old; see {@link ReadOptions#stale}. */
  STALE
}
