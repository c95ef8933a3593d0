package io.flotilla.sim.invariants;

import io.flotilla.raft.Entry;
import io.flotilla.raft.HardState;
import io.flotilla.storage.ReplicaKey;
import io.flotilla.storage.ReplicaLog;
import java.util.ArrayList;
import java.util.List;

/** What is on a disk of one replica's log, kept up with after each commit. */
final class DurableLog {
  /**
   * What a commit did.
   *
   * @param cutFrom first index that was taken back, or the highest possible
   * @param cut what was taken back
   * @param added what came after it
   * @param termBefore of the entry before the first one added
   */
  record Change(long cutFrom, List<Entry> cut, List<Entry> added, long termBefore) {
    static final Change NONE = new Change(Long.MAX_VALUE, List.of(), List.of(), 0);
  }

  final ReplicaKey key;
  final int place;
  HardState hardState = HardState.EMPTY;

  /** What the state on the same disk says is applied. */
  long applied;

  private final List<Entry> entries = new ArrayList<>();
  private long base;
  private long baseTerm;

  DurableLog(ReplicaKey key, int place) {
    this.key = key;
    this.place = place;
  }

  @Override
  public String toString() {
    return key
        + " on node "
        + place
        + ", "
        + hardState
        + ", log from "
        + firstIndex()
        + " to "
        + lastIndex()
        + " of term "
        + lastTerm();
  }

  /** Whether nothing was ever written of it. */
  boolean isEmpty() {
    return lastIndex() == 0 && hardState.term() == 0;
  }

  long firstIndex() {
    return base + 1;
  }

  long lastIndex() {
    return base + entries.size();
  }

  /** The term at an index, -1 if it is not known here. */
  long term(long index) {
    if (index == base) {
      return baseTerm;
    }
    return index > base && index <= lastIndex() ? entry(index).term() : -1;
  }

  long lastTerm() {
    return term(lastIndex());
  }

  Entry entry(long index) {
    return entries.get((int) (index - base - 1));
  }

  /** Whether it holds the entry; what is compacted was applied before. */
  boolean covers(long index, long term) {
    return index < base || term(index) == term;
  }

  /** Looks again. */
  Change follow(ReplicaLog log) {
    long first = log.firstIndex();
    long last = log.lastIndex();
    if (first - 1 == base && last == lastIndex() && log.term(last) == lastTerm()) {
      return Change.NONE;
    }
    List<Entry> cut = rebase(log, first - 1, last);
    long same = Math.min(last, lastIndex());
    while (same > base && term(same) != log.term(same)) {
      same--;
    }
    long cutFrom = Long.MAX_VALUE;
    if (same < lastIndex()) {
      cutFrom = same + 1;
      List<Entry> tail = entries.subList((int) (same - base), entries.size());
      cut = List.copyOf(tail);
      tail.clear();
    }
    long termBefore = term(same);
    List<Entry> added = read(log, same + 1, last);
    entries.addAll(added);
    return new Change(cutFrom, cut, added, termBefore);
  }

  /** The log begins elsewhere: compacted, reset by a snapshot, or read again after a start. */
  private List<Entry> rebase(ReplicaLog log, long newBase, long last) {
    long newTerm = log.term(newBase);
    List<Entry> lost = List.of();
    if (newBase > base && newBase <= lastIndex() && term(newBase) == newTerm) {
      entries.subList(0, (int) (newBase - base)).clear();
    } else if (newBase < base && last >= base && log.term(base) == baseTerm) {
      entries.addAll(0, read(log, newBase + 1, base));
    } else if (newBase != base || newTerm != baseTerm) {
      lost = entries.stream().filter(entry -> entry.index() > newBase).toList();
      entries.clear();
    }
    base = newBase;
    baseTerm = newTerm;
    return lost;
  }

  private static List<Entry> read(ReplicaLog log, long from, long to) {
    List<Entry> read = new ArrayList<>();
    while (from + read.size() <= to) {
      read.addAll(log.entries(from + read.size(), to + 1, Long.MAX_VALUE));
    }
    return read;
  }
}
