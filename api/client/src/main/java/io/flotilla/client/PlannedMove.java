package io.flotilla.client;

/**
 * What becomes of one replica.
 *
 * @param shardId of which shard
 * @param fromNodeId loses its replica; 0: none does
 * @param toNodeId gets one; 0: none does
 * @param cause why
 * @param bytes of keys and values to be copied, as far as known
 * @param operationId the operation that was begun for it; 0: none yet
 */
public record PlannedMove(
    long shardId,
    long fromNodeId,
    long toNodeId,
    OperationCause cause,
    long bytes,
    long operationId) {}
