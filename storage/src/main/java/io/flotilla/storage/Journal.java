package io.flotilla.storage;

import java.util.SortedSet;

/**
 * The Raft logs and hard states of all replicas of a node as one sequence of blocks.
 *
 * <p>Threads: every method may be called on any thread and none waits for the disk, except reads of
 * entries that have left the cache.
 */
public final class Journal {

  Journal() {}

  /** Replicas with durable records, in order. */
  public SortedSet<ReplicaKey> replicas() {
    throw new UnsupportedOperationException();
  }

  /** The log of a replica; empty, starting at index 1, when the journal knows nothing of it. */
  public ReplicaLog log(ReplicaKey replica) {
    throw new UnsupportedOperationException();
  }

  /**
   * Queues a batch. All batches waiting together become one commit. Batches become durable in the
   * order submitted; {@code onDurable} runs on the journal writer, in the same order, after the
   * data is visible in {@link #log}. It must be quick and must not throw.
   *
   * <p>While the map is full the queue waits ({@link #isFull}); after a failed commit it is dropped
   * and no completion runs.
   */
  public void submit(JournalBatch batch, Runnable onDurable) {
    throw new UnsupportedOperationException();
  }

  /**
   * Says that entries up to and including an index are no longer needed: the state that contains
   * them is durable and no follower is to be served from them. Takes effect in {@link
   * ReplicaLog#firstIndex} at once, on disk with a later commit. An index that is compacted already
   * does nothing. Called by the loop that owns the replica.
   *
   * @param upToIndex at most the durable last index
   */
  public void compact(ReplicaKey replica, long upToIndex) {
    throw new UnsupportedOperationException();
  }

  /** Bytes submitted and not yet durable. */
  public long queuedBytes() {
    throw new UnsupportedOperationException();
  }

  /** True when the queue is at its bound: new proposals should be refused. */
  public boolean isOverloaded() {
    throw new UnsupportedOperationException();
  }

  /** True while the map has no room and the queue waits for a compaction. */
  public boolean isFull() {
    throw new UnsupportedOperationException();
  }

  public Usage usage() {
    throw new UnsupportedOperationException();
  }
}
