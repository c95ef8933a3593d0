package io.flotilla.jmh;

import io.flotilla.raft.Entry;
import io.flotilla.raft.LogStorage;
import java.util.ArrayList;
import java.util.List;

/** A log in memory that forgets its start, so that a benchmark may run for as long as it likes. */
final class ArrayLog implements LogStorage {
  private static final int KEPT = 1_024;

  private final List<Entry> entries = new ArrayList<>();
  private long base;
  private long baseTerm;

  void append(List<Entry> more) {
    if (!more.isEmpty()) {
      int from = (int) (more.get(0).index() - base - 1);
      entries.subList(from, entries.size()).clear();
      entries.addAll(more);
    }
    if (entries.size() > 2 * KEPT) {
      Entry last = entries.get(KEPT - 1);
      entries.subList(0, KEPT).clear();
      base = last.index();
      baseTerm = last.term();
    }
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
    return index == base ? baseTerm : entries.get((int) (index - base - 1)).term();
  }

  @Override
  public List<Entry> entries(long from, long to, long maxBytes) {
    return List.copyOf(entries.subList((int) (from - base - 1), (int) (to - base - 1)));
  }
}
