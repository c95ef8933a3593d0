package io.flotilla.storage;

import io.flotilla.raft.CompactedException;
import io.flotilla.raft.Entry;
import io.flotilla.raft.HardState;
import io.flotilla.raft.LogStorage;
import java.util.ArrayList;
import java.util.List;

/**
 * The durable log and hard state of one replica.
 *
 * <p>Threads: the owning loop reads while the journal writer publishes; one small lock per replica
 * lies between them and is never held over the disk. Entries become visible when they are durable,
 * before the completion of their batch runs. {@link #firstIndex} moves only by {@link
 * Journal#compact}, called by the owning loop, and by a published reset, so a loop that looks at
 * the first index and then reads is not surprised by a compaction in between.
 */
public final class ReplicaLog implements LogStorage {

  private final ReplicaKey replica;
  private final EntryReader reader;

  // All below are guarded by this.
  private final LogIndex index = new LogIndex();
  private HardState hardState = HardState.EMPTY;
  private Location hardStateAt = Location.NONE;
  private Location baseAt = Location.NONE;
  private long baseIndex;
  private long compactedIndex;
  private long compactedTerm;
  private boolean durable;
  private boolean removed;

  ReplicaLog(ReplicaKey replica, EntryReader reader) {
    this.replica = replica;
    this.reader = reader;
  }

  public ReplicaKey replica() {
    return replica;
  }

  /** The last durable hard state; term 0, vote 0, commit 0 when there is none. */
  public synchronized HardState hardState() {
    checkPresent();
    return hardState;
  }

  /** False until a record of this replica is durable, and again when it was removed. */
  public synchronized boolean isDurable() {
    return durable && !removed;
  }

  @Override
  public synchronized long firstIndex() {
    checkPresent();
    return compactedIndex + 1;
  }

  @Override
  public synchronized long lastIndex() {
    checkPresent();
    return lastDurable();
  }

  @Override
  public synchronized long term(long at) {
    checkPresent();
    if (at == compactedIndex) {
      return compactedTerm;
    }
    checkRange(at, at + 1);
    return index.term(at);
  }

  /**
   * Entries from the cache, or from the disk when they have left it.
   *
   * @throws StoreCorruptException when an entry on disk is damaged
   */
  @Override
  public List<Entry> entries(long from, long toExclusive, long maxBytes) {
    if (from == toExclusive) {
      return List.of();
    }
    Location missed = Location.NONE;
    while (true) {
      List<EntryReader.Slot> slots = slots(from, toExclusive, maxBytes);
      List<Entry> entries = reader.read(replica, slots, maxBytes);
      if (!entries.isEmpty()) {
        return entries;
      }
      // A block went away between the look-up and the read: its records had been moved and
      // published before, so the next look-up finds them elsewhere.
      Location at = slots.get(0).at();
      if (at.equals(missed)) {
        throw new StoreCorruptException(
            "journal block "
                + at.block()
                + " with index "
                + from
                + " of "
                + replica
                + " is missing");
      }
      missed = at;
    }
  }

  private synchronized List<EntryReader.Slot> slots(long from, long toExclusive, long maxBytes) {
    checkPresent();
    checkRange(from, toExclusive);
    List<EntryReader.Slot> slots = new ArrayList<>();
    long bytes = 0;
    for (long at = from; at < toExclusive && (slots.isEmpty() || bytes < maxBytes); at++) {
      slots.add(new EntryReader.Slot(at, index.cached(at), locate(at)));
      bytes += index.length(at) - RecordCodec.HEADER_BYTES;
    }
    return slots;
  }

  // ---- the rest is called by the journal, on its writer or while it opens ----

  /**
   * Raises the first index for readers. The journal drops the entries later.
   *
   * @return the term of the compacted index, or -1 when it was compacted before
   */
  synchronized long compact(long upTo) {
    checkPresent();
    if (upTo <= compactedIndex) {
      return -1;
    }
    checkRange(upTo, upTo + 1);
    compactedTerm = index.term(upTo);
    compactedIndex = upTo;
    return compactedTerm;
  }

  synchronized void publishEntries(
      List<Entry> entries, long block, int firstOffset, JournalBooks books) {
    durable = true;
    long from = entries.get(0).index();
    index.truncateFrom(from, books);
    int offset = firstOffset;
    for (Entry entry : entries) {
      int length = RecordCodec.entryBytes(entry);
      index.put(entry.index(), entry.term(), new Location(block, offset, length), books);
      index.cache(entry.index(), entry, books);
      offset += length;
    }
    books.entered(this, from, from + entries.size() - 1);
  }

