package io.flotilla.cli.bench;

import io.flotilla.client.Key;
import io.flotilla.client.Value;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Values that say for which key they were made: run, version, a mark made of both and the key, and
 * bytes that follow from the mark. Immutable.
 */
final class Values {
  /** Run, version and mark. */
  static final int MIN_BYTES = 24;

  private final long run;
  private final int size;

  /**
   * Values of one run.
   *
   * @param run number of the run, so that values of an earlier one can be told from its own
   * @param size bytes of each, at least {@link #MIN_BYTES}
   */
  Values(long run, int size) {
    this.run = run;
    this.size = size;
  }

  /** The value of a version. */
  Value of(Key key, long version) {
    return Value.of(bytes(key, run, version, size));
  }

  /** Whether it is a value that was made for the key, by this run or an earlier one. */
  boolean isOf(Key key, Value value) {
    byte[] bytes = value.toBytes();
    if (bytes.length < MIN_BYTES) {
      return false;
    }
    ByteBuffer head = ByteBuffer.wrap(bytes);
    return Arrays.equals(bytes, bytes(key, head.getLong(), head.getLong(), bytes.length));
  }

  /** Whether this run wrote it. */
  boolean isOwn(Value value) {
    return value.size() >= MIN_BYTES && ByteBuffer.wrap(value.toBytes()).getLong() == run;
  }

  /** The version of a value with a head. */
  static long version(Value value) {
    return ByteBuffer.wrap(value.toBytes()).getLong(Long.BYTES);
  }

  private static byte[] bytes(Key key, long run, long version, int size) {
    long seed = Arrays.hashCode(key.toBytes()) * 31L + run;
    long mark = new SplittableRandom(seed ^ Long.rotateLeft(version, 32)).nextLong();
    byte[] bytes = new byte[size];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).putLong(run).putLong(version).putLong(mark);
    SplittableRandom filler = new SplittableRandom(mark);
    while (buffer.remaining() >= Long.BYTES) {
      buffer.putLong(filler.nextLong());
    }
    for (long rest = filler.nextLong(); buffer.hasRemaining(); rest >>>= Byte.SIZE) {
      buffer.put((byte) rest);
    }
    return bytes;
  }
}
