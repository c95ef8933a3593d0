package io.flotilla.storage;

import io.flotilla.raft.Entry;
import io.flotilla.raft.HardState;
import java.util.ArrayList;
import java.util.List;

/**
 * What one turn of a loop wants durable. Built by one thread, then handed to {@link
 * Journal#submit}, after which it must not change. Operations take effect in the order added, all
 * of them in one commit.
 */
public final class JournalBatch {

  private final List<JournalOp> ops = new ArrayList<>();
  private long bytes;

  /** Replaces the hard state of a replica. */
  public void hardState(ReplicaKey replica, HardState hardState) {
    add(new JournalOp.SetHardState(replica, hardState), RecordCodec.HARD_STATE_BYTES);
  }

  /**
   * Appends entries, after dropping every entry from the first index of the list on. An empty list
   * does nothing.
   *
   * @param entries consecutive indexes; the first is at most one above the last index of the log
   *     and above its compacted part, or the store stops as broken
   */
  public void append(ReplicaKey replica, List<Entry> entries) {
    if (entries.isEmpty()) {
      return;
    }
    List<Entry> copy = List.copyOf(entries);
    long size = 0;
    long expected = copy.get(0).index();
    for (Entry entry : copy) {
      if (entry.index() != expected++) {
        throw new IllegalArgumentException(
            "entries of " + replica + " are not consecutive at index " + entry.index());
      }
      size += RecordCodec.entryBytes(entry);
    }
    add(new JournalOp.Append(replica, copy), size);
  }

  /**
   * Empties the log, which then starts after {@code index}: a snapshot was installed, or the
   * replica is new and starts at a fixed point. The hard state stays.
   */
  public void reset(ReplicaKey replica, long index, long term) {
    if (index < 0 || term < 0) {
      throw new IllegalArgumentException("a log starts after index 0 or later");
    }
    add(new JournalOp.Reset(replica, index, term), RecordCodec.HEADER_BYTES);
  }

  /** Forgets log and hard state. Proof that the replica is gone must be durable elsewhere. */
  public void remove(ReplicaKey replica) {
    add(new JournalOp.Remove(replica), RecordCodec.HEADER_BYTES);
  }

  public boolean isEmpty() {
    return ops.isEmpty();
  }

  /** Bytes of the records this batch becomes. */
  public long bytes() {
    return bytes;
  }

  List<JournalOp> ops() {
    return ops;
  }

  private void add(JournalOp op, long size) {
    ops.add(op);
    bytes += size;
  }
}
