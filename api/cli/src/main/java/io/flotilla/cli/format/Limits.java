package io.flotilla.cli.format;

import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/** Bounds of keys and values, checked here so that a mistake is told before a network is asked. */
public final class Limits {
  /** Bytes of the longest key. */
  public static final int MAX_KEY_BYTES = 480;

  /** Bytes of the longest value. */
  public static final int MAX_VALUE_BYTES = 1 << 20;

  private Limits() {}

  /**
   * What is wrong with a key, as the end of a sentence that begins with its name; null if nothing.
   */
  public static @Nullable String problemOfKey(ByteString key) {
    if (key.isEmpty()) {
      return "is empty; a key has 1 to " + MAX_KEY_BYTES + " bytes";
    }
    if (key.size() > MAX_KEY_BYTES) {
      return "has " + key.size() + " bytes; a key has 1 to " + MAX_KEY_BYTES + " bytes";
    }
    return null;
  }

  /** What is wrong with a value; null if nothing. */
  public static @Nullable String problemOfValue(ByteString value) {
    if (value.size() > MAX_VALUE_BYTES) {
      return "has " + value.size() + " bytes; a value has at most " + MAX_VALUE_BYTES + " (1 MiB)";
    }
    return null;
  }
}
