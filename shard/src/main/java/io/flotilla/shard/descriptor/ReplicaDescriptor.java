package io.flotilla.shard.descriptor;

/**
 * One copy of a shard.
 *
 * @param replicaId never reused
 * @param nodeId where it is
 * @param learner whether it receives the log without a vote
 */
public record ReplicaDescriptor(long replicaId, long nodeId, boolean learner) {
  public ReplicaDescriptor {
    if (replicaId <= 0 || nodeId <= 0) {
      throw new IllegalArgumentException("ids are positive: " + replicaId + ", " + nodeId);
    }
  }
}
