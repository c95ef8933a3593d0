package io.flotilla.storage;

import io.flotilla.raft.Payload;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one replica: writes in memory over the tree on disk. Confined to the loop that owns
 * the replica. Keys are not checked against the range of the shard; that is the caller's part.
 *
 * <p>Life: write; {@link #freeze} and put the result into a {@link FlushBatch}; when its completion
 * reached the loop, {@link #release} it. After a crash only what was flushed is left.
 *
 * <p>A split freezes the parent, flushes it with the metadata of both, and opens the child's state
 * once that is durable: the child then finds the parent's rows in the tree, and nothing is moved.
 */
public final class ReplicaState {

  private final ReplicaKey replica;
  private final OrderedStore store;
  private final ArrayDeque<FrozenMemtable> frozen = new ArrayDeque<>(); // newest first
  private Memtable active = new Memtable();

  ReplicaState(ReplicaKey replica, OrderedStore store) {
    this.replica = replica;
    this.store = store;
  }

  public ReplicaKey replica() {
    return replica;
  }

  /** The newest value of a key, or null. */
  public @Nullable Payload get(Table table, Payload key) {
    Optional<Payload> written = written(table, key);
    if (written != null) {
      return written.orElse(null);
    }
    try (OrderedStore.ReadTxn txn = store.beginRead()) {
      return txn.get(table, key);
    }
  }

  /** The values of many keys from one view of the tree; null where a key is absent. */
  public List<@Nullable Payload> getAll(Table table, List<Payload> keys) {
    List<@Nullable Payload> values = new ArrayList<>(keys.size());
    try (OrderedStore.ReadTxn txn = store.beginRead()) {
      for (Payload key : keys) {
        Optional<Payload> written = written(table, key);
        values.add(written != null ? written.orElse(null) : txn.get(table, key));
      }
    }
    return values;
  }

  /** Adds or replaces a row; the key has 1 to {@link Table#MAX_KEY_BYTES} bytes. */
  public void put(Table table, Payload key, Payload value) {
    Keys.check(key);
    active.put(table, key, Optional.of(value));
  }

  /** Deletes a row; nothing happens when there is none. */
  public void delete(Table table, Payload key) {
    Keys.check(key);
    active.put(table, key, Optional.empty());
  }

  /** Visits the rows of a range in key order, backwards when {@code reverse}. */
  public void scan(RowRange range, boolean reverse, RowVisitor visitor) {
    List<RowSource> sources = new ArrayList<>(frozen.size() + 2);
    sources.add(RowSource.ofMemtable(active, range, reverse));
    for (FrozenMemtable layer : frozen) {
      sources.add(RowSource.ofMemtable(layer.rows(), range, reverse));
    }
    try (OrderedStore.ReadTxn txn = store.beginRead();
        OrderedStore.Cursor cursor = txn.cursor(range.table())) {
      sources.add(RowSource.ofTree(cursor, range, reverse));
      RowSource.merge(sources, reverse, visitor);
    }
  }

  /** Estimated bytes written since the last freeze. */
  public long dirtyBytes() {
    return active.bytes();
  }

  /** Estimated bytes of all memtables, frozen ones included. */
  public long memoryBytes() {
    long bytes = active.bytes();
    for (FrozenMemtable layer : frozen) {
      bytes += layer.bytes();
    }
    return bytes;
  }

  /** Ends the active memtable and starts an empty one. The result may be empty. */
  public FrozenMemtable freeze() {
    FrozenMemtable layer = new FrozenMemtable(replica, active);
    active = new Memtable();
    frozen.addFirst(layer);
    return layer;
  }

  /** Drops a frozen memtable whose flush is durable; the oldest one first. */
  public void release(FrozenMemtable flushed) {
    if (frozen.peekLast() != flushed) {
      throw new IllegalStateException("not the oldest frozen memtable of " + replica);
    }
    frozen.removeLast();
  }

  private @Nullable Optional<Payload> written(Table table, Payload key) {
    Optional<Payload> value = active.get(table, key);
    if (value != null) {
      return value;
    }
    for (FrozenMemtable layer : frozen) {
      value = layer.rows().get(table, key);
      if (value != null) {
        return value;
      }
    }
    return null;
  }
}
