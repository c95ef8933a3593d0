package io.flotilla.storage;

import io.flotilla.raft.Payload;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The state environment of a node: rows, sessions and metadata of all replicas.
 *
 * <p>Threads: any, unless said otherwise. Completions and futures complete on the state writer or
 * on the background executor; they must be quick and must not throw. Futures fail with a {@link
 * StoreException}.
 */
public final class StateStore {

  StateStore() {}

  /** A view of a replica's rows with empty memtables, for the loop that owns the replica. */
  public ReplicaState open(ReplicaKey replica) {
    throw new UnsupportedOperationException();
  }

  /** The flushed value of a {@link Table#META} row, or null. */
  public @Nullable Payload meta(Payload key) {
    throw new UnsupportedOperationException();
  }

  /** Visits all flushed {@link Table#META} rows in key order. */
  public void scanMeta(BiConsumer<Payload, Payload> visitor) {
    throw new UnsupportedOperationException();
  }

  /**
   * Queues a batch. Batches waiting together become one transaction; each is atomic, and they
   * become durable in the order submitted. While the map is full the queue waits.
   */
  public void flush(FlushBatch batch, Runnable onDurable) {
    throw new UnsupportedOperationException();
  }

  /**
   * Makes a barrier batch durable and copies ranges, as they are right after it, to a file. The
   * file is durable when the future completes.
   *
   * @param barrier may be empty; for a snapshot at the applied index it holds the frozen memtable
   *     and the applied index
   */
  public CompletableFuture<SnapshotInfo> exportRange(ExportSpec spec, FlushBatch barrier) {
    throw new UnsupportedOperationException();
  }

  /** Reads a staged file from start to end; fails when a byte is missing or wrong. */
  public CompletableFuture<SnapshotInfo> verify(String file) {
    throw new UnsupportedOperationException();
  }

  /**
   * Verifies a staged file, then replaces the ranges by its rows in bounded transactions. From the
   * first one until the last, which also writes the meta rows, a marker makes the install show up
   * in {@link #unfinishedInstalls} after a crash. Nothing has changed if the file is refused.
   *
   * <p>The caller keeps everyone from reading these ranges in the meantime, drops the replica's
   * {@link ReplicaState} and opens a new one afterwards.
   */
  public CompletableFuture<SnapshotInfo> ingest(InstallSpec spec) {
    throw new UnsupportedOperationException();
  }

  /** Installs that a crash cut off, as found at open; pass them to {@link #ingest} again. */
  public List<InstallSpec> unfinishedInstalls() {
    throw new UnsupportedOperationException();
  }

  /** Gives up an unfinished install: empties its ranges, writes no meta row, forgets it. */
  public CompletableFuture<Void> abandonInstall(InstallSpec spec) {
    throw new UnsupportedOperationException();
  }

  /**
   * Empties a range in bounded transactions, not atomically; may be repeated after a crash. For the
   * rows of a removed replica, once its tombstone is durable.
   */
  public CompletableFuture<Void> destroyRange(RowRange range) {
    throw new UnsupportedOperationException();
  }

  /** Bytes submitted and not yet durable. */
  public long queuedBytes() {
    throw new UnsupportedOperationException();
  }

  /** True when the queue is at its bound: applying should wait. */
  public boolean isOverloaded() {
    throw new UnsupportedOperationException();
  }

  /** True while the map has no room and the queue waits. */
  public boolean isFull() {
    throw new UnsupportedOperationException();
  }

  public Usage usage() {
    throw new UnsupportedOperationException();
  }
}
