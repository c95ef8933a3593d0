package io.flotilla.storage;

import io.flotilla.raft.Entry;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where the entries of one log are: parallel arrays from the first index to the last, 32 bytes per
 * entry. A slot with block 0 is a hole, which exists only while the journal is being scanned. The
 * entry itself is kept too while the cache of {@link JournalBooks} has room for it.
 *
 * <p>Guarded by the lock of its {@link ReplicaLog}.
 */
final class LogIndex {

  private static final int MIN_CAPACITY = 4;

  private long[] blocks = new long[MIN_CAPACITY];
  private long[] terms = new long[MIN_CAPACITY];
  private int[] offsets = new int[MIN_CAPACITY];
  private int[] lengths = new int[MIN_CAPACITY];
  private @Nullable Entry[] cached = new @Nullable Entry[MIN_CAPACITY];
  private long first = 1;
  private int head;
  private int size;

  boolean isEmpty() {
    return size == 0;
  }

  long first() {
    return first;
  }

  long last() {
    return first + size - 1;
  }

  boolean covers(long index) {
    return index >= first && index < first + size;
  }

  boolean isHole(long index) {
    return blocks[slot(index)] == 0;
  }

  long block(long index) {
    return blocks[slot(index)];
  }

  int offset(long index) {
    return offsets[slot(index)];
  }

  int length(long index) {
    return lengths[slot(index)];
  }

  long term(long index) {
    return terms[slot(index)];
  }

  @Nullable Entry cached(long index) {
    return cached[slot(index)];
  }

  /** Puts an entry at its index, making holes where the index is not next to the others. */
  void put(long index, long term, Location at, JournalBooks books) {
    cover(index);
    int slot = slot(index);
    books.died(blocks[slot], lengths[slot]);
    blocks[slot] = at.block();
    offsets[slot] = at.offset();
    lengths[slot] = at.length();
    terms[slot] = term;
    books.lives(at.block(), at.length());
  }

  void cache(long index, @Nullable Entry entry, JournalBooks books) {
    int slot = slot(index);
    Entry old = cached[slot];
    if (old != null) {
      books.uncached(old);
    }
    cached[slot] = entry;
    if (entry != null) {
      books.cached(entry);
    }
  }

  void truncateFrom(long index, JournalBooks books) {
    while (size > 0 && last() >= index) {
      forget(last(), books);
      size--;
    }
  }

  void dropUpTo(long index, JournalBooks books) {
    while (size > 0 && first <= index) {
      forget(first, books);
      first++;
      head++;
      size--;
    }
    if (size == 0 || (head > 1_024 && head > blocks.length / 2)) {
      resize(Math.max(MIN_CAPACITY, size + size / 4), 0);
    }
  }

  void clear(JournalBooks books) {
    if (size > 0) {
      dropUpTo(last(), books);
    }
  }

  private void forget(long index, JournalBooks books) {
    cache(index, null, books);
    int slot = slot(index);
    books.died(blocks[slot], lengths[slot]);
    blocks[slot] = 0;
  }

  private int slot(long index) {
    if (!covers(index)) {
      throw new IllegalStateException("index " + index + " is outside " + first + ".." + last());
    }
    return head + (int) (index - first);
  }

  private void cover(long index) {
    if (size == 0) {
      first = index;
      head = 0;
    }
    if (index < first) {
      int more = Math.toIntExact(first - index);
      if (head < more) {
        resize(Math.max(2 * blocks.length, size + 2 * more), more + size / 2);
      }
      head -= more;
      first = index;
      size += more;
      Arrays.fill(blocks, head, head + more, 0L);
    } else if (index > last()) {
      int needed = Math.toIntExact(index - first + 1);
      if (head + needed > blocks.length) {
        resize(Math.max(needed, size + size / 2 + MIN_CAPACITY), 0);
      }
      Arrays.fill(blocks, head + size, head + needed, 0L);
      size = needed;
    }
  }

  private void resize(int capacity, int newHead) {
    int room = Math.max(capacity, newHead + size);
    blocks = moved(blocks, new long[room], newHead);
    terms = moved(terms, new long[room], newHead);
    offsets = moved(offsets, new int[room], newHead);
    lengths = moved(lengths, new int[room], newHead);
    cached = moved(cached, new @Nullable Entry[room], newHead);
    head = newHead;
  }

  @SuppressWarnings("SuspiciousSystemArraycopy")
  private <T> T moved(T from, T to, int newHead) {
    System.arraycopy(from, head, to, newHead, size);
    return to;
  }
}
