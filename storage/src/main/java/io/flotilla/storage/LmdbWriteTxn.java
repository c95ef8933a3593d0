package io.flotilla.storage;

import io.flotilla.raft.Payload;
import java.nio.ByteBuffer;
import org.lmdbjava.Dbi;
import org.lmdbjava.LmdbException;
import org.lmdbjava.Txn;

/** The write transaction; belongs to the thread that began it. */
final class LmdbWriteTxn extends LmdbReadTxn implements OrderedStore.WriteTxn {

  LmdbWriteTxn(LmdbOrderedStore store, Txn<ByteBuffer> txn) {
    super(store, txn);
  }

  @Override
  public void put(Table table, Payload key, Payload value) {
    checkOpen();
    try {
      Dbi<ByteBuffer> dbi = store.table(table);
      if (value.isEmpty()) {
        dbi.put(txn, LmdbBuffers.key(key), LmdbBuffers.EMPTY.duplicate());
      } else {
        ByteBuffer room = dbi.reserve(txn, LmdbBuffers.key(key), value.size());
        room.put(value.asReadOnlyByteBuffer());
      }
    } catch (LmdbException e) {
      throw LmdbErrors.translate("cannot write to " + table, e);
    }
  }

  @Override
  public boolean delete(Table table, Payload key) {
    checkOpen();
    try {
      return store.table(table).delete(txn, LmdbBuffers.key(key));
    } catch (LmdbException e) {
      throw LmdbErrors.translate("cannot delete from " + table, e);
    }
  }

  @Override
  public void commit() {
    checkOpen();
    try {
      long used = store.measure(txn);
      end();
      txn.commit();
      store.setUsedBytes(used);
    } catch (LmdbException e) {
      throw LmdbErrors.translate("cannot commit", e);
    } finally {
      txn.close();
    }
  }

  @Override
  public void close() {
    if (end()) {
      txn.close();
    }
  }
}
