package io.flotilla.client;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A value: up to 1 MiB of bytes, which Flotilla does not look into. Immutable.
 *
 * <pre>{@code
 * Value name = Value.of("Ada");
 * String text = name.text();
 * byte[] copy = name.toBytes();
 * }</pre>
 */
public final class Value {
  /** Most bytes a value can have. */
  public static final int MAX_BYTES = 1 << 20;

  /** The value of no bytes; also what scans with {@link Scan#keysOnly()} return. */
  public static final Value EMPTY = new Value(new byte[0]);

  private final byte[] bytes;

  private Value(byte[] owned) {
    if (owned.length > MAX_BYTES) {
      throw new IllegalArgumentException(
          "a value has at most " + MAX_BYTES + " bytes, this one has " + owned.length);
    }
    this.bytes = owned;
  }

  /**
   * The value with this text in UTF-8.
   *
   * @throws IllegalArgumentException if it has more than {@link #MAX_BYTES}
   */
  public static Value of(String text) {
    return new Value(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The value with a copy of these bytes.
   *
   * @throws IllegalArgumentException if there are more than {@link #MAX_BYTES}
   */
  public static Value of(byte[] bytes) {
    return new Value(bytes.clone());
  }

  /** A copy of the bytes. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  /** Number of bytes. */
  public int size() {
    return bytes.length;
  }

  /**
   * The bytes as UTF-8 text.
   *
   * @throws IllegalStateException if they are not UTF-8
   */
  public String text() {
    try {
      return ByteStrings.utf8(bytes);
    } catch (CharacterCodingException e) {
      throw new IllegalStateException("value " + this + " is not UTF-8 text", e);
    }
  }

  static Value owned(byte[] bytes) {
    return bytes.length == 0 ? EMPTY : new Value(bytes);
  }

  byte[] unsafeBytes() {
    return bytes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Value value && Arrays.equals(bytes, value.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** Printable ASCII as it is, anything else as {@code 0x…}; long values are cut. */
  @Override
  public String toString() {
    return ByteStrings.show(bytes);
  }
}
