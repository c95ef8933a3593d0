package io.flotilla.storage;

import io.flotilla.raft.Payload;

/** Deletes the rows of a range, a bounded number of bytes per transaction. */
final class RangeEraser {

  private static final int ROW_OVERHEAD = 64;

  private RangeEraser() {}

  /** Deletes rows from the start of the range; true when none is left. */
  static boolean erase(OrderedStore.WriteTxn txn, RowRange range, long maxBytes) {
    long bytes = 0;
    try (OrderedStore.Cursor cursor = txn.cursor(range.table())) {
      while (seekStart(cursor, range)) {
        Payload key = cursor.key();
        if (!range.contains(key)) {
          return true;
        }
        if (bytes >= maxBytes) {
          return false;
        }
        bytes += key.size() + cursor.value().size() + ROW_OVERHEAD;
        cursor.delete();
      }
    }
    return true;
  }

  static boolean seekStart(OrderedStore.Cursor cursor, RowRange range) {
    return range.from().isEmpty() ? cursor.first() : cursor.seek(range.from());
  }
}
