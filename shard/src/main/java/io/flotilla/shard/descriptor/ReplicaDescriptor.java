package io.flotilla.shard.descriptor;

/**
 * One copy of a shard.
 *
 * @param replicaId never reused
 * @param nodeId where it is
 * @param role its part in the shard's consensus
 */
public record ReplicaDescriptor(long replicaId, long nodeId, Role role) {

  /** What a replica counts for. The last three exist while a membership is joint (Raft §6). */
  public enum Role {
    VOTER,
    /** Receives the log, never votes, never counts. */
    LEARNER,
    /** Votes with the new half only: a voter afterwards. */
    INCOMING,
    /** Votes with the old half only: gone afterwards. */
    OUTGOING,
    /** Votes with the old half only: a learner afterwards. */
    DEMOTING
  }

  public ReplicaDescriptor {
    if (replicaId <= 0 || nodeId <= 0) {
      throw new IllegalArgumentException("ids are positive: " + replicaId + ", " + nodeId);
    }
  }

  /** A voter of a membership that is not joint. */
  public static ReplicaDescriptor voter(long replicaId, long nodeId) {
    return new ReplicaDescriptor(replicaId, nodeId, Role.VOTER);
  }

  /** Whether it may lead when a change under way is complete. */
  public boolean staysVoter() {
    return role == Role.VOTER || role == Role.INCOMING;
  }
}
