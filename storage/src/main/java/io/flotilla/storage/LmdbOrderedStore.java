package io.flotilla.storage;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.LmdbException;
import org.lmdbjava.Stat;
import org.lmdbjava.Txn;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An LMDB environment. Flags are MDB_NOTLS and nothing else: without it a reader slot belongs to a
 * thread and is freed when the thread ends, while the transaction lives on over pages that get
 * reused. Everything that would trade durability for speed stays off.
 *
 * <p>Read transactions are pooled: ended ones are reset and renewed, and a semaphore in front keeps
 * LMDB from running out of slots. An environment must be open once per process; a registry of real
 * paths sees to that, as LMDB does not.
 */
final class LmdbOrderedStore implements OrderedStore {

  private static final Logger LOG = LoggerFactory.getLogger(LmdbOrderedStore.class);
  private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();
  private static final int SPARE_READERS = 8;
  private static final int FILE_MODE = 0600;
  private static final long CLOSE_SECONDS = 10;

  private final Path directory;
  private final Env<ByteBuffer> env;
  private final Map<Table, Dbi<ByteBuffer>> tables = new EnumMap<>(Table.class);
  private final long mapBytes;
  private final int maxReaders;
  private final Semaphore readers;
  private final ArrayDeque<Txn<ByteBuffer>> idle = new ArrayDeque<>();
  private volatile long usedBytes;

  private LmdbOrderedStore(Path directory, Env<ByteBuffer> env, long mapBytes, int maxReaders) {
    this.directory = directory;
    this.env = env;
    this.mapBytes = mapBytes;
    this.maxReaders = maxReaders;
    this.readers = new Semaphore(maxReaders);
  }

  /**
   * Opens or creates an environment in an existing directory that only this process uses.
   *
   * @param mapBytes fixed for as long as the environment is open
   */
  static LmdbOrderedStore open(Path directory, Set<Table> tables, long mapBytes, int maxReaders) {
    Path real = Disk.realPath(directory);
    if (!OPEN.add(real)) {
      throw new StoreException(real + " is already open in this process");
    }
    boolean created = !Files.exists(real.resolve("data.mdb"));
    try {
      Env<ByteBuffer> env =
          Env.create()
              .setMapSize(mapBytes)
              .setMaxDbs(Table.values().length)
              .setMaxReaders(maxReaders + SPARE_READERS)
              .open(real.toFile(), FILE_MODE, EnvFlags.MDB_NOTLS);
      LmdbOrderedStore store = new LmdbOrderedStore(real, env, mapBytes, maxReaders);
      store.start(tables);
      if (created) {
        // LMDB syncs its file, but not the directory that names it.
        Disk.syncDirectory(real);
      }
      return store;
    } catch (RuntimeException e) {
      OPEN.remove(real);
      throw LmdbErrors.translate("cannot open the environment in " + real, e);
    }
  }

  private void start(Set<Table> names) {
    for (Table table : names) {
      tables.put(table, env.openDbi(table.name(), DbiFlags.MDB_CREATE));
    }
    int stale = env.readerCheck();
    if (stale > 0) {
      LOG.info("cleared {} reader slots of a dead process in {}", stale, directory);
    }
    try (Txn<ByteBuffer> txn = env.txnRead()) {
      usedBytes = measure(txn);
    }
  }

  @Override
  public ReadTxn beginRead() {
    readers.acquireUninterruptibly();
    Txn<ByteBuffer> txn = null;
    try {
      synchronized (idle) {
        txn = idle.poll();
      }
      if (txn == null) {
        txn = env.txnRead();
      } else {
        txn.renew();
      }
      return new LmdbReadTxn(this, txn);
    } catch (LmdbException e) {
      readers.release();
      throw LmdbErrors.translate("cannot begin a read in " + directory, e);
    }
  }

  /** Takes back a transaction whose cursors are closed. */
  void endRead(Txn<ByteBuffer> txn) {
    txn.reset();
    synchronized (idle) {
      idle.push(txn);
    }
    readers.release();
  }

  @Override
  public WriteTxn beginWrite() {
    try {
      return new LmdbWriteTxn(this, env.txnWrite());
    } catch (LmdbException e) {
      throw LmdbErrors.translate("cannot begin a write in " + directory, e);
    }
  }

  @Override
  public Usage usage() {
    return new Usage(usedBytes, mapBytes);
  }

  void setUsedBytes(long bytes) {
    usedBytes = bytes;
  }

  /** Bytes of pages in use, as the transaction sees them. */
  long measure(Txn<ByteBuffer> txn) {
    long bytes = 0;
    for (Dbi<ByteBuffer> table : tables.values()) {
      Stat stat = table.stat(txn);
      bytes += (stat.branchPages + stat.leafPages + stat.overflowPages) * stat.pageSize;
    }
    return bytes;
  }

  Dbi<ByteBuffer> table(Table table) {
    Dbi<ByteBuffer> dbi = tables.get(table);
    if (dbi == null) {
      throw new IllegalArgumentException(directory + " has no table " + table);
    }
    return dbi;
  }

  /**
   * Closes the environment, unless a read is still open after a while: closing under it would let
   * it read unmapped memory and crash the process, so the environment is then left open.
   */
  @Override
  public void close() {
    if (env.isClosed()) {
      return;
    }
    try {
      if (!readers.tryAcquire(maxReaders, CLOSE_SECONDS, TimeUnit.SECONDS)) {
        throw new StoreException("a read is still open, leaving " + directory + " open");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException("interrupted, leaving " + directory + " open", e);
    }
    synchronized (idle) {
      idle.forEach(Txn::close);
      idle.clear();
    }
    env.close();
    OPEN.remove(directory);
  }
}