  /** An entry found by a scan. Unless it was moved it drops everything from its index on. */
  synchronized void recoverEntry(JournalRecord record, long block, JournalBooks books) {
    durable = true;
    if (!record.kind().isMoved()) {
      index.truncateFrom(record.index(), books);
    }
    Location at = new Location(block, record.offset(), record.length());
    index.put(record.index(), record.term(), at, books);
  }

  synchronized void publishMove(long entryIndex, Location to, JournalBooks books) {
    index.put(entryIndex, index.term(entryIndex), to, books);
  }

  synchronized void publishHardState(HardState state, Location at, JournalBooks books) {
    durable = true;
    books.died(hardStateAt.block(), hardStateAt.length());
    books.lives(at.block(), at.length());
    hardState = state;
    hardStateAt = at;
  }

  synchronized void publishReset(long newBase, long term, Location at, JournalBooks books) {
    index.clear(books);
    compactedIndex = newBase;
    compactedTerm = term;
    moveBase(newBase, at, books);
  }

  synchronized void publishCompaction(long newBase, long term, Location at, JournalBooks books) {
    index.dropUpTo(newBase, books);
    if (newBase > compactedIndex) {
      compactedIndex = newBase;
      compactedTerm = term;
    }
    moveBase(newBase, at, books);
  }

  synchronized void publishRemoval(JournalBooks books) {
    index.clear(books);
    books.died(hardStateAt.block(), hardStateAt.length());
    books.died(baseAt.block(), baseAt.length());
    removed = true;
  }

  synchronized void uncache(long from, long to, JournalBooks books) {
    if (index.isEmpty()) {
      return;
    }
    long end = Math.min(to, index.last());
    for (long at = Math.max(from, index.first()); at <= end; at++) {
      index.cache(at, null, books);
    }
  }

  /** True when losing this record would lose something. */
  synchronized boolean isLive(JournalRecord record, long block) {
    if (removed) {
      return false;
    }
    Location at = new Location(block, record.offset(), record.length());
    switch (record.kind()) {
      case HARD_STATE:
        return at.equals(hardStateAt);
      case RESET:
      case COMPACT:
        return at.equals(baseAt);
      case REMOVE:
        return false;
      default:
        return index.covers(record.index()) && at.equals(locate(record.index()));
    }
  }

  /** Index after which the log starts on disk. */
  synchronized long baseIndex() {
    return baseIndex;
  }

  synchronized long lastDurable() {
    return index.isEmpty() ? compactedIndex : index.last();
  }

  /** Throws when the scan of the journal left a hole in this log. */
  synchronized void checkComplete() {
    if (index.isEmpty()) {
      return;
    }
    for (long at = baseIndex + 1; at <= index.last(); at++) {
      if (!index.covers(at) || index.isHole(at)) {
        throw new StoreCorruptException(
            "the journal has no entry "
                + at
                + " of "
                + replica
                + ", whose log is "
                + (baseIndex + 1)
                + ".."
                + index.last());
      }
    }
    if (index.first() <= baseIndex) {
      throw new StoreCorruptException(
          "the journal has entry "
              + index.first()
              + " of "
              + replica
              + " below its first index "
              + (baseIndex + 1));
    }
  }

  private void moveBase(long newBase, Location at, JournalBooks books) {
    durable = true;
    books.died(baseAt.block(), baseAt.length());
    books.lives(at.block(), at.length());
    baseIndex = newBase;
    baseAt = at;
  }

  private Location locate(long at) {
    return new Location(index.block(at), index.offset(at), index.length(at));
  }

  private void checkPresent() {
    if (removed) {
      throw new IllegalStateException(replica + " was removed from the journal");
    }
  }

  private void checkRange(long from, long toExclusive) {
    if (from <= compactedIndex) {
      throw new CompactedException(from, compactedIndex + 1);
    }
    if (from >= toExclusive || toExclusive > lastDurable() + 1) {
      throw new IllegalArgumentException(
          "entries "
              + from
              + ".."
              + (toExclusive - 1)
              + " of "
              + replica
              + " are not in "
              + (compactedIndex + 1)
              + ".."
              + lastDurable());
    }
  }
}
