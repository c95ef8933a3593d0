package io.flotilla.storage;

import io.flotilla.raft.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Changes to the state environment that become durable together: frozen rows and, in the same
 * transaction, the rows that say which log index they reflect (R31: kept apart, a crash would apply
 * entries twice or not at all). Built by one thread, then handed to {@link StateStore#flush}, after
 * which it must not change. Operations take effect in the order added.
 */
public final class FlushBatch {

  /** One operation; exactly one kind per record type. */
  sealed interface Op {
    record Rows(FrozenMemtable memtable) implements Op {}

    record Meta(Payload key, Optional<Payload> value) implements Op {}

    record Clear(RowRange range) implements Op {}
  }

  private static final int OP_OVERHEAD = 64;

  private final List<Op> ops = new ArrayList<>();
  private long bytes;

  /** Adds the rows of a frozen memtable. Memtables of one replica are flushed in freeze order. */
  public void add(FrozenMemtable memtable) {
    ops.add(new Op.Rows(memtable));
    bytes += memtable.bytes();
  }

  /** Adds or replaces a row of {@link Table#META}. */
  public void putMeta(Payload key, Payload value) {
    Keys.check(key);
    ops.add(new Op.Meta(key, Optional.of(value)));
    bytes += key.size() + value.size() + OP_OVERHEAD;
  }

  /** Deletes a row of {@link Table#META}. */
  public void deleteMeta(Payload key) {
    Keys.check(key);
    ops.add(new Op.Meta(key, Optional.empty()));
    bytes += key.size() + OP_OVERHEAD;
  }

  /**
   * Deletes all rows of a range that are in the tree or were added before. For small ranges: all
   * deletions share this transaction. A large range is emptied with {@link
   * StateStore#destroyRange}.
   */
  public void clearRange(RowRange range) {
    ops.add(new Op.Clear(range));
    bytes += OP_OVERHEAD;
  }

  public boolean isEmpty() {
    return ops.isEmpty();
  }

  /** Estimated bytes. */
  public long bytes() {
    return bytes;
  }

  List<Op> ops() {
    return ops;
  }
}
