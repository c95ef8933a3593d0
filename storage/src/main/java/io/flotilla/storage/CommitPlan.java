package io.flotilla.storage;

import io.flotilla.raft.Entry;
import io.flotilla.raft.HardState;
import io.flotilla.raft.Payload;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * One commit of the journal in the making: the blocks to write, the old blocks to delete, and what
 * to publish once it is durable. Confined to the journal writer.
 */
final class CommitPlan {

  /** Where a log will begin and end once the records planned so far are durable. */
  private record Tail(long base, long last, boolean removed) {}

  private final LogTable logs;
  private final long firstSeq;
  private final ByteBuffer block;
  private final List<Payload> blocks = new ArrayList<>();
  private final List<Consumer<JournalBooks>> effects = new ArrayList<>();
  private final List<Long> deletions = new ArrayList<>();
  private final Map<ReplicaKey, Tail> tails = new HashMap<>();
  private ByteBuffer out;
  private int records;
  private long bytes;

  /**
   * A plan for nothing yet.
   *
   * @param block room of the size at which blocks are cut, the plan's until it is sealed. To make
   *     it anew for each commit cost the writer a seventh of its time: most commits need little of
   *     it.
   */
  CommitPlan(LogTable logs, long firstSeq, ByteBuffer block) {
    this.logs = logs;
    this.firstSeq = firstSeq;
    this.block = block;
    this.out = block;
    out.clear().position(BlockCodec.HEADER_BYTES);
  }

  /** Deletes the oldest block that is not deleted yet. */
  void delete(long seq) {
    deletions.add(seq);
    effects.add(books -> books.blocks().removeOldest());
  }

  /** Copies a live record from the old end. Comes before all records of batches. */
  void move(JournalRecord record) {
    ReplicaLog log = logs.of(record.replica());
    Location at = place(record.length());
    switch (record.kind()) {
      case HARD_STATE:
        HardState state = record.toHardState();
        RecordCodec.putHardState(out, log.replica(), state);
        effects.add(books -> log.publishHardState(state, at, books));
        break;
      case RESET:
      case COMPACT:
        marker(log, RecordKind.COMPACT, record.index(), record.term());
        effects.add(books -> log.publishCompaction(record.index(), record.term(), at, books));
        break;
      default:
        RecordCodec.putEntry(out, log.replica(), record.toEntry(), true);
        effects.add(books -> log.publishMove(record.index(), at, books));
    }
  }

  /** Plans a compaction, unless a reset or a later compaction has overtaken it. */
  void compact(ReplicaKey replica, long upTo, long term) {
    ReplicaLog log = logs.of(replica);
    if (!log.isDurable() || upTo <= log.baseIndex()) {
      return;
    }
    Location at = place(RecordCodec.HEADER_BYTES);
    marker(log, RecordKind.COMPACT, upTo, term);
    effects.add(books -> log.publishCompaction(upTo, term, at, books));
    tails.put(replica, new Tail(upTo, log.lastDurable(), false));
  }

  void add(JournalOp op) {
    ReplicaLog log = logs.of(op.replica());
    Tail tail = tail(log);
    if (tail.removed()) {
      throw new IllegalStateException(op.replica() + " was removed earlier in this commit");
    }
    if (op instanceof JournalOp.Append append) {
      append(log, append.entries(), tail);
    } else if (op instanceof JournalOp.SetHardState set) {
      Location at = place(RecordCodec.HARD_STATE_BYTES);
      RecordCodec.putHardState(out, log.replica(), set.hardState());
      effects.add(books -> log.publishHardState(set.hardState(), at, books));
    } else if (op instanceof JournalOp.Reset reset) {
      Location at = place(RecordCodec.HEADER_BYTES);
      marker(log, RecordKind.RESET, reset.index(), reset.term());
      effects.add(books -> log.publishReset(reset.index(), reset.term(), at, books));
      tails.put(log.replica(), new Tail(reset.index(), reset.index(), false));
    } else if (op instanceof JournalOp.Remove) {
      place(RecordCodec.HEADER_BYTES);
      marker(log, RecordKind.REMOVE, 0, 0);
      effects.add(books -> logs.remove(log, books));
      tails.put(log.replica(), new Tail(0, 0, true));
    }
  }

  /** Ends the last block. Nothing may be added afterwards. */
  void seal() {
    cut();
  }

  boolean isEmpty() {
    return blocks.isEmpty() && deletions.isEmpty();
  }

  long bytes() {
    return bytes;
  }

  void writeTo(OrderedStore.WriteTxn txn) {
    for (long seq : deletions) {
      if (!txn.delete(Table.BLOCKS, Keys.ofLong(seq))) {
        throw new StoreCorruptException("journal block " + seq + " is missing");
      }
    }
    for (int i = 0; i < blocks.size(); i++) {
      txn.put(Table.BLOCKS, Keys.ofLong(firstSeq + i), blocks.get(i));
    }
  }

  /** Makes the durable commit visible. */
  void publish(JournalBooks books) {
    for (Payload block : blocks) {
      books.blocks().append(block.size());
    }
    for (Consumer<JournalBooks> effect : effects) {
      effect.accept(books);
    }
    books.trimCache();
  }

  private void append(ReplicaLog log, List<Entry> entries, Tail tail) {
    long first = entries.get(0).index();
    if (first <= tail.base() || first > tail.last() + 1) {
      throw new IllegalStateException(
          "cannot append index "
              + first
              + " to "
              + log.replica()
              + ", whose log is "
              + (tail.base() + 1)
              + ".."
              + tail.last());
    }
    int start = 0;
    while (start < entries.size()) {
      Location at = place(RecordCodec.entryBytes(entries.get(start)));
      int end = start;
      do {
        RecordCodec.putEntry(out, log.replica(), entries.get(end++), false);
        records++;
      } while (end < entries.size() && fits(RecordCodec.entryBytes(entries.get(end))));
      records--; // place counted the first one
      List<Entry> run = entries.subList(start, end);
      effects.add(books -> log.publishEntries(run, at.block(), at.offset(), books));
      start = end;
    }
    long last = entries.get(entries.size() - 1).index();
    tails.put(log.replica(), new Tail(tail.base(), last, false));
  }

  private void marker(ReplicaLog log, RecordKind kind, long index, long term) {
    RecordCodec.putMarker(out, log.replica(), kind, index, term);
  }

  private Tail tail(ReplicaLog log) {
    Tail tail = tails.get(log.replica());
    return tail != null ? tail : new Tail(log.baseIndex(), log.lastDurable(), false);
  }

  /** Makes room for a record, in a new block if need be, and counts it. */
  private Location place(int length) {
    if (!fits(length)) {
      cut();
      if (length > out.remaining()) {
        out = ByteBuffer.allocate(BlockCodec.HEADER_BYTES + length);
        out.position(BlockCodec.HEADER_BYTES);
      }
    }
    records++;
    return new Location(firstSeq + blocks.size(), out.position(), length);
  }

  private boolean fits(int length) {
    return length <= out.remaining();
  }

  private void cut() {
    if (records == 0) {
      return;
    }
    byte[] written = Arrays.copyOf(out.array(), out.position());
    BlockCodec.putHeader(written, firstSeq + blocks.size(), records);
    blocks.add(Payload.of(written));
    bytes += BlockTable.onDisk(written.length);
    out = block;
    out.clear().position(BlockCodec.HEADER_BYTES);
    records = 0;
  }
}
