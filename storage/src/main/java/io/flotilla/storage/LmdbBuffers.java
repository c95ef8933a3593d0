package io.flotilla.storage;

import io.flotilla.raft.Payload;
import java.nio.ByteBuffer;

/**
 * Copies between the heap and the direct buffers LMDB wants. Bytes never leave a transaction
 * without a copy: LMDB reuses the page, and the map is gone after a close.
 */
final class LmdbBuffers {

  static final ByteBuffer EMPTY = ByteBuffer.allocateDirect(0);

  private static final ThreadLocal<ByteBuffer> KEY =
      ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(Table.MAX_KEY_BYTES));

  private LmdbBuffers() {}

  /** This thread's key buffer, filled; valid until the next call. */
  static ByteBuffer key(Payload key) {
    Keys.check(key);
    ByteBuffer buffer = KEY.get();
    buffer.clear();
    buffer.put(key.asReadOnlyByteBuffer()).flip();
    return buffer;
  }

  static Payload copy(ByteBuffer from) {
    byte[] bytes = new byte[from.remaining()];
    from.get(bytes);
    return Payload.of(bytes);
  }
}
