package io.flotilla.storage;

import io.flotilla.raft.Payload;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An {@link OrderedStore} in memory with the crash semantics of the real one: what was committed
 * survives, everything else is gone. Faults are armed by the test. Safe for several threads.
 *
 * <p>One instance is one process' view; {@link #reopen} is the next process' view of the same
 * bytes.
 */
public final class SimOrderedStore implements OrderedStore {

  /** When an armed crash strikes. */
  public enum CrashPoint {
    BEFORE_COMMIT,
    AFTER_COMMIT
  }

  /** What survives a crash. A table that a read may still see is replaced, never changed. */
  static final class Disk {
    private Map<Table, NavigableMap<Payload, Payload>> tables = new EnumMap<>(Table.class);
    private long usedBytes;
    private long commits;
    private long version;
    private long roomBytes = Long.MAX_VALUE;
    private long refusals;
    private boolean broken;

    /** The same bytes once more; rows are never changed in place. */
    Disk copy() {
      Disk copy = new Disk();
      tables.forEach((table, rows) -> copy.tables.put(table, new TreeMap<>(rows)));
      copy.usedBytes = usedBytes;
      copy.commits = commits;
      copy.version = version;
      return copy;
    }
  }

  private static final int ROW_OVERHEAD = 16;

  private final Disk disk;
  private final long mapBytes;
  private final Set<Object> openReads = new HashSet<>();
  private boolean dead;
  private boolean writing;
  private @Nullable RuntimeException commitFailure;
  private boolean durableAnyway;
  private long crashAtCommit = -1;
  private CrashPoint crashPoint = CrashPoint.BEFORE_COMMIT;

  /** An empty store. */
  public SimOrderedStore(long mapBytes) {
    this(new Disk(), mapBytes);
  }

  /** What is durable now, to go back to. */
  synchronized Disk image() {
    return disk.copy();
  }

  /** The store of a process that finds an older image; this one is dead from now on. */
  synchronized SimOrderedStore reopen(Disk image) {
    dead = true;
    return new SimOrderedStore(image.copy(), mapBytes);
  }

  private SimOrderedStore(Disk disk, long mapBytes) {
    this.disk = disk;
    this.mapBytes = mapBytes;
  }

  /** Kills the process: open transactions are lost and every later call throws. */
  public synchronized void crash() {
    dead = true;
  }

  /** The store as the next process finds it; this one is dead from now on. */
  public synchronized SimOrderedStore reopen() {
    dead = true;
    return new SimOrderedStore(disk, mapBytes);
  }

  /** Takes back what was armed and has not struck. */
  public synchronized void disarm() {
    commitFailure = null;
    crashAtCommit = -1;
  }

  /** Makes the next commit throw and change nothing. */
  public synchronized void failNextCommit(RuntimeException failure) {
    failNextCommit(failure, false);
  }

  /**
   * Makes the next commit throw.
   *
   * @param durable whether its rows are there after the next start nevertheless: after a failed
   *     sync nobody knows
   */
  public synchronized void failNextCommit(RuntimeException failure, boolean durable) {
    commitFailure = failure;
    durableAnyway = durable;
  }

  /** No commit succeeds any more, also for the processes to come. */
  public synchronized void breakDown() {
    disk.broken = true;
  }

  /** Leaves room for so many bytes more than are used now, whatever the size of the map. */
  public synchronized void leaveRoom(long bytes) {
    disk.roomBytes = disk.usedBytes + bytes;
  }

  /** As much room again as the map has. */
  public synchronized void leaveAllRoom() {
    disk.roomBytes = Long.MAX_VALUE;
  }

  /** How often a write met a full store. */
  public synchronized long refusals() {
    return disk.refusals;
  }

  /**
   * Crashes at a commit to come.
   *
   * @param number 1 for the next one
   */
  public synchronized void crashAtCommit(int number, CrashPoint point) {
    crashAtCommit = disk.commits + number;
    crashPoint = point;
  }

  /** Commits since the store was created. */
  public synchronized long commits() {
    return disk.commits;
  }

  /** Rises with each change of what is durable. */
  synchronized long version() {
    return disk.version;
  }

  /** Flips bits of one byte of a stored value. */
  public synchronized void corrupt(Table table, Payload key, int offset) {
    Payload value = disk.tables.getOrDefault(table, new TreeMap<>()).get(key);
    if (value == null) {
      throw new IllegalArgumentException("no such row");
    }
    byte[] bytes = value.toByteArray();
    bytes[offset] ^= 0x41;
    apply(table, Map.of(key, Optional.of(Payload.of(bytes))));
  }

