package io.flotilla.client;

/**
 * A shard as it is at one time.
 *
 * @param shardId never reused; 1 is the system shard
 * @param range the keys it holds
 * @param membershipVersion rises with each membership step
 * @param rangeVersion rises with each split
 */
public record ShardDescriptor(
    long shardId, KeyRange range, long membershipVersion, long rangeVersion) {}
