package io.flotilla.storage;

import io.flotilla.raft.Payload;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The state environment of a node: rows, sessions and metadata of all replicas.
 *
 * <p>Threads: any, unless said otherwise. Completions and futures complete on the state writer or
 * on the background executor; they must be quick and must not throw. Futures fail with a {@link
 * StoreException}.
 */
public final class StateStore {

  /** Where the newest journal block at the last flush is noted; no replica key has this length. */
  private static final Payload JOURNAL_MARK = Payload.of(new byte[] {0});

  private final OrderedStore store;
  private final StateConfig config;
  private final StoreFiles files;
  private final Executor background;
  private final LongSupplier newestJournalBlock;
  private final WriterQueue<FlushBatch> queue;
  private final Installer installer;

  StateStore(
      OrderedStore store,
      StateConfig config,
      StoreFiles files,
      StoreExecutors executors,
      LongSupplier newestJournalBlock) {
    this.store = store;
    this.config = config;
    this.files = files;
    this.background = executors.background();
    this.newestJournalBlock = newestJournalBlock;
    this.queue =
        new WriterQueue<>(
            StoreMeter.Part.STATE,
            executors.state(),
            executors,
            config.maxCommitBytes(),
            new Committer());
    StepRunner steps = new StepRunner(store, queue);
    this.installer = new Installer(files, steps, background, config.stepBytes());
    checkJournal();
    installer.recover(store);
  }

  /** A view of a replica's rows with empty memtables, for the loop that owns the replica. */
  public ReplicaState open(ReplicaKey replica) {
    return new ReplicaState(replica, store);
  }

  /** The flushed value of a {@link Table#META} row, or null. */
  public @Nullable Payload meta(Payload key) {
    try (OrderedStore.ReadTxn txn = store.beginRead()) {
      return txn.get(Table.META, key);
    }
  }

  /** Visits all flushed {@link Table#META} rows in key order. */
  public void scanMeta(BiConsumer<Payload, Payload> visitor) {
    try (OrderedStore.ReadTxn txn = store.beginRead();
        OrderedStore.Cursor cursor = txn.cursor(Table.META)) {
      for (boolean on = cursor.first(); on; on = cursor.next()) {
        visitor.accept(cursor.key(), cursor.value());
      }
    }
  }

  /**
   * Queues a batch. Batches waiting together become one transaction; each is atomic, and they
   * become durable in the order submitted. While the map is full the queue waits.
   */
  public void flush(FlushBatch batch, Runnable onDurable) {
    queue.submit(batch, batch.bytes(), false, onDurable);
  }

  /**
   * Makes a barrier batch durable and copies ranges, as they are right after it, to a file. The
   * file is durable when the future completes.
   *
   * @param barrier may be empty; for a snapshot at the applied index it holds the frozen memtable
   *     and the applied index
   * @param onDurable runs as for {@link #flush}, before the copying begins
   */
  public CompletableFuture<SnapshotInfo> exportRange(
      ExportSpec spec, FlushBatch barrier, Runnable onDurable) {
    CompletableFuture<SnapshotInfo> done = new CompletableFuture<>();
    // The barrier is the last batch of its commit, so the view begun right after it on the writer
    // holds nothing that was submitted later.
    queue.submit(
        barrier,
        barrier.bytes(),
        true,
        () -> {
          onDurable.run();
          copyOut(spec, done);
        });
    return done;
  }

  /** Reads a staged file from start to end; fails when a byte is missing or wrong. */
  public CompletableFuture<SnapshotInfo> verify(String file) {
    return Futures.supply(background, () -> SnapshotReader.verify(files, file));
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
    return installer.install(spec);
  }

  /** Installs that a crash cut off, as found at open; pass them to {@link #ingest} again. */
  public List<InstallSpec> unfinishedInstalls() {
    return installer.unfinished();
  }

  /** Gives up an unfinished install: empties its ranges, writes no meta row, forgets it. */
  public CompletableFuture<Void> abandonInstall(InstallSpec spec) {
    return installer.abandon(spec);
  }

  /**
   * Empties a range in bounded transactions, not atomically; may be repeated after a crash. For the
   * rows of a removed replica, once its tombstone is durable.
   */
  public CompletableFuture<Void> destroyRange(RowRange range) {
    return installer.clear(List.of(range));
  }

  /** Bytes submitted and not yet durable. */
  public long queuedBytes() {
    return queue.queuedBytes();
  }

  /** True when the queue is at its bound: applying should wait. */
  public boolean isOverloaded() {
    return queue.queuedBytes() >= config.maxQueuedBytes();
  }

  /** True while the map has no room and the queue waits. */
  public boolean isFull() {
    return queue.isFull();
  }

  /** Tries again what waits for room; see {@link NodeStore#tryForRoom}. */
  void tryForRoom() {
    queue.roomMayBeFree();
  }

  public Usage usage() {
    return store.usage();
  }

  /** Accepts nothing any more; what is queued is still written if the executor runs it. */
  void stop() {
    queue.stop();
  }

  /** Runs on the state writer, right after the commit of the barrier. */
  private void copyOut(ExportSpec spec, CompletableFuture<SnapshotInfo> done) {
    OrderedStore.ReadTxn txn = store.beginRead();
    CompletableFuture<SnapshotInfo> copied =
        Futures.supply(
            background, () -> SnapshotWriter.write(txn, files, spec, config.chunkBytes()));
    copied.whenComplete(
        (info, failure) -> {
          txn.close();
          Futures.pass(info, failure, done);
        });
  }

  /**
   * A flush notes the newest journal block, so a journal that ends earlier was lost or set back,
   * and with it votes and entries this node has answered for.
   */
  private void checkJournal() {
    try (OrderedStore.ReadTxn txn = store.beginRead()) {
      Payload mark = txn.get(Table.INSTALLS, JOURNAL_MARK);
      if (mark != null && Keys.toLong(mark) > newestJournalBlock.getAsLong()) {
        throw new StoreCorruptException(
            "the journal ends at block "
                + newestJournalBlock.getAsLong()
                + ", but the state was flushed after block "
                + Keys.toLong(mark)
                + ": the journal was lost or replaced by an older copy");
      }
    }
  }

  private final class Committer implements WriterQueue.Committer<FlushBatch> {

    @Override
    public void commit(List<FlushBatch> group) {
      FlushPlan plan = new FlushPlan();
      group.forEach(plan::add);
      plan.put(Table.INSTALLS, JOURNAL_MARK, Keys.ofLong(newestJournalBlock.getAsLong()));
      try (OrderedStore.WriteTxn txn = store.beginWrite()) {
        plan.writeTo(txn);
        txn.commit();
      }
    }

    @Override
    public boolean makeRoom() {
      return false;
    }
  }
}
