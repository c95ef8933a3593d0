package io.flotilla.storage;

import io.flotilla.raft.Payload;
import java.nio.ByteBuffer;

/** Reads what a {@link ByteSink} wrote; every overrun is reported as corruption of {@code what}. */
final class ByteSource {

  private final String what;
  private final ByteBuffer in;

  ByteSource(String what, Payload bytes) {
    this.what = what;
    this.in = bytes.asReadOnlyByteBuffer();
  }

  int u8() {
    return need(1).get() & 0xff;
  }

  int u32() {
    return need(4).getInt();
  }

  long u64() {
    return need(8).getLong();
  }

  Payload raw(int bytes) {
    if (bytes < 0) {
      throw new StoreCorruptException(what + " has a negative length");
    }
    need(bytes);
    byte[] copy = new byte[bytes];
    in.get(copy);
    return Payload.of(copy);
  }

  Payload blob() {
    return raw(u32());
  }

  int left() {
    return in.remaining();
  }

  /** Throws unless everything was read. */
  void end() {
    if (in.hasRemaining()) {
      throw new StoreCorruptException(what + " has " + in.remaining() + " bytes too many");
    }
  }

  private ByteBuffer need(int bytes) {
    if (in.remaining() < bytes) {
      throw new StoreCorruptException(what + " is cut off");
    }
    return in;
  }
}