  /** Removes a stored row behind the back of the owner. */
  public synchronized void lose(Table table, Payload key) {
    apply(table, Map.of(key, Optional.empty()));
  }

  /** A copy of a table. */
  public synchronized TreeMap<Payload, Payload> rows(Table table) {
    return new TreeMap<>(disk.tables.getOrDefault(table, new TreeMap<>()));
  }

  @Override
  public synchronized ReadTxn beginRead() {
    checkAlive();
    SimTxn txn = new SimTxn(disk.tables, false);
    openReads.add(txn);
    return txn;
  }

  @Override
  public synchronized WriteTxn beginWrite() {
    checkAlive();
    if (writing) {
      throw new IllegalStateException("a write transaction is open");
    }
    writing = true;
    return new SimTxn(disk.tables, true);
  }

  @Override
  public synchronized Usage usage() {
    return new Usage(disk.usedBytes, Math.min(mapBytes, disk.roomBytes));
  }

  @Override
  public synchronized void close() {
    if (!openReads.isEmpty() && !dead) {
      throw new IllegalStateException("a read is still open");
    }
    dead = true;
  }

  private void checkAlive() {
    if (dead) {
      throw new SimCrashException("earlier: the store is gone");
    }
  }

  private void apply(SimTxn txn) {
    txn.changes.forEach(this::apply);
    disk.version++;
  }

  private void apply(Table table, Map<Payload, Optional<Payload>> changes) {
    NavigableMap<Payload, Payload> old = disk.tables.getOrDefault(table, new TreeMap<>());
    NavigableMap<Payload, Payload> rows = openReads.isEmpty() ? old : new TreeMap<>(old);
    changes.forEach(
        (key, value) -> {
          Payload before = value.isPresent() ? rows.put(key, value.get()) : rows.remove(key);
          disk.usedBytes += value.map(now -> cost(key, now)).orElse(0L);
          disk.usedBytes -= before == null ? 0 : cost(key, before);
        });
    Map<Table, NavigableMap<Payload, Payload>> tables = new EnumMap<>(Table.class);
    tables.putAll(disk.tables);
    tables.put(table, rows);
    disk.tables = tables;
  }

  private static long cost(Payload key, Payload value) {
    return key.size() + value.size() + ROW_OVERHEAD;
  }

  private synchronized void commit(SimTxn txn) {
    checkAlive();
    if (commitFailure != null) {
      RuntimeException failure = commitFailure;
      commitFailure = null;
      if (durableAnyway) {
        apply(txn);
      }
      throw failure;
    }
    if (disk.broken) {
      throw new StoreException("the simulated disk is broken");
    }
    boolean crash = disk.commits + 1 == crashAtCommit;
    if (crash && crashPoint == CrashPoint.BEFORE_COMMIT) {
      dead = true;
      throw new SimCrashException("before commit " + crashAtCommit);
    }
    apply(txn);
    disk.commits++;
    if (crash) {
      dead = true;
      throw new SimCrashException("after commit " + crashAtCommit);
    }
  }

  private synchronized void checkRoom(long added) {
    Usage usage = usage();
    if (usage.usedBytes() + added > usage.mapBytes()) {
      disk.refusals++;
      throw new StoreFullException("the simulated map is full", null);
    }
  }

  private synchronized void end(SimTxn txn) {
    openReads.remove(txn);
    if (txn.writes) {
      writing = false;
    }
  }

  private final class SimTxn implements WriteTxn {

    private final Map<Table, NavigableMap<Payload, Payload>> base;
    private final Map<Table, NavigableMap<Payload, Optional<Payload>>> changes =
        new EnumMap<>(Table.class);
    private final boolean writes;
    private long addedBytes;
    private boolean ended;

    SimTxn(Map<Table, NavigableMap<Payload, Payload>> base, boolean writes) {
      this.base = base;
      this.writes = writes;
    }

    @Override
    public @Nullable Payload get(Table table, Payload key) {
      check(key);
      Optional<Payload> changed = changed(table).get(key);
      return changed != null ? changed.orElse(null) : rows(table).get(key);
    }

    @Override
    public @Nullable Payload getSlice(Table table, Payload key, int offset, int length) {
      Payload value = get(table, key);
      if (value == null) {
        return null;
      }
      if (offset < 0 || length < 0 || length > value.size() - offset) {
        throw new StoreCorruptException("a value of " + table + " is too short");
      }
      byte[] bytes = new byte[length];
      value.asReadOnlyByteBuffer().position(offset).get(bytes);
      return Payload.of(bytes);
    }

