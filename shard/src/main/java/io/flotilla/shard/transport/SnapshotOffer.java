package io.flotilla.shard.transport;

import io.flotilla.internal.v1.SnapshotHeader;
import io.flotilla.raft.Membership;
import io.flotilla.raft.Message;
import io.flotilla.raft.Payload;
import io.flotilla.raft.SnapshotMetadata;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.ShardDescriptor;

/**
 * What a snapshot is of, and which file it is.
 *
 * @param shard the shard as of the snapshot
 * @param message what the receiving replica is told once it has the file
 * @param totalBytes size of the file
 * @param sha256 of its content but the trailer
 */
public record SnapshotOffer(
    ShardDescriptor shard, Message.InstallSnapshot message, long totalBytes, Payload sha256) {

  /** For the stream. */
  public SnapshotHeader toProto() {
    return SnapshotHeader.newBuilder()
        .setShard(Descriptors.toProto(shard))
        .setFromReplica(message.from())
        .setToReplica(message.to())
        .setTerm(message.term())
        .setSnapshotIndex(message.snapshot().index())
        .setSnapshotTerm(message.snapshot().term())
        .setMembership(Descriptors.bytes(message.snapshot().membership().encode()))
        .setTotalBytes(totalBytes)
        .setSha256(Descriptors.bytes(sha256))
        .build();
  }

  /** From the stream; throws {@link IllegalArgumentException} if it makes no sense. */
  public static SnapshotOffer fromProto(SnapshotHeader header) {
    SnapshotMetadata metadata =
        new SnapshotMetadata(
            header.getSnapshotIndex(),
            header.getSnapshotTerm(),
            Membership.decode(Descriptors.payload(header.getMembership())));
    return new SnapshotOffer(
        Descriptors.fromProto(header.getShard()),
        new Message.InstallSnapshot(
            header.getFromReplica(), header.getToReplica(), header.getTerm(), metadata),
        header.getTotalBytes(),
        Descriptors.payload(header.getSha256()));
  }
}
