package io.flotilla.raft;

import java.util.List;

/**
 * A replica's state at one moment, for operators.
 *
 * @param persistedIndex last index durable here
 * @param transferee replica that leadership is being transferred to, 0 = none
 * @param lease whether it reads without asking a quorum at the moment
 * @param followers what a leader knows of the others, in the order of their ids; empty elsewhere
 */
public record RaftStatus(
    long replicaId,
    Role role,
    long term,
    long vote,
    long leaderId,
    long firstIndex,
    long lastIndex,
    long persistedIndex,
    long commitIndex,
    long appliedIndex,
    Membership membership,
    long transferee,
    boolean lease,
    List<Follower> followers) {

  /** How a leader sends to a follower. */
  public enum FollowerState {
    /** One append at a time until the logs are known to agree. */
    PROBE,
    /** Pipelined. */
    REPLICATE,
    /** Waits for a snapshot to arrive. */
    SNAPSHOT
  }

  /**
   * @param matchIndex known to be durable in the follower's log
   * @param nextIndex next entry to send
   * @param recentlyActive heard of within an election timeout, or new to this leader
   */
  public record Follower(
      long replicaId,
      long matchIndex,
      long nextIndex,
      FollowerState state,
      boolean recentlyActive,
      boolean learner) {}
}
