package io.flotilla.storage;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.SortedMap;

/** Turns queued work into commits. Confined to the journal writer. */
final class JournalWriter {

  /** A compaction waiting for its marker. */
  record Compaction(long index, long term) {}

  private final OrderedStore store;
  private final JournalConfig config;
  private final LogTable logs;
  private final JournalBooks books;
  private final Reclaimer reclaimer;
  private final ByteBuffer block;

  JournalWriter(OrderedStore store, JournalConfig config, LogTable logs, JournalBooks books) {
    this.store = store;
    this.config = config;
    this.logs = logs;
    this.books = books;
    this.reclaimer = new Reclaimer(books.blocks(), logs, config.targetBytes());
    this.block = ByteBuffer.allocate(config.blockBytes());
  }

  /**
   * Commits batches and compactions, frees some of the old end, and publishes.
   *
   * @throws StoreFullException when there is no room; nothing was changed
   */
  void commit(List<JournalBatch> batches, SortedMap<ReplicaKey, Compaction> compactions) {
    long incoming = batches.stream().mapToLong(JournalBatch::bytes).sum();
    CommitPlan plan = newPlan();
    try (OrderedStore.WriteTxn txn = store.beginWrite()) {
      long oldest = reclaimer.planDeletions(plan);
      reclaimer.planMoves(txn, plan, oldest, incoming);
      compactions.forEach((key, mark) -> plan.compact(key, mark.index(), mark.term()));
      for (JournalBatch batch : batches) {
        batch.ops().forEach(plan::add);
      }
      plan.seal();
      checkRoom(plan);
      plan.writeTo(txn);
      txn.commit();
    }
    plan.publish(books);
  }

  /**
   * Writes waiting compactions and deletes dead blocks, with the room that {@link #commit} leaves.
   *
   * @return false when there was nothing to free
   */
  boolean commitReclaimOnly(SortedMap<ReplicaKey, Compaction> compactions) {
    CommitPlan plan = newPlan();
    try (OrderedStore.WriteTxn txn = store.beginWrite()) {
      reclaimer.planDeletions(plan);
      compactions.forEach((key, mark) -> plan.compact(key, mark.index(), mark.term()));
      plan.seal();
      if (plan.isEmpty()) {
        return false;
      }
      plan.writeTo(txn);
      txn.commit();
    }
    plan.publish(books);
    return true;
  }

  private CommitPlan newPlan() {
    return new CommitPlan(logs, books.blocks().newest() + 1, block);
  }

  /** Keeps a part of the map for deletions, which need pages too. */
  private void checkRoom(CommitPlan plan) {
    Usage usage = store.usage();
    long limit = usage.mapBytes() - usage.mapBytes() / 8;
    if (usage.usedBytes() + plan.bytes() > limit) {
      throw new StoreFullException(
          "the journal map of "
              + usage.mapBytes()
              + " bytes has no room for "
              + plan.bytes()
              + " more: it holds "
              + usage.usedBytes(),
          null);
    }
  }
}
