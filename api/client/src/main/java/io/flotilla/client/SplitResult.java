package io.flotilla.client;

/**
 * What a split made.
 *
 * @param left the parent with its new range
 * @param right the new shard, from the split key on
 */
public record SplitResult(ShardDescriptor left, ShardDescriptor right) {}
