package io.flotilla.storage;

/**
 * Sizes and live bytes of all blocks, oldest to newest. Confined to the journal writer.
 *
 * <p>A record is live while something would be lost without it. Blocks leave only at the old end: a
 * dead block in the middle may still hold the entry that overruled an older one.
 */
final class BlockTable {

  private static final int PAGE = 4_096;

  private int[] sizes = new int[16];
  private int[] live = new int[16];
  private long oldest = 1;
  private int count;
  private long totalBytes;
  private long liveBytes;

  /** Sequence number of the oldest block; one above {@link #newest} when there is none. */
  long oldest() {
    return oldest;
  }

  long newest() {
    return oldest + count - 1;
  }

  /** Says where the sequence starts, before the first block is added. */
  void startAt(long seq) {
    if (count != 0) {
      throw new IllegalStateException("the sequence has started");
    }
    oldest = seq;
  }

  void append(int bytes) {
    if (count == sizes.length) {
      grow();
    }
    int slot = slot(oldest + count);
    sizes[slot] = onDisk(bytes);
    live[slot] = 0;
    count++;
    totalBytes += sizes[slot];
  }

  void removeOldest() {
    int slot = slot(oldest);
    if (count == 0 || live[slot] != 0) {
      throw new IllegalStateException("block " + oldest + " has live records");
    }
    totalBytes -= sizes[slot];
    oldest++;
    count--;
  }

  void addLive(long seq, int bytes) {
    live[checkedSlot(seq)] += bytes;
    liveBytes += bytes;
  }

  /** A record died; nothing happens for block 0, which stands for "no record". */
  void removeLive(long seq, int bytes) {
    if (seq == 0) {
      return;
    }
    int slot = checkedSlot(seq);
    live[slot] -= bytes;
    liveBytes -= bytes;
    if (live[slot] < 0) {
      throw new IllegalStateException("block " + seq + " has fewer live bytes than none");
    }
  }

  int liveBytes(long seq) {
    return live[checkedSlot(seq)];
  }

  int bytes(long seq) {
    return sizes[checkedSlot(seq)];
  }

  /** Bytes of all blocks, rounded up to what they take on disk. */
  long totalBytes() {
    return totalBytes;
  }

  long liveBytes() {
    return liveBytes;
  }

  /** What a value of this many bytes takes: large ones have pages of their own. */
  static int onDisk(int bytes) {
    return bytes < PAGE / 2 ? bytes + 24 : (bytes + 16 + PAGE - 1) / PAGE * PAGE;
  }

  private int checkedSlot(long seq) {
    if (seq < oldest || seq >= oldest + count) {
      throw new IllegalStateException("block " + seq + " is outside " + oldest + ".." + newest());
    }
    return slot(seq);
  }

  private int slot(long seq) {
    return (int) (seq & (sizes.length - 1));
  }

  private void grow() {
    int[] newSizes = new int[sizes.length * 2];
    int[] newLive = new int[sizes.length * 2];
    for (long seq = oldest; seq < oldest + count; seq++) {
      int to = (int) (seq & (newSizes.length - 1));
      newSizes[to] = sizes[slot(seq)];
      newLive[to] = live[slot(seq)];
    }
    sizes = newSizes;
    live = newLive;
  }
}
