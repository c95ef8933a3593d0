package io.flotilla.raft;

/**
 * The appends to one follower that wait for an answer: a ring of (last index, bytes), bounded in
 * both (thesis 10.2.1). The ring grows only as far as it is used.
 */
final class Inflights {
  private static final int INITIAL_SLOTS = 4;

  private final int maxMessages;
  private final long maxBytes;
  private long[] lastIndexes = new long[0];
  private long[] sizes = new long[0];
  private int start;
  private int count;
  private long bytes;

  Inflights(int maxMessages, long maxBytes) {
    this.maxMessages = maxMessages;
    this.maxBytes = maxBytes;
  }

  boolean isFull() {
    return count == maxMessages || bytes >= maxBytes;
  }

  void add(long lastIndex, long sizeBytes) {
    Invariants.check(!isFull(), "append beyond the window", count, bytes);
    if (count == lastIndexes.length) {
      grow();
    }
    int slot = (start + count) % lastIndexes.length;
    lastIndexes[slot] = lastIndex;
    sizes[slot] = sizeBytes;
    count++;
    bytes += sizeBytes;
  }

  /** All up to the index are answered. */
  void freeUpTo(long index) {
    while (count > 0 && lastIndexes[start] <= index) {
      freeFirst();
    }
  }

  /** Lets one more append through although the first was not answered: it may be lost. */
  void freeFirst() {
    if (count > 0) {
      bytes -= sizes[start];
      start = (start + 1) % lastIndexes.length;
      count--;
    }
  }

  void reset() {
    start = 0;
    count = 0;
    bytes = 0;
  }

  private void grow() {
    int slots = Math.min(maxMessages, Math.max(INITIAL_SLOTS, 2 * lastIndexes.length));
    long[] newIndexes = new long[slots];
    long[] newSizes = new long[slots];
    for (int i = 0; i < count; i++) {
      newIndexes[i] = lastIndexes[(start + i) % lastIndexes.length];
      newSizes[i] = sizes[(start + i) % sizes.length];
    }
    lastIndexes = newIndexes;
    sizes = newSizes;
    start = 0;
  }
}
