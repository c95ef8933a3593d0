package io.flotilla.storage;

import io.flotilla.raft.Payload;

/**
 * Rebuilds logs, hard states and block accounts by one ordered scan.
 *
 * <p>Commits are atomic, so there is no torn tail to forgive: whatever does not read back exactly
 * is damage inside the durable log and stops the store (R39: cutting it off could forget a
 * committed entry).
 *
 * <p>Why a suffix of the sequence is enough: blocks are deleted from the old end, so a record that
 * is still there still has all its successors, and everything live in a deleted block was copied to
 * the new end first. A copied entry takes its place without dropping the entries above it, which
 * the scan may have met before.
 */
final class JournalRecovery {

  private final LogTable logs;
  private final JournalBooks books;

  JournalRecovery(LogTable logs, JournalBooks books) {
    this.logs = logs;
    this.books = books;
  }

  void run(OrderedStore store) {
    try (OrderedStore.ReadTxn txn = store.beginRead();
        OrderedStore.Cursor cursor = txn.cursor(Table.BLOCKS)) {
      for (boolean on = cursor.first(); on; on = cursor.next()) {
        block(Keys.toLong(cursor.key()), cursor.value());
      }
    }
    logs.checkComplete();
  }

  private void block(long seq, Payload value) {
    BlockTable blocks = books.blocks();
    if (blocks.totalBytes() == 0) {
      blocks.startAt(seq);
    }
    if (seq != blocks.newest() + 1) {
      throw new StoreCorruptException("journal block " + (blocks.newest() + 1) + " is missing");
    }
    blocks.append(value.size());
    BlockCodec.read(value, seq, record -> apply(record, seq));
  }

  private void apply(JournalRecord record, long seq) {
    ReplicaLog log = logs.of(record.replica());
    Location at = new Location(seq, record.offset(), record.length());
    switch (record.kind()) {
      case HARD_STATE:
        log.publishHardState(record.toHardState(), at, books);
        break;
      case RESET:
        log.publishReset(record.index(), record.term(), at, books);
        break;
      case COMPACT:
        log.publishCompaction(record.index(), record.term(), at, books);
        break;
      case REMOVE:
        logs.remove(log, books);
        break;
      default:
        log.recoverEntry(record, seq, books);
    }
  }
}
