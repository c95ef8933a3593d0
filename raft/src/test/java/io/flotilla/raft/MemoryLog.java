package io.flotilla.raft;

import java.util.ArrayList;
import java.util.List;

/** A log in memory: what a disk holds, or a mirror of what a replica has handed out. */
final class MemoryLog implements LogStorage {
  private final List<Entry> entries = new ArrayList<>();
  private long base;
  private long baseTerm;

  MemoryLog() {}

  /** A log compacted up to the index. */
  MemoryLog(long base, long baseTerm) {
    this.base = base;
    this.baseTerm = baseTerm;
  }

  MemoryLog copy() {
    MemoryLog copy = new MemoryLog(base, baseTerm);
    copy.entries.addAll(entries);
    return copy;
  }

  @Override
  public long firstIndex() {
    return base + 1;
  }

  @Override
  public long lastIndex() {
    return base + entries.size();
  }

  @Override
  public long term(long index) {
    if (index < base) {
      throw new CompactedException(index, firstIndex());
    }
    if (index > lastIndex()) {
      throw new IllegalArgumentException("index " + index + " above " + lastIndex());
    }
    return index == base ? baseTerm : get(index).term();
  }

  @Override
  public List<Entry> entries(long from, long to, long maxBytes) {
    if (from <= base) {
      throw new CompactedException(from, firstIndex());
    }
    List<Entry> result = new ArrayList<>();
    long bytes = 0;
    for (long index = from; index < to; index++) {
      Entry entry = get(index);
      bytes += entry.sizeBytes();
      if (!result.isEmpty() && bytes > maxBytes) {
        break;
      }
      result.add(entry);
    }
    return result;
  }

  Entry get(long index) {
    return entries.get((int) (index - base - 1));
  }

  boolean has(long index) {
    return index > base && index <= lastIndex();
  }

  /** Whether it holds this very entry, or is compacted beyond it. */
  boolean covers(long index, long term) {
    return index < base || (index <= lastIndex() && term(index) == term);
  }

  /** Takes over what a Ready says about the log. */
  void write(Ready ready) {
    SnapshotMetadata snapshot = ready.snapshot();
    if (snapshot != null) {
      entries.clear();
      base = snapshot.index();
      baseTerm = snapshot.term();
    }
    append(ready.entries());
  }

  void append(List<Entry> added) {
    for (Entry entry : added) {
      if (entry.index() <= base || entry.index() > lastIndex() + 1) {
        throw new AssertionError(
            "entry " + entry.index() + " does not fit a log of " + base + " to " + lastIndex());
      }
      entries.subList((int) (entry.index() - base - 1), entries.size()).clear();
      entries.add(entry);
    }
  }

  void compact(long upTo) {
    if (upTo <= base) {
      return;
    }
    long term = term(upTo);
    entries.subList(0, (int) (upTo - base)).clear();
    base = upTo;
    baseTerm = term;
  }
}
