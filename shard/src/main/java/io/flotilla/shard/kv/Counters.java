package io.flotilla.shard.kv;

import com.google.protobuf.ByteString;
import java.util.OptionalLong;

/** Numbers as values: decimal digits, so that every client and tool can read them. */
final class Counters {
  /** Of the number with the most: a sign and 19 digits. */
  private static final int MAX_BYTES = 20;

  private Counters() {}

  static ByteString encode(long number) {
    return ByteString.copyFromUtf8(Long.toString(number));
  }

  /** The number; empty if the value is none, or is one that is written in another way. */
  static OptionalLong decode(ByteString value) {
    if (value.isEmpty() || value.size() > MAX_BYTES) {
      return OptionalLong.empty();
    }
    try {
      long number = Long.parseLong(value.toStringUtf8());
      return encode(number).equals(value) ? OptionalLong.of(number) : OptionalLong.empty();
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  /** The sum; empty if it does not fit. */
  static OptionalLong add(long number, long delta) {
    long sum = number + delta;
    boolean overflows = ((number ^ sum) & (delta ^ sum)) < 0;
    return overflows ? OptionalLong.empty() : OptionalLong.of(sum);
  }
}
