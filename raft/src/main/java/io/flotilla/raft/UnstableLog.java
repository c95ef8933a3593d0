package io.flotilla.raft;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The end of the log that is not known to be durable.
 *
 * <p>Entries at or after {@code offset} are here and hide what storage has at those indexes. Of
 * these, entries before {@code handedOut} are already in a {@link Ready} under way. Invariant:
 * {@code offset <= handedOut <= offset + entries.size()}.
 */
final class UnstableLog {
  private final List<Entry> entries = new ArrayList<>();
  private long offset;
  private long handedOut;

  /** Rises whenever entries in a Ready under way are replaced. */
  private long version;

  private @Nullable SnapshotMetadata snapshot;
  private boolean snapshotHandedOut;

  UnstableLog(long offset) {
    this.offset = offset;
    this.handedOut = offset;
  }

  /** To be remembered with a Ready, for {@link #persisted}. */
  long version() {
    return version;
  }

  /** First index that is not durable. */
  long offset() {
    return offset;
  }

  long lastIndex() {
    return offset + entries.size() - 1;
  }

  boolean holds(long index) {
    return index >= offset && index < offset + entries.size();
  }

  Entry get(long index) {
    return entries.get((int) (index - offset));
  }

  @Nullable SnapshotMetadata snapshot() {
    return snapshot;
  }

  boolean hasUnsent() {
    return handedOut < offset + entries.size() || (snapshot != null && !snapshotHandedOut);
  }

  /** Appends; entries from the first one's index on are replaced (Raft §5.3). */
  void append(List<Entry> added) {
    long first = added.get(0).index();
    Invariants.check(first <= lastIndex() + 1, "gap in the log", lastIndex(), first);
    if (first < offset) {
      entries.clear();
      offset = first;
    } else {
      entries.subList((int) (first - offset), entries.size()).clear();
    }
    if (first < handedOut) {
      handedOut = first;
      version++;
    }
    entries.addAll(added);
  }

  void append(Entry entry) {
    Invariants.check(
        entry.index() == lastIndex() + 1, "gap in the log", lastIndex(), entry.index());
    entries.add(entry);
  }

  /** The log restarts after the snapshot. */
  void restore(SnapshotMetadata metadata) {
    version++;
    entries.clear();
    offset = metadata.index() + 1;
    handedOut = offset;
    snapshot = metadata;
    snapshotHandedOut = false;
  }

  /** Entries no Ready has carried yet. */
  List<Entry> takeUnsent() {
    List<Entry> unsent = List.copyOf(entries.subList((int) (handedOut - offset), entries.size()));
    handedOut = offset + entries.size();
    return unsent;
  }

  @Nullable SnapshotMetadata takeUnsentSnapshot() {
    if (snapshotHandedOut) {
      return null;
    }
    snapshotHandedOut = true;
    return snapshot;
  }

  /**
   * All up to the index is durable, as it was at that version. If something was replaced since,
   * nothing is known until the Ready with the replacement is durable: the very same entry may be
   * here again, while the disk is about to overwrite it with another and only then to get it back.
   */
  void persisted(long index, long handedOutAtVersion) {
    if (handedOutAtVersion != version) {
      return;
    }
    Invariants.check(holds(index), "persisted what is not here", index, offset);
    entries.subList(0, (int) (index - offset + 1)).clear();
    offset = index + 1;
    handedOut = Math.max(handedOut, offset);
  }

  void snapshotPersisted(SnapshotMetadata metadata) {
    if (metadata.equals(snapshot)) {
      snapshot = null;
    }
  }
}
