package io.flotilla.shard;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.internal.v1.ReplicaRow;
import io.flotilla.internal.v1.SnapshotMeta;
import io.flotilla.raft.Message;
import io.flotilla.raft.Payload;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.KeyRange;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.shard.kv.KeySpace;
import io.flotilla.storage.InstallSpec;
import io.flotilla.storage.ReplicaKey;
import io.flotilla.storage.SnapshotInfo;
import java.util.List;
import java.util.TreeMap;

/**
 * A snapshot that is here as a whole and was verified.
 *
 * @param file in the store's snapshots
 * @param row what the replica's row becomes
 * @param message what the replica's Raft node is told
 */
record StagedSnapshot(String file, ReplicaRow row, Message.InstallSnapshot message) {

  /** From a file that was verified. */
  static StagedSnapshot of(SnapshotInfo info, Message.InstallSnapshot message) {
    try {
      ReplicaRow row = SnapshotMeta.parseFrom(info.metadata().asReadOnlyByteBuffer()).getReplica();
      return new StagedSnapshot(info.file(), row, message);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("the snapshot's metadata cannot be read", e);
    }
  }

  /** Whether the file is what the message says, and of that shard. */
  boolean isOf(ShardDescriptor shard) {
    return Descriptors.fromProto(row.getShard()).equals(shard)
        && row.getAppliedIndex() == message.snapshot().index()
        && row.getAppliedTerm() == message.snapshot().term();
  }

  ReplicaKey key() {
    return new ReplicaKey(row.getShard().getShardId(), message.to());
  }

  /**
   * How to install it.
   *
   * @param held the range that the replica has held until now; its rows go
   */
  InstallSpec install(KeyRange held) {
    long shardId = key().shardId();
    TreeMap<Payload, Payload> meta = new TreeMap<>();
    meta.put(KeySpace.replicaRow(shardId, key().replicaId()), Payload.of(row.toByteArray()));
    return new InstallSpec(
        key(), file, List.of(KeySpace.rows(shardId, held), KeySpace.sessions(shardId)), meta);
  }

  KeyRange range() {
    return Descriptors.fromProto(row.getShard().getRange());
  }
}
