package io.flotilla.storage;

import io.flotilla.raft.Payload;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one replica: writes in memory over the tree on disk. Confined to the loop that owns
 * the replica. Keys are not checked against the range of the shard; that is the caller's part.
 *
 * <p>Life: write; {@link #freeze} and put the result into a {@link FlushBatch}; when its completion
 * reached the loop, {@link #release} it. After a crash only what was flushed is left.
 */
public final class ReplicaState {

  ReplicaState() {}

  public ReplicaKey replica() {
    throw new UnsupportedOperationException();
  }

  public @Nullable Payload get(Table table, Payload key) {
    throw new UnsupportedOperationException();
  }

  /** The values of many keys from one view of the tree; null where a key is absent. */
  public List<@Nullable Payload> getAll(Table table, List<Payload> keys) {
    throw new UnsupportedOperationException();
  }

  /** Adds or replaces a row; the key has 1 to {@link Table#MAX_KEY_BYTES} bytes. */
  public void put(Table table, Payload key, Payload value) {
    throw new UnsupportedOperationException();
  }

  public void delete(Table table, Payload key) {
    throw new UnsupportedOperationException();
  }

  /** Visits the rows of a range in key order, backwards when {@code reverse}. */
  public void scan(RowRange range, boolean reverse, RowVisitor visitor) {
    throw new UnsupportedOperationException();
  }

  /** Estimated bytes written since the last freeze. */
  public long dirtyBytes() {
    throw new UnsupportedOperationException();
  }

  /** Estimated bytes of all memtables, frozen ones included. */
  public long memoryBytes() {
    throw new UnsupportedOperationException();
  }

  /** Ends the active memtable and starts an empty one. The result may be empty. */
  public FrozenMemtable freeze() {
    throw new UnsupportedOperationException();
  }

  /** Drops a frozen memtable whose flush is durable; the oldest one first. */
  public void release(FrozenMemtable flushed) {
    throw new UnsupportedOperationException();
  }
}
