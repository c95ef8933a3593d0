package io.flotilla.client;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.Base64;

/**
 * Names one write, so that it can be asked what became of it: {@link Kv#settle}. Immutable. Its
 * text, {@link #toString}, can be kept and read again by another process.
 */
public final class WriteId {
  private static final String PREFIX = "w1.";
  private static final int NUMBERS_BYTES = 16;
  private static final int MAX_BYTES = NUMBERS_BYTES + Key.MAX_BYTES + 1;

  private final long session;
  private final long sequence;
  private final ByteString key;

  WriteId(long session, long sequence, ByteString key) {
    this.session = session;
    this.sequence = sequence;
    this.key = key;
  }

  /**
   * Reads the text of an id.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static WriteId parse(String text) {
    byte[] bytes = decode(text);
    if (bytes.length < NUMBERS_BYTES || bytes.length > MAX_BYTES) {
      throw noId(text);
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    long session = in.getLong();
    long sequence = in.getLong();
    if (session == 0 || sequence == 0) {
      throw noId(text);
    }
    return new WriteId(session, sequence, ByteString.copyFrom(in));
  }

  private static byte[] decode(String text) {
    if (!text.startsWith(PREFIX)) {
      throw noId(text);
    }
    try {
      return Base64.getUrlDecoder().decode(text.substring(PREFIX.length()));
    } catch (IllegalArgumentException e) {
      throw noId(text);
    }
  }

  private static IllegalArgumentException noId(String text) {
    return new IllegalArgumentException(
        "'" + text + "' is no write id; one begins with '" + PREFIX + "' and comes with a failure");
  }

  long session() {
    return session;
  }

  long sequence() {
    return sequence;
  }

  /** A key of the write, or the start of its range. */
  ByteString key() {
    return key;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WriteId id
        && session == id.session
        && sequence == id.sequence
        && key.equals(id.key);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(session * 31 + sequence);
  }

  /** The id as text without spaces, for {@link #parse}. */
  @Override
  public String toString() {
    ByteBuffer out = ByteBuffer.allocate(NUMBERS_BYTES + key.size());
    out.putLong(session).putLong(sequence);
    key.copyTo(out);
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(out.array());
  }
}
