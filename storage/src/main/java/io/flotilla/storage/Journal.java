package io.flotilla.storage;

import io.flotilla.storage.JournalWriter.Compaction;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * The Raft logs and hard states of all replicas of a node as one sequence of blocks.
 *
 * <p>Threads: every method may be called on any thread and none waits for the disk, except reads of
 * entries that have left the cache.
 */
public final class Journal {

  private final OrderedStore store;
  private final JournalConfig config;
  private final LogTable logs;
  private final JournalBooks books;
  private final JournalWriter writer;
  private final WriterQueue<JournalBatch> queue;
  private final TreeMap<ReplicaKey, Compaction> compactions = new TreeMap<>(); // guarded by itself
  private volatile long newestBlock;

  /** Reads the whole journal; on the opening thread. */
  Journal(OrderedStore store, JournalConfig config, StoreExecutors executors) {
    this.store = store;
    this.config = config;
    this.logs = new LogTable(new EntryReader(store));
    this.books = new JournalBooks(config.cacheBytes());
    new JournalRecovery(logs, books).run(store);
    this.newestBlock = books.blocks().newest();
    this.writer = new JournalWriter(store, config, logs, books);
    this.queue =
        new WriterQueue<>(
            StoreMeter.Part.JOURNAL,
            executors.journal(),
            executors,
            config.maxCommitBytes(),
            new Committer());
  }

  /** Replicas with durable records, in order. */
  public SortedSet<ReplicaKey> replicas() {
    return logs.durable();
  }

  /** The log of a replica; empty, starting at index 1, when the journal knows nothing of it. */
  public ReplicaLog log(ReplicaKey replica) {
    return logs.of(replica);
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
    queue.submit(batch, batch.bytes(), false, onDurable);
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
    long term = logs.of(replica).compact(upToIndex);
    if (term < 0) {
      return;
    }
    synchronized (compactions) {
      compactions.put(replica, new Compaction(upToIndex, term));
    }
    queue.roomMayBeFree();
  }

  /** Bytes submitted and not yet durable. */
  public long queuedBytes() {
    return queue.queuedBytes();
  }

  /** True when the queue is at its bound: new proposals should be refused. */
  public boolean isOverloaded() {
    return queuedBytes() >= config.maxQueuedBytes();
  }

  /** True while the map has no room and the queue waits for a compaction. */
  public boolean isFull() {
    return queue.isFull();
  }

  /** Tries again what waits for room; see {@link NodeStore#tryForRoom}. */
  void tryForRoom() {
    queue.roomMayBeFree();
  }

  /** True while it is longer than it should be: time to let go of entries kept for others. */
  public boolean isOverTarget() {
    return store.usage().usedBytes() > config.targetBytes();
  }

  /** How full the journal's map is. */
  public Usage usage() {
    return store.usage();
  }

  /**
   * Sequence number of the newest durable block; 0 when there is none. It only rises, also from one
   * process to the next, unless the journal is lost or replaced by an older copy.
   */
  public long newestBlock() {
    return newestBlock;
  }

  /** Accepts nothing any more; what is queued is still written if the executor runs it. */
  void stop() {
    queue.stop();
  }

  /** Runs on the journal writer. */
  private final class Committer implements WriterQueue.Committer<JournalBatch> {

    @Override
    public void commit(List<JournalBatch> group) {
      SortedMap<ReplicaKey, Compaction> marks = marks();
      writer.commit(group, marks);
      committed(marks);
    }

    @Override
    public boolean makeRoom() {
      SortedMap<ReplicaKey, Compaction> marks = marks();
      boolean freed = writer.commitReclaimOnly(marks);
      committed(marks);
      return freed;
    }

    private SortedMap<ReplicaKey, Compaction> marks() {
      synchronized (compactions) {
        return new TreeMap<>(compactions);
      }
    }

    private void committed(SortedMap<ReplicaKey, Compaction> marks) {
      synchronized (compactions) {
        marks.forEach(compactions::remove);
      }
      newestBlock = books.blocks().newest();
    }
  }
}
