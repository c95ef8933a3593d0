package io.flotilla.shard.kv;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.flotilla.contract.v1.GetReply;
import io.flotilla.raft.Payload;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A user row's value in the store: 8 bytes revision, 1 byte of flags (0 today), the user's bytes.
 */
final class RowValue {
  private static final int HEADER_BYTES = 9;
  private static final GetReply ABSENT = GetReply.getDefaultInstance();

  private RowValue() {}

  static Payload encode(long revision, ByteString value) {
    ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + value.size());
    out.putLong(revision).put((byte) 0);
    value.copyTo(out);
    return Payload.of(out.array());
  }

  static long revision(Payload stored) {
    return stored.asReadOnlyByteBuffer().getLong(0);
  }

  static ByteString value(Payload stored) {
    ByteBuffer bytes = stored.asReadOnlyByteBuffer();
    bytes.position(HEADER_BYTES);
    return UnsafeByteOperations.unsafeWrap(bytes.slice());
  }

  static int valueBytes(Payload stored) {
    return stored.size() - HEADER_BYTES;
  }

  static GetReply toReply(@Nullable Payload stored) {
    return stored == null
        ? ABSENT
        : GetReply.newBuilder()
            .setFound(true)
            .setValue(value(stored))
            .setRevision(revision(stored))
            .build();
  }
}
