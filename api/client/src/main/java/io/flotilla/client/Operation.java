package io.flotilla.client;

import java.time.Instant;
import java.util.Optional;

/**
 * One replica that comes, goes, or both. It goes on by itself, whatever node began it.
 *
 * @param operationId never reused; rises
 * @param shardId of which shard
 * @param fromNodeId loses its replica; 0: none does
 * @param toNodeId gets one; 0: none does
 * @param cause why
 * @param state how far it is
 * @param began when, by the clock of the leader of the system shard then
 * @param ended when; empty: it has not
 * @param note why it was taken back; empty: it was not
 */
public record Operation(
    long operationId,
    long shardId,
    long fromNodeId,
    long toNodeId,
    OperationCause cause,
    OperationState state,
    Instant began,
    Optional<Instant> ended,
    String note) {}
