package io.flotilla.raft;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * Immutable bytes with equality by content, ordered as unsigned bytes.
 *
 * <p>Wraps the array it is given and never copies it; whoever hands an array over must not change
 * it afterwards. Safe for any thread.
 */
public final class Payload implements Comparable<Payload> {
  public static final Payload EMPTY = new Payload(new byte[0]);

  private final byte[] bytes;
  private int hash;

  private Payload(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Wraps the array, which belongs to the payload from now on. */
  public static Payload of(byte[] owned) {
    return owned.length == 0 ? EMPTY : new Payload(Objects.requireNonNull(owned));
  }

  /** Copies the array. */
  public static Payload copyOf(byte[] bytes) {
    return of(bytes.clone());
  }

  /** The text in UTF-8. */
  public static Payload utf8(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Number of bytes. */
  public int size() {
    return bytes.length;
  }

  public boolean isEmpty() {
    return bytes.length == 0;
  }

  /** The byte at the position, 0..size-1. */
  public byte at(int position) {
    return bytes[position];
  }

  /** A copy of the bytes. */
  public byte[] toByteArray() {
    return bytes.clone();
  }

  /** A read-only view, no copy. */
  public ByteBuffer asReadOnlyByteBuffer() {
    return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
  }

  /** The bytes as UTF-8 text. */
  public String toUtf8() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public int compareTo(Payload other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Payload that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    int h = hash;
    if (h == 0) {
      h = Arrays.hashCode(bytes);
      hash = h;
    }
    return h;
  }

  @Override
  public String toString() {
    return "Payload[" + bytes.length + " bytes]";
  }
}
