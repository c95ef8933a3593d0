package io.flotilla.shard.kv;

import io.flotilla.raft.Payload;
import io.flotilla.shard.descriptor.KeyRange;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.storage.RowRange;
import io.flotilla.storage.Table;
import java.nio.ByteBuffer;

/**
 * Where rows lie in the store.
 *
 * <pre>
 *   DATA      0x01 name                      catalog of the system shard
 *   DATA      0x02 user key                  user rows: a split moves none of them
 *   SESSIONS  shard id, session id           8 + 8 bytes, big-endian
 *   META      'R' shard id, replica id       ReplicaRow
 *   META      'T' shard id                   TombstoneRow
 *   META      'P'                            PeerLivesRow
 * </pre>
 */
public final class KeySpace {
  private static final byte SYSTEM = 1;
  private static final byte USER = 2;
  private static final byte AFTER_USER = 3;
  private static final byte REPLICA_ROW = 'R';
  private static final byte TOMBSTONE = 'T';

  /** META key of what is known of other nodes' lives. */
  public static final Payload PEER_LIVES_ROW = Payload.utf8("P");

  private KeySpace() {}

  /** Row key of a user key. */
  public static Payload userRow(Payload key) {
    return prefixed(USER, key);
  }

  /** Row key of something in the catalog. */
  public static Payload systemRow(Payload name) {
    return prefixed(SYSTEM, name);
  }

  /** The user key of a row. */
  static Payload userKey(Payload rowKey) {
    ByteBuffer bytes = rowKey.asReadOnlyByteBuffer();
    byte[] key = new byte[bytes.remaining() - 1];
    bytes.position(1);
    bytes.get(key);
    return Payload.of(key);
  }

  /** All rows of a shard's key range. */
  public static RowRange rows(long shardId, KeyRange range) {
    if (shardId == ShardDescriptor.SYSTEM_SHARD_ID) {
      return RowRange.ofPrefix(Table.DATA, Payload.of(new byte[] {SYSTEM}));
    }
    Payload end =
        range.end().isEmpty() ? Payload.of(new byte[] {AFTER_USER}) : userRow(range.end());
    return new RowRange(Table.DATA, userRow(range.start()), end);
  }

  /** All session rows of a shard. */
  public static RowRange sessions(long shardId) {
    return RowRange.ofPrefix(
        Table.SESSIONS, Payload.of(ByteBuffer.allocate(8).putLong(shardId).array()));
  }

  static Payload sessionRow(long shardId, long sessionId) {
    return Payload.of(ByteBuffer.allocate(16).putLong(shardId).putLong(sessionId).array());
  }

  static long sessionId(Payload rowKey) {
    return rowKey.asReadOnlyByteBuffer().getLong(8);
  }

  /** META key of a replica's row. */
  public static Payload replicaRow(long shardId, long replicaId) {
    return Payload.of(
        ByteBuffer.allocate(17).put(REPLICA_ROW).putLong(shardId).putLong(replicaId).array());
  }

  public static boolean isReplicaRow(Payload metaKey) {
    return metaKey.at(0) == REPLICA_ROW;
  }

  /** META key of what stays of a shard's removed replicas. */
  public static Payload tombstone(long shardId) {
    return Payload.of(ByteBuffer.allocate(9).put(TOMBSTONE).putLong(shardId).array());
  }

  public static boolean isTombstone(Payload metaKey) {
    return metaKey.at(0) == TOMBSTONE;
  }

  /** The shard id in the META key of a replica's row or a tombstone. */
  public static long shardId(Payload metaKey) {
    return metaKey.asReadOnlyByteBuffer().getLong(1);
  }

  /** The replica id in the META key of a replica's row. */
  public static long replicaId(Payload metaKey) {
    return metaKey.asReadOnlyByteBuffer().getLong(9);
  }

  private static Payload prefixed(byte tag, Payload key) {
    ByteBuffer out = ByteBuffer.allocate(1 + key.size()).put(tag);
    out.put(key.asReadOnlyByteBuffer());
    return Payload.of(out.array());
  }
}
