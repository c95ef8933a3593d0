package io.flotilla.storage;

import io.flotilla.raft.Payload;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.LmdbException;
import org.lmdbjava.Txn;

/** A pooled read transaction, and the reading half of a write transaction. */
class LmdbReadTxn implements OrderedStore.ReadTxn {

  final LmdbOrderedStore store;
  final Txn<ByteBuffer> txn;
  private final List<LmdbCursor> cursors = new ArrayList<>(1);
  private boolean ended;

  LmdbReadTxn(LmdbOrderedStore store, Txn<ByteBuffer> txn) {
    this.store = store;
    this.txn = txn;
  }

  @Override
  public @Nullable Payload get(Table table, Payload key) {
    ByteBuffer value = find(table, key);
    return value == null ? null : LmdbBuffers.copy(value);
  }

  @Override
  public @Nullable Payload getSlice(Table table, Payload key, int offset, int length) {
    ByteBuffer value = find(table, key);
    if (value == null) {
      return null;
    }
    if (offset < 0 || length < 0 || length > value.remaining() - offset) {
      throw new StoreCorruptException(
          "a value of "
              + table
              + " ends at byte "
              + value.remaining()
              + ", before "
              + ((long) offset + length));
    }
    byte[] bytes = new byte[length];
    value.position(value.position() + offset);
    value.get(bytes);
    return Payload.of(bytes);
  }

  private @Nullable ByteBuffer find(Table table, Payload key) {
    checkOpen();
    try {
      return store.table(table).get(txn, LmdbBuffers.key(key));
    } catch (LmdbException e) {
      throw LmdbErrors.translate("cannot read from " + table, e);
    }
  }

  @Override
  public OrderedStore.Cursor cursor(Table table) {
    checkOpen();
    LmdbCursor cursor = new LmdbCursor(table, store.table(table).openCursor(txn));
    cursors.add(cursor);
    return cursor;
  }

  @Override
  public void close() {
    if (end()) {
      store.endRead(txn);
    }
  }

  /** Closes the cursors; true the first time. */
  final boolean end() {
    if (ended) {
      return false;
    }
    ended = true;
    cursors.forEach(LmdbCursor::close);
    return true;
  }

  final void checkOpen() {
    if (ended) {
      throw new IllegalStateException("the transaction has ended");
    }
  }
}
