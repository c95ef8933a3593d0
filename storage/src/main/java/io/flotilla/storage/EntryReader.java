package io.flotilla.storage;

import io.flotilla.raft.Entry;
import io.flotilla.raft.Payload;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads entries that have left the cache. Any thread. */
final class EntryReader {

  /** An entry to hand out: cached, or to be read. */
  record Slot(long index, @Nullable Entry cached, Location at) {}

  private final OrderedStore store;

  EntryReader(OrderedStore store) {
    this.store = store;
  }

  /**
   * The entries of consecutive slots up to a limit, at least one; none when the block of the first
   * is no longer there.
   */
  List<Entry> read(ReplicaKey replica, List<Slot> slots, long maxBytes) {
    List<Entry> entries = new ArrayList<>(slots.size());
    long bytes = 0;
    OrderedStore.ReadTxn txn = null;
    try {
      for (Slot slot : slots) {
        Entry entry = slot.cached();
        if (entry == null) {
          if (txn == null) {
            txn = store.beginRead();
          }
          entry = load(txn, replica, slot);
        }
        if (entry == null || (!entries.isEmpty() && bytes + entry.sizeBytes() > maxBytes)) {
          break;
        }
        entries.add(entry);
        bytes += entry.sizeBytes();
      }
      return entries;
    } finally {
      if (txn != null) {
        txn.close();
      }
    }
  }

  private static @Nullable Entry load(OrderedStore.ReadTxn txn, ReplicaKey replica, Slot slot) {
    Location at = slot.at();
    Payload bytes = txn.getSlice(Table.BLOCKS, Keys.ofLong(at.block()), at.offset(), at.length());
    if (bytes == null) {
      return null;
    }
    JournalRecord record = RecordCodec.read(bytes.toByteArray(), 0, at.block(), at.offset());
    if (!record.replica().equals(replica) || record.index() != slot.index()) {
      throw RecordCodec.corrupt(
          at.block(), at.offset(), "index " + slot.index() + " of " + replica + " is not there");
    }
    return record.toEntry();
  }
}
