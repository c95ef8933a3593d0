package io.flotilla.client;

import java.util.List;

/**
 * What one replica says about itself.
 *
 * @param shardId its shard
 * @param replicaId its own id
 * @param role Raft role
 * @param term Raft term
 * @param leaderNodeId node of the leader as this replica knows it; 0: none
 * @param log positions in its log
 * @param followers what it knows of the others; filled by a leader only
 */
public record ReplicaStatus(
    long shardId,
    long replicaId,
    Role role,
    long term,
    long leaderNodeId,
    LogIndexes log,
    List<FollowerStatus> followers) {

  /** Raft role of a replica. */
  public enum Role {
    /** Not told. */
    UNKNOWN,
    /** Follows a leader. */
    FOLLOWER,
    /** Asks whether an election could be won. */
    PRE_CANDIDATE,
    /** Stands for election. */
    CANDIDATE,
    /** Leads. */
    LEADER
  }

  /**
   * Positions in a replica's log.
   *
   * @param first first entry still kept
   * @param last last entry
   * @param persisted durable in the own journal
   * @param commit known to be durable on a quorum
   * @param applied applied in memory
   * @param flushed applied and durable in the state store
   */
  public record LogIndexes(
      long first, long last, long persisted, long commit, long applied, long flushed) {}

  /**
   * What a leader knows of another replica.
   *
   * @param replicaId of the other
   * @param nodeId of the other
   * @param matchIndex known to be in its log
   * @param nextIndex sent to it next
   * @param state "probe", "replicate" or "snapshot"
   * @param recentlyActive heard of within the last election timeout
   */
  public record FollowerStatus(
      long replicaId,
      long nodeId,
      long matchIndex,
      long nextIndex,
      String state,
      boolean recentlyActive) {}
}
