package io.flotilla.raft;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * One replica's log: what storage holds, hidden at its end by what is not durable yet.
 *
 * <p>Invariant: {@code applied <= handedToApply <= committed <= lastIndex}, and {@code
 * handedToApply} never passes what is durable here (R33).
 */
final class RaftLog {
  private static final int SCAN_BYTES = 1 << 20;

  private final LogStorage storage;
  private final UnstableLog unstable;

  /** Indexes of the MEMBERSHIP entries that are not applied yet. */
  private final SortedSet<Long> memberships = new TreeSet<>();

  private long committed;
  private long handedToApply;
  private long applied;

  RaftLog(LogStorage storage, long committed, long applied) {
    this.storage = storage;
    this.unstable = new UnstableLog(storage.lastIndex() + 1);
    Invariants.check(
        applied >= storage.firstIndex() - 1 && applied <= storage.lastIndex(),
        "applied index outside the log",
        applied,
        storage.lastIndex());
    Invariants.check(
        committed <= storage.lastIndex(),
        "commit index beyond the log, was its end lost?",
        committed,
        storage.lastIndex());
    this.committed = Math.max(committed, applied);
    this.handedToApply = applied;
    this.applied = applied;
    findMembershipsNotApplied();
  }

  long firstIndex() {
    SnapshotMetadata pending = unstable.snapshot();
    return pending != null ? pending.index() + 1 : storage.firstIndex();
  }

  long lastIndex() {
    return unstable.lastIndex();
  }

  long lastTerm() {
    return term(lastIndex());
  }

  /** Last index durable here. */
  long persistedIndex() {
    return unstable.snapshot() != null ? 0 : unstable.offset() - 1;
  }

  long committed() {
    return committed;
  }

  long applied() {
    return applied;
  }

  UnstableLog unstable() {
    return unstable;
  }

  boolean hasPendingSnapshot() {
    return unstable.snapshot() != null;
  }

  boolean isCoveredByPendingSnapshot(long index) {
    SnapshotMetadata pending = unstable.snapshot();
    return pending != null && index <= pending.index();
  }

  /** Term of the entry at {@code firstIndex()-1 .. lastIndex()}. */
  long term(long index) {
    if (unstable.holds(index)) {
      return unstable.get(index).term();
    }
    SnapshotMetadata pending = unstable.snapshot();
    if (pending != null && index == pending.index()) {
      return pending.term();
    }
    return storage.term(index);
  }

  /** Whether the log holds an entry with this index and term. */
  boolean matches(long index, long term) {
    return index >= firstIndex() - 1 && index <= lastIndex() && term(index) == term;
  }

  /** Whether a log that ends like this is at least as up to date as this one (Raft §5.4.1, R4). */
  boolean isUpToDate(long otherLastIndex, long otherLastTerm) {
    long ownTerm = lastTerm();
    return otherLastTerm > ownTerm || (otherLastTerm == ownTerm && otherLastIndex >= lastIndex());
  }

  /** Entries from the index on, at least one if there is one, up to the byte bound. */
  List<Entry> entries(long from, long to, long maxBytes) {
    if (from >= to) {
      return List.of();
    }
    List<Entry> result = new ArrayList<>();
    long bytes = 0;
    long next = from;
    if (next < unstable.offset()) {
      long durableEnd = Math.min(to, unstable.offset());
      for (Entry entry : storage.entries(next, durableEnd, maxBytes)) {
        result.add(entry);
        bytes += entry.sizeBytes();
        next++;
      }
      if (next < durableEnd) {
        return result;
      }
    }
    for (; next < to; next++) {
      Entry entry = unstable.get(next);
      bytes += entry.sizeBytes();
      if (!result.isEmpty() && bytes > maxBytes) {
        break;
      }
      result.add(entry);
    }
    return result;
  }

  void append(Entry entry) {
    unstable.append(entry);
    noteMemberships(List.of(entry));
  }

  /**
   * A follower's append: if the log holds (prevIndex, prevTerm), takes over what is new and returns
   * true. Deletes only from the first entry that conflicts, so a late or doubled message changes
   * nothing (Raft §5.3, R5).
   */
  boolean tryAppend(long prevIndex, long prevTerm, List<Entry> entries) {
    if (!matches(prevIndex, prevTerm)) {
      return false;
    }
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      if (!matches(entry.index(), entry.term())) {
        Invariants.check(
            entry.index() > committed,
            "append would replace a committed entry",
            entry.index(),
            committed);
        memberships.tailSet(entry.index()).clear();
        unstable.append(entries.subList(i, entries.size()));
        noteMemberships(entries.subList(i, entries.size()));
        break;
      }
    }
    return true;
  }

  /** Highest index at or below {@code from} whose term is not above {@code term}. */
  long lastIndexNotAboveTerm(long from, long term) {
    long index = Math.min(from, lastIndex());
    while (index >= firstIndex() && term(index) > term) {
      index--;
    }
    return index;
  }

  void commitTo(long index) {
    if (index > committed) {
      Invariants.check(
          index <= lastIndex(),
          "commit index beyond the log, was the log lost?",
          index,
          lastIndex());
      committed = index;
    }
  }

  void restore(SnapshotMetadata snapshot) {
    Invariants.check(
        snapshot.index() > committed, "snapshot behind the commit", snapshot.index(), committed);
    memberships.clear();
    unstable.restore(snapshot);
    committed = snapshot.index();
  }

  void snapshotPersisted(SnapshotMetadata snapshot) {
    unstable.snapshotPersisted(snapshot);
    handedToApply = Math.max(handedToApply, snapshot.index());
    applied = Math.max(applied, snapshot.index());
  }

  boolean hasCommittedToHandOut() {
    return !hasPendingSnapshot() && handedToApply < Math.min(committed, persistedIndex());
  }

  /** The next committed entries that are durable here. */
  List<Entry> takeCommitted(long maxBytes) {
    if (!hasCommittedToHandOut()) {
      return List.of();
    }
    long end = Math.min(committed, persistedIndex()) + 1;
    List<Entry> result = entries(handedToApply + 1, end, maxBytes);
    handedToApply += result.size();
    return result;
  }

  void appliedTo(long index) {
    Invariants.check(
        index >= applied && index <= handedToApply,
        "applied index goes back or ahead of what was handed out",
        index,
        handedToApply);
    applied = index;
    memberships.headSet(index + 1).clear();
  }

  /** Whether a committed MEMBERSHIP entry waits to be applied. */
  boolean hasCommittedMembershipToApply() {
    return !memberships.isEmpty() && memberships.first() <= committed;
  }

  private void noteMemberships(List<Entry> added) {
    for (Entry entry : added) {
      if (entry.type() == Entry.Type.MEMBERSHIP) {
        memberships.add(entry.index());
      }
    }
  }

  /** After a start. Reads the log in bounded pages. */
  private void findMembershipsNotApplied() {
    long next = applied + 1;
    while (next <= lastIndex()) {
      List<Entry> page = entries(next, lastIndex() + 1, SCAN_BYTES);
      noteMemberships(page);
      next += page.size();
    }
  }
}
