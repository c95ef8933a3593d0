package io.flotilla.shard;

import io.flotilla.raft.Role;

/**
 * One replica at one moment, in numbers: nothing of its users' data.
 *
 * @param health what it is and how well
 * @param log where its log stands
 * @param load what it holds and serves
 */
public record ReplicaStats(
    long shardId, long replicaId, boolean system, Health health, Log log, Load load) {

  /**
   * What a replica is and how well.
   *
   * @param stopped an invariant broke; it does nothing any more
   * @param voter whether it has a vote
   * @param knowsLeader it leads, or knows who does
   * @param caughtUp it has applied all but a little of what it knows to be committed, and is not
   *     putting a snapshot in the place of its rows
   * @param degraded it leads, and another voter is silent or lags far behind
   */
  public record Health(
      Role role,
      long term,
      boolean stopped,
      boolean voter,
      boolean knowsLeader,
      boolean caughtUp,
      boolean degraded) {}

  /**
   * Where a log stands, as indexes.
   *
   * @param flushed applied and in the state store
   * @param farthestBehind entries that the slowest voter lacks, as its leader knows; 0 elsewhere
   */
  public record Log(
      long first, long last, long commit, long applied, long flushed, long farthestBehind) {}

  /**
   * What a replica holds and serves.
   *
   * @param bytes of keys and values, as the leader measured; 0: not measured here
   * @param reads a second, taken by a leader
   * @param writes a second, taken by a leader
   * @param memtableBytes applied and not flushed
   * @param sessions of clients
   */
  public record Load(long bytes, double reads, double writes, long memtableBytes, int sessions) {}
}
