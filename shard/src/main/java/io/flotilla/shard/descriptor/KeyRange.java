package io.flotilla.shard.descriptor;

import io.flotilla.raft.Payload;

/**
 * A half-open range of keys, ordered as unsigned bytes.
 *
 * @param start first key; empty = from the first possible key
 * @param end first key after the range; empty = to the last possible key
 */
public record KeyRange(Payload start, Payload end) {
  public static final KeyRange ALL = new KeyRange(Payload.EMPTY, Payload.EMPTY);

  public KeyRange {
    if (!end.isEmpty() && start.compareTo(end) >= 0) {
      throw new IllegalArgumentException("a key range must not be empty or reversed");
    }
  }

  public boolean contains(Payload key) {
    return start.compareTo(key) <= 0 && (end.isEmpty() || key.compareTo(end) < 0);
  }

  /** Whether the key can become the first of the right half of a split. */
  public boolean canSplitAt(Payload key) {
    return contains(key) && !key.equals(start);
  }

  public boolean overlaps(KeyRange other) {
    return (end.isEmpty() || other.start.compareTo(end) < 0)
        && (other.end.isEmpty() || start.compareTo(other.end) < 0);
  }
}
