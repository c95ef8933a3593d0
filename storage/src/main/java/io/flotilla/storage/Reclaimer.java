package io.flotilla.storage;

import io.flotilla.raft.Payload;

/**
 * Frees the old end of the journal, a little with each commit. Confined to the journal writer.
 *
 * <p>A block is deleted once nothing in it is live, and only when all older ones are gone: a dead
 * record may be what overrules an older one. A slow or idle replica would hold the old end for
 * ever, so when the journal is longer than its target and at least half of it is dead, live records
 * of the oldest blocks are copied to the new end. They die in their old place when the copy is
 * published, and the next commit deletes the block; a reader that has just looked up the old place
 * finds either the block or, on looking again, the new place.
 */
final class Reclaimer {

  private static final int MAX_BLOCKS_PER_COMMIT = 64;
  private static final long MIN_MOVE_BYTES = 256 << 10;

  private final BlockTable blocks;
  private final LogTable logs;
  private final long targetBytes;

  Reclaimer(BlockTable blocks, LogTable logs, long targetBytes) {
    this.blocks = blocks;
    this.logs = logs;
    this.targetBytes = targetBytes;
  }

  /** Plans deletions; returns the oldest block that stays. */
  long planDeletions(CommitPlan plan) {
    long end = end();
    long seq = blocks.oldest();
    while (seq < end && blocks.liveBytes(seq) == 0) {
      plan.delete(seq++);
    }
    return seq;
  }

  /**
   * Plans copies of live records out of the oldest blocks: at most about {@code incomingBytes} or a
   * constant, so that a commit stays in proportion. As half of what is passed over is dead, the
   * journal shrinks faster than it grows.
   *
   * @param from what {@link #planDeletions} returned
   */
  void planMoves(OrderedStore.ReadTxn txn, CommitPlan plan, long from, long incomingBytes) {
    long length = blocks.totalBytes();
    for (long seq = blocks.oldest(); seq < from; seq++) {
      length -= blocks.bytes(seq);
    }
    if (blocks.liveBytes() > length / 2) {
      return;
    }
    long budget = Math.max(MIN_MOVE_BYTES, incomingBytes);
    long end = end();
    for (long seq = from; seq < end && length > targetBytes && budget > 0; seq++) {
      budget -= blocks.liveBytes(seq);
      length -= blocks.bytes(seq);
      move(txn, plan, seq);
    }
  }

  /** The newest block always stays: its number says where the sequence goes on. */
  private long end() {
    return Math.min(blocks.newest(), blocks.oldest() + MAX_BLOCKS_PER_COMMIT);
  }

  private void move(OrderedStore.ReadTxn txn, CommitPlan plan, long seq) {
    if (blocks.liveBytes(seq) == 0) {
      return;
    }
    Payload block = txn.get(Table.BLOCKS, Keys.ofLong(seq));
    if (block == null) {
      throw new StoreCorruptException("journal block " + seq + " is missing");
    }
    BlockCodec.read(
        block,
        seq,
        record -> {
          if (logs.of(record.replica()).isLive(record, seq)) {
            plan.move(record);
          }
        });
  }
}
