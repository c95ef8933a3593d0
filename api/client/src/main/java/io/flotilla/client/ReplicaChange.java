package io.flotilla.client;

import java.util.Objects;

/**
 * What is to become of a shard's replica on one node.
 *
 * @param nodeId the node
 * @param kind what becomes of it
 */
public record ReplicaChange(long nodeId, Kind kind) {
  /** What becomes of a replica. */
  public enum Kind {
    /** A new replica that receives the log without a vote, or a voter that loses its vote. */
    LEARNER,
    /** A learner that has caught up gets a vote. */
    VOTER,
    /** The replica goes, and its data on the node with it. */
    REMOVE
  }

  public ReplicaChange {
    Objects.requireNonNull(kind, "kind");
    if (nodeId <= 0) {
      throw new IllegalArgumentException("nodeId is " + nodeId + ", from 1");
    }
  }

  /** The node gets a replica without a vote, or its replica loses its vote. */
  public static ReplicaChange learner(long nodeId) {
    return new ReplicaChange(nodeId, Kind.LEARNER);
  }

  /** The node's learner gets a vote. */
  public static ReplicaChange voter(long nodeId) {
    return new ReplicaChange(nodeId, Kind.VOTER);
  }

  /** The node's replica goes. */
  public static ReplicaChange remove(long nodeId) {
    return new ReplicaChange(nodeId, Kind.REMOVE);
  }
}