    @Override
    public Cursor cursor(Table table) {
      checkOpen();
      return new SimCursor(this, table);
    }

    @Override
    public void put(Table table, Payload key, Payload value) {
      check(key);
      addedBytes += cost(key, value);
      checkRoom(addedBytes);
      changed(table).put(key, Optional.of(value));
    }

    @Override
    public boolean delete(Table table, Payload key) {
      boolean present = get(table, key) != null;
      changed(table).put(key, Optional.empty());
      return present;
    }

    @Override
    public void commit() {
      checkOpen();
      try {
        SimOrderedStore.this.commit(this);
      } finally {
        close();
      }
    }

    @Override
    public void close() {
      ended = true;
      end(this);
    }

    NavigableMap<Payload, Payload> rows(Table table) {
      return base.getOrDefault(table, new TreeMap<>());
    }

    NavigableMap<Payload, Optional<Payload>> changed(Table table) {
      return changes.computeIfAbsent(table, absent -> new TreeMap<>());
    }

    void checkOpen() {
      synchronized (SimOrderedStore.this) {
        checkAlive();
      }
      if (ended) {
        throw new IllegalStateException("the transaction has ended");
      }
    }

    private void check(Payload key) {
      checkOpen();
      Keys.check(key);
    }
  }

  /** Finds its way by keys, so it stays right while its transaction changes the table. */
  private static final class SimCursor implements Cursor {

    private final SimTxn txn;
    private final Table table;
    private @Nullable Payload at;

    SimCursor(SimTxn txn, Table table) {
      this.txn = txn;
      this.table = table;
    }

    @Override
    public boolean first() {
      return forward(least(rows().firstEntry(), changes().firstEntry()));
    }

    @Override
    public boolean last() {
      return backward(greatest(rows().lastEntry(), changes().lastEntry()));
    }

    @Override
    public boolean seek(Payload key) {
      return forward(least(rows().ceilingEntry(key), changes().ceilingEntry(key)));
    }

    @Override
    public boolean seekBefore(Payload key) {
      return backward(greatest(rows().lowerEntry(key), changes().lowerEntry(key)));
    }

    @Override
    public boolean next() {
      Payload key = key();
      return forward(least(rows().higherEntry(key), changes().higherEntry(key)));
    }

    @Override
    public boolean prev() {
      return seekBefore(key());
    }

    @Override
    public Payload key() {
      if (at == null) {
        throw new NoSuchElementException("the cursor stands on no row");
      }
      return at;
    }

    @Override
    public Payload value() {
      Payload value = txn.get(table, key());
      if (value == null) {
        throw new NoSuchElementException("the row was deleted");
      }
      return value;
    }

    @Override
    public void delete() {
      txn.delete(table, key());
      at = null;
    }

    @Override
    public void close() {
      at = null;
    }

    private boolean forward(@Nullable Payload from) {
      Payload key = from;
      while (key != null && txn.get(table, key) == null) {
        key = least(rows().higherEntry(key), changes().higherEntry(key));
      }
      at = key;
      return key != null;
    }

    private boolean backward(@Nullable Payload from) {
      Payload key = from;
      while (key != null && txn.get(table, key) == null) {
        key = greatest(rows().lowerEntry(key), changes().lowerEntry(key));
      }
      at = key;
      return key != null;
    }

    private NavigableMap<Payload, Payload> rows() {
      txn.checkOpen();
      return txn.rows(table);
    }

    private NavigableMap<Payload, Optional<Payload>> changes() {
      return txn.changed(table);
    }

    private static @Nullable Payload least(
        Map.@Nullable Entry<Payload, ?> left, Map.@Nullable Entry<Payload, ?> right) {
      if (left == null || right == null) {
        return left == null ? (right == null ? null : right.getKey()) : left.getKey();
      }
      return left.getKey().compareTo(right.getKey()) <= 0 ? left.getKey() : right.getKey();
    }

    private static @Nullable Payload greatest(
        Map.@Nullable Entry<Payload, ?> left, Map.@Nullable Entry<Payload, ?> right) {
      if (left == null || right == null) {
        return least(left, right);
      }
      return left.getKey().compareTo(right.getKey()) >= 0 ? left.getKey() : right.getKey();
    }
  }
}
