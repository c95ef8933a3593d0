package io.flotilla.storage;

import io.flotilla.raft.Payload;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A growing row of bytes, big-endian. */
final class ByteSink {

  private ByteBuffer out = ByteBuffer.allocate(256);

  ByteSink u8(int value) {
    room(1).put((byte) value);
    return this;
  }

  ByteSink u32(int value) {
    room(4).putInt(value);
    return this;
  }

  ByteSink u64(long value) {
    room(8).putLong(value);
    return this;
  }

  /** The bytes alone. */
  ByteSink raw(Payload bytes) {
    room(bytes.size()).put(bytes.asReadOnlyByteBuffer());
    return this;
  }

  /** The length in four bytes, then the bytes. */
  ByteSink blob(Payload bytes) {
    return u32(bytes.size()).raw(bytes);
  }

  int size() {
    return out.position();
  }

  /** Appends the CRC32C of everything so far. */
  ByteSink crc() {
    return u32(RecordCodec.crc(out.array(), 0, out.position()));
  }

  Payload toPayload() {
    return Payload.of(Arrays.copyOf(out.array(), out.position()));
  }

  private ByteBuffer room(int bytes) {
    if (out.remaining() < bytes) {
      int needed = Math.addExact(out.position(), bytes);
      byte[] larger = Arrays.copyOf(out.array(), Math.max(needed, needed + needed / 2));
      out = ByteBuffer.wrap(larger).position(out.position());
    }
    return out;
  }
}
