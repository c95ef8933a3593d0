package io.flotilla.shard;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.internal.v1.SnapshotPart;
import io.flotilla.raft.Payload;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.storage.ReplicaKey;
import java.util.Optional;

/**
 * What is here of a file on its way in.
 *
 * @param replica whom it is for
 * @param file in the store's snapshots
 * @param sha256 which file it is
 * @param totalBytes of the whole file
 * @param durableBytes what is durable of it
 */
record PartialSnapshot(
    ReplicaKey replica, String file, Payload sha256, long totalBytes, long durableBytes) {
  private static final String SUFFIX = ".part";

  /** Name of the record beside a file. */
  static String recordOf(String file) {
    return file + SUFFIX;
  }

  static boolean isRecord(String name) {
    return name.endsWith(SUFFIX);
  }

  /** Whether the same bytes are offered. */
  boolean isOf(Payload offeredSha256, long offeredBytes) {
    return sha256.equals(offeredSha256) && totalBytes == offeredBytes;
  }

  PartialSnapshot durable(long bytes) {
    return new PartialSnapshot(replica, file, sha256, totalBytes, bytes);
  }

  Payload encode() {
    return Payload.of(
        SnapshotPart.newBuilder()
            .setShardId(replica.shardId())
            .setReplicaId(replica.replicaId())
            .setSha256(Descriptors.bytes(sha256))
            .setTotalBytes(totalBytes)
            .setDurableBytes(durableBytes)
            .build()
            .toByteArray());
  }

  /** From the record of that name; empty if it cannot be read. */
  static Optional<PartialSnapshot> decode(String name, Payload record) {
    try {
      SnapshotPart part = SnapshotPart.parseFrom(record.asReadOnlyByteBuffer());
      return Optional.of(
          new PartialSnapshot(
              new ReplicaKey(part.getShardId(), part.getReplicaId()),
              name.substring(0, name.length() - SUFFIX.length()),
              Descriptors.payload(part.getSha256()),
              part.getTotalBytes(),
              part.getDurableBytes()));
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty();
    }
  }
}
