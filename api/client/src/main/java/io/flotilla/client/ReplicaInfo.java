package io.flotilla.client;

import java.util.Optional;

/**
 * One copy of a shard.
 *
 * @param replicaId never reused
 * @param nodeId where it is
 * @param part what it counts for
 * @param status what it says about itself; empty: its node could not be asked in time
 */
public record ReplicaInfo(long replicaId, long nodeId, Part part, Optional<ReplicaStatus> status) {

  /** What a replica counts for. The last three exist while a change of replicas is half-way. */
  public enum Part {
    VOTER,
    /** Receives the log without a vote. */
    LEARNER,
    /** Votes with the new voters: a voter when the change is complete. */
    INCOMING,
    /** Votes with the old voters: gone when the change is complete. */
    OUTGOING,
    /** Votes with the old voters: a learner when the change is complete. */
    DEMOTING
  }

  /** Whether it votes and counts for a quorum. */
  public boolean voter() {
    return part != Part.LEARNER;
  }
}
