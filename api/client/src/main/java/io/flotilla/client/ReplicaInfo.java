package io.flotilla.client;

import java.util.Optional;

/**
 * One copy of a shard.
 *
 * @param replicaId never reused
 * @param nodeId where it is
 * @param voter whether it votes and counts for the quorum; otherwise it is a learner
 * @param status what it says about itself; empty: its node could not be asked in time
 */
public record ReplicaInfo(
    long replicaId, long nodeId, boolean voter, Optional<ReplicaStatus> status) {}
