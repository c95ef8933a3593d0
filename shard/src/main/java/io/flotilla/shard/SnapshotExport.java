package io.flotilla.shard;

import io.flotilla.raft.Message;
import io.flotilla.raft.Payload;
import io.flotilla.raft.SnapshotMetadata;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.shard.transport.SnapshotOffer;

/**
 * A shard as of one applied index, in a file.
 *
 * @param file in the store's snapshots
 * @param shard as of then
 * @param at index, term and members
 * @param bytes size of the file
 * @param sha256 of its content but the trailer
 */
record SnapshotExport(
    String file, ShardDescriptor shard, SnapshotMetadata at, long bytes, Payload sha256) {

  /** For whom a leader wants to have it. */
  SnapshotOffer offer(Message.InstallSnapshot wish) {
    return new SnapshotOffer(
        shard, new Message.InstallSnapshot(wish.from(), wish.to(), wish.term(), at), bytes, sha256);
  }
}
