package io.flotilla.shard.kv;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.flotilla.contract.v1.GetReply;
import io.flotilla.raft.Payload;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A user row's value in the store: 8 bytes revision, 1 byte of flags, with flag 1 another 8 bytes
 * with the milliseconds at which the row expires, the user's bytes.
 */
final class RowValue {
  private static final int FLAGS = 8;
  private static final int PLAIN_HEADER_BYTES = 9;
  private static final int EXPIRING_HEADER_BYTES = 17;
  private static final byte EXPIRES = 1;
  private static final GetReply ABSENT = GetReply.getDefaultInstance();

  private RowValue() {}

  /**
   * A row.
   *
   * @param expiryMillis 0: never
   */
  static Payload encode(long revision, long expiryMillis, ByteString value) {
    boolean expires = expiryMillis != 0;
    ByteBuffer out =
        ByteBuffer.allocate((expires ? EXPIRING_HEADER_BYTES : PLAIN_HEADER_BYTES) + value.size());
    out.putLong(revision).put(expires ? EXPIRES : 0);
    if (expires) {
      out.putLong(expiryMillis);
    }
    value.copyTo(out);
    return Payload.of(out.array());
  }

  static long revision(Payload stored) {
    return stored.asReadOnlyByteBuffer().getLong(0);
  }

  /** When the row expires; 0: never. */
  static long expiryMillis(Payload stored) {
    return expires(stored) ? stored.asReadOnlyByteBuffer().getLong(PLAIN_HEADER_BYTES) : 0;
  }

  private static boolean expires(Payload stored) {
    return stored.at(FLAGS) == EXPIRES;
  }

  private static int headerBytes(Payload stored) {
    return expires(stored) ? EXPIRING_HEADER_BYTES : PLAIN_HEADER_BYTES;
  }

  static ByteString value(Payload stored) {
    ByteBuffer bytes = stored.asReadOnlyByteBuffer();
    bytes.position(headerBytes(stored));
    return UnsafeByteOperations.unsafeWrap(bytes.slice());
  }

  static int valueBytes(Payload stored) {
    return stored.size() - headerBytes(stored);
  }

  static GetReply toReply(@Nullable Payload stored) {
    return stored == null
        ? ABSENT
        : GetReply.newBuilder()
            .setFound(true)
            .setValue(value(stored))
            .setRevision(revision(stored))
            .setExpiresAtMillis(expiryMillis(stored))
            .build();
  }
}
