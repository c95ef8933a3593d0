package io.flotilla.storage;

import io.flotilla.raft.Payload;
import java.nio.ByteBuffer;
import java.util.NoSuchElementException;
import java.util.function.BooleanSupplier;
import org.lmdbjava.Cursor;
import org.lmdbjava.GetOp;
import org.lmdbjava.LmdbException;

/** A position in a table of an LMDB environment. */
final class LmdbCursor implements OrderedStore.Cursor {

  private final Table table;
  private final Cursor<ByteBuffer> cursor;
  private boolean onRow;
  private boolean closed;

  LmdbCursor(Table table, Cursor<ByteBuffer> cursor) {
    this.table = table;
    this.cursor = cursor;
  }

  @Override
  public boolean first() {
    return move(cursor::first);
  }

  @Override
  public boolean last() {
    return move(cursor::last);
  }

  @Override
  public boolean seek(Payload key) {
    return move(() -> cursor.get(LmdbBuffers.key(key), GetOp.MDB_SET_RANGE));
  }

  @Override
  public boolean seekBefore(Payload key) {
    return seek(key) ? prev() : last();
  }

  @Override
  public boolean next() {
    checkRow();
    return move(cursor::next);
  }

  @Override
  public boolean prev() {
    checkRow();
    return move(cursor::prev);
  }

  @Override
  public Payload key() {
    checkRow();
    return LmdbBuffers.copy(cursor.key().duplicate());
  }

  @Override
  public Payload value() {
    checkRow();
    return LmdbBuffers.copy(cursor.val().duplicate());
  }

  @Override
  public void delete() {
    checkRow();
    onRow = false;
    try {
      cursor.delete();
    } catch (LmdbException e) {
      throw LmdbErrors.translate("cannot delete from " + table, e);
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      onRow = false;
      cursor.close();
    }
  }

  private boolean move(BooleanSupplier step) {
    if (closed) {
      throw new IllegalStateException("the cursor is closed");
    }
    onRow = false;
    try {
      onRow = step.getAsBoolean();
    } catch (LmdbException e) {
      throw LmdbErrors.translate("cannot read from " + table, e);
    }
    return onRow;
  }

  private void checkRow() {
    if (!onRow) {
      throw new NoSuchElementException("the cursor stands on no row");
    }
  }
}
