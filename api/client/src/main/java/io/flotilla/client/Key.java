package io.flotilla.client;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * A key: 1 to 480 bytes, ordered as unsigned bytes. Immutable.
 *
 * <pre>{@code
 * Key user = Key.of("user/42");            // UTF-8
 * Key raw  = Key.of(new byte[] {1, 2, 3}); // copied
 * }</pre>
 */
public final class Key implements Comparable<Key> {
  /** Most bytes a key can have. */
  public static final int MAX_BYTES = 480;

  private final byte[] bytes;

  private Key(byte[] owned) {
    this(owned, MAX_BYTES);
  }

  private Key(byte[] owned, int maxBytes) {
    if (owned.length == 0 || owned.length > maxBytes) {
      throw new IllegalArgumentException(
          "a key has 1 to " + maxBytes + " bytes, this one has " + owned.length);
    }
    this.bytes = owned;
  }

  /**
   * The key with this text in UTF-8.
   *
   * @throws IllegalArgumentException if it has no byte or more than {@link #MAX_BYTES}
   */
  public static Key of(String text) {
    return new Key(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The key with a copy of these bytes.
   *
   * @throws IllegalArgumentException if there is no byte or more than {@link #MAX_BYTES}
   */
  public static Key of(byte[] bytes) {
    return new Key(bytes.clone());
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
      throw new IllegalStateException("key " + this + " is not UTF-8 text", e);
    }
  }

  /** Whether this key begins with all the bytes of the other. */
  public boolean startsWith(Key prefix) {
    return bytes.length >= prefix.bytes.length
        && Arrays.equals(bytes, 0, prefix.bytes.length, prefix.bytes, 0, prefix.bytes.length);
  }

  /** First key after all keys that begin with this one; empty where every later key does. */
  public Optional<Key> endOfPrefix() {
    for (int last = bytes.length - 1; last >= 0; last--) {
      if (bytes[last] != (byte) 0xff) {
        byte[] end = Arrays.copyOf(bytes, last + 1);
        end[last]++;
        return Optional.of(new Key(end));
      }
    }
    return Optional.empty();
  }

  static Key owned(byte[] bytes) {
    return new Key(bytes);
  }

  /** A bound of a range, which can be the key right after the longest key. */
  static Key bound(byte[] bytes) {
    return new Key(bytes, MAX_BYTES + 1);
  }

  byte[] unsafeBytes() {
    return bytes;
  }

  /** Unsigned and bytewise: the order in which scans return keys. */
  @Override
  public int compareTo(Key other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Key key && Arrays.equals(bytes, key.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** Printable ASCII as it is, anything else as {@code 0x…}; long keys are cut. */
  @Override
  public String toString() {
    return ByteStrings.show(bytes);
  }
}
