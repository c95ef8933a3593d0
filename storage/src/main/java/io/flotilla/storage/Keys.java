package io.flotilla.storage;

import io.flotilla.raft.Payload;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Small helpers for ordered keys. */
final class Keys {

  /** Length of a key made by {@link #ofReplica}. */
  static final int REPLICA_BYTES = 16;

  private Keys() {}

  /** Eight bytes, big-endian, so that byte order is number order for values of zero and more. */
  static Payload ofLong(long value) {
    return Payload.of(ByteBuffer.allocate(8).putLong(value).array());
  }

  static long toLong(Payload key) {
    if (key.size() != 8) {
      throw new StoreCorruptException("a key of 8 bytes has " + key.size());
    }
    return key.asReadOnlyByteBuffer().getLong();
  }

  /** Sixteen bytes: shard, then replica. */
  static Payload ofReplica(ReplicaKey key) {
    return Payload.of(
        ByteBuffer.allocate(REPLICA_BYTES).putLong(key.shardId()).putLong(key.replicaId()).array());
  }

  /** The smallest key above all keys with this prefix, or null when there is none. */
  static @Nullable Payload afterPrefix(Payload prefix) {
    if (prefix.size() == 0) {
      throw new IllegalArgumentException("an empty prefix has no bounds");
    }
    byte[] bytes = prefix.toByteArray();
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] == (byte) 0xff) {
      end--;
    }
    if (end == 0) {
      return null;
    }
    byte[] after = Arrays.copyOf(bytes, end);
    after[end - 1]++;
    return Payload.of(after);
  }

  /** Throws when a key cannot be stored: it must have 1 to {@link Table#MAX_KEY_BYTES} bytes. */
  static void check(Payload key) {
    if (key.size() < 1 || key.size() > Table.MAX_KEY_BYTES) {
      throw new IllegalArgumentException(
          "a key has 1 to " + Table.MAX_KEY_BYTES + " bytes, not " + key.size());
    }
  }
}
