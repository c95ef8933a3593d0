package io.flotilla.shard.transport;

import io.flotilla.raft.Message;
import io.flotilla.shard.descriptor.ShardDescriptor;

/**
 * What a snapshot is of.
 *
 * @param shard the shard as of the snapshot
 * @param message what the receiving replica is told once it has the file
 * @param totalBytes size of the file
 */
public record SnapshotOffer(
    ShardDescriptor shard, Message.InstallSnapshot message, long totalBytes) {}
