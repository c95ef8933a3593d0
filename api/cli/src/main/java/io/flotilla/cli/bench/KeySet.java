package io.flotilla.cli.bench;

import io.flotilla.client.Key;
import io.flotilla.client.KeyRange;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The keys of a run: a prefix and hexadecimal digits, all of one length, spread evenly over the
 * range of the prefix so that neighbours in number are no neighbours in order.
 *
 * @param prefix of all keys; may be empty
 * @param digits hexadecimal digits after it, at least {@link #MIN_DIGITS}
 * @param count keys that are there at the start
 */
public record KeySet(String prefix, int digits, long count) {
  /** Fewest digits: enough for 2^32 keys. */
  public static final int MIN_DIGITS = 8;

  private static final int MAX_MIXED = 16;
  private static final int BITS_OF_DIGIT = 4;
  private static final long FIRST_FACTOR = 0x9E3779B97F4A7C15L;
  private static final long SECOND_FACTOR = 0xBF58476D1CE4E5B9L;
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  /** Bytes of each key. */
  public int size() {
    return prefix.getBytes(StandardCharsets.UTF_8).length + digits;
  }

  /** The key of a number; different numbers below 2^32 have different keys. */
  Key key(long number) {
    int bits = Math.min(digits, MAX_MIXED) * BITS_OF_DIGIT;
    return keyAt(mix(number + 1, bits), bits);
  }

  /** First keys of the shards after the first one, if the range is cut into equal parts. */
  public List<Key> boundaries(int shards) {
    int bits = MIN_DIGITS * BITS_OF_DIGIT;
    List<Key> keys = new ArrayList<>();
    for (long shard = 1; shard < shards; shard++) {
      keys.add(Key.of(prefix + "%08x".formatted((shard << bits) / shards)));
    }
    return keys;
  }

  /** All keys that begin with the prefix, from one of them on. */
  KeyRange from(Key start) {
    return new KeyRange(
        Optional.of(start),
        prefix.isEmpty() ? Optional.empty() : KeyRange.ofPrefix(Key.of(prefix)).end());
  }

  private Key keyAt(long position, int bits) {
    byte[] head = prefix.getBytes(StandardCharsets.UTF_8);
    byte[] bytes = new byte[head.length + digits];
    System.arraycopy(head, 0, bytes, 0, head.length);
    for (int i = 0; i < digits; i++) {
      int shift = bits - BITS_OF_DIGIT * (i + 1);
      bytes[head.length + i] = shift < 0 ? HEX[0] : HEX[(int) (position >>> shift) & 0xf];
    }
    return Key.of(bytes);
  }

  /** Each step can be undone, so no two numbers meet. */
  private static long mix(long number, int bits) {
    long mask = bits == Long.SIZE ? -1 : (1L << bits) - 1;
    long mixed = number * FIRST_FACTOR & mask;
    mixed ^= mixed >>> bits / 2;
    mixed = mixed * SECOND_FACTOR & mask;
    return mixed ^ mixed >>> bits / 2;
  }
}
