package io.flotilla.shard.kv;

import io.flotilla.internal.v1.ReplicaRow;
import io.flotilla.raft.Payload;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.KeyRange;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.storage.ReplicaState;
import io.flotilla.storage.Table;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When rows of a shard expire, and how they are removed.
 *
 * <p>The time of a shard is that of its last revision: it is in the state, it is the same on all
 * replicas and never goes back, so that a row is hidden from everybody at the same place of the log
 * (R34). Hidden rows are removed by sweeps, which go over the whole shard a page at a time; whether
 * one was removed already makes no difference to anybody.
 *
 * <p>{@code earliest} is a lower bound for the expiries of all rows: lowered by each write, and
 * raised when a sweep has seen all rows.
 */
final class Expiries {
  /** Rows that one sweep looks at. */
  static final int MAX_SWEPT_ROWS = 1_000;

  /** Bytes that one sweep looks at, about. */
  static final long MAX_SWEPT_BYTES = 1L << 20;

  static final long NEVER = Long.MAX_VALUE;

  private long earliest;

  /** As {@code earliest}, but of the rows the sweep has passed and those written since it began. */
  private long sweptEarliest;

  /** Where the sweep goes on; empty: it begins. */
  private Payload cursor;

  private boolean foundMuch;

  Expiries(ReplicaRow row) {
    earliest = orNever(row.getEarliestExpiryMillis());
    sweptEarliest = orNever(row.getSweptEarliestMillis());
    cursor = Descriptors.payload(row.getSweepCursor());
  }

  private static long orNever(long stored) {
    return stored == 0 ? NEVER : stored;
  }

  private static long orZero(long millis) {
    return millis == NEVER ? 0 : millis;
  }

  void fillRow(ReplicaRow.Builder row) {
    row.setEarliestExpiryMillis(orZero(earliest))
        .setSweptEarliestMillis(orZero(sweptEarliest))
        .setSweepCursor(Descriptors.bytes(cursor));
  }

  /** When a row expires that is written now; 0: never. */
  static long expiryMillis(long nowMillis, long ttlMillis) {
    return ttlMillis == 0 ? 0 : nowMillis + ttlMillis;
  }

  /** Whether the row counts as absent. */
  static boolean isHidden(Payload stored, long nowMillis) {
    long expiry = RowValue.expiryMillis(stored);
    return expiry != 0 && expiry <= nowMillis;
  }

  /** The row, unless it counts as absent. */
  static @Nullable Payload visible(@Nullable Payload stored, long nowMillis) {
    return stored == null || isHidden(stored, nowMillis) ? null : stored;
  }

  /** No row expires before this; {@link #NEVER} if none does. */
  long earliestMillis() {
    return earliest;
  }

  /** Whether the last sweep removed so much that the next should not wait. */
  boolean foundMuch() {
    return foundMuch;
  }

  /** A row was written that expires then; 0: never. */
  void written(long expiryMillis) {
    if (expiryMillis != 0) {
      earliest = Math.min(earliest, expiryMillis);
      sweptEarliest = Math.min(sweptEarliest, expiryMillis);
    }
  }

  /** Removes hidden rows of the next page, if there can be any. */
  void sweep(ReplicaState rows, ShardDescriptor shard, long nowMillis) {
    foundMuch = false;
    if (earliest > nowMillis) {
      return;
    }
    if (cursor.isEmpty()) {
      sweptEarliest = NEVER;
    }
    KeyRange range = shard.range();
    Payload start = cursor.compareTo(range.start()) > 0 ? cursor : range.start();
    // A split may have left the rest of the sweep to the child.
    boolean atEnd = !range.end().isEmpty() && start.compareTo(range.end()) >= 0;
    KeyRange rest = atEnd ? null : sweep(rows, shard, new KeyRange(start, range.end()), nowMillis);
    if (rest == null) {
      cursor = Payload.EMPTY;
      earliest = sweptEarliest;
    } else {
      cursor = rest.start();
    }
  }

  private @Nullable KeyRange sweep(
      ReplicaState rows, ShardDescriptor shard, KeyRange wanted, long nowMillis) {
    SweptPage page = new SweptPage(nowMillis);
    rows.scan(KeySpace.rows(shard.shardId(), wanted), false, page::look);
    page.hidden.forEach(key -> rows.delete(Table.DATA, key));
    sweptEarliest = Math.min(sweptEarliest, page.earliest);
    foundMuch = page.full && 2 * page.hidden.size() >= page.rows;
    return page.full ? RangeParts.after(wanted, KeySpace.userKey(page.lastKey), false) : null;
  }

  private static final class SweptPage {
    final List<Payload> hidden = new ArrayList<>();
    private final long nowMillis;
    private long bytes;
    int rows;
    long earliest = NEVER;
    Payload lastKey = Payload.EMPTY;
    boolean full;

    SweptPage(long nowMillis) {
      this.nowMillis = nowMillis;
    }

    boolean look(Payload rowKey, Payload stored) {
      rows++;
      bytes += rowKey.size() + (long) stored.size();
      lastKey = rowKey;
      if (isHidden(stored, nowMillis)) {
        hidden.add(rowKey);
      } else if (RowValue.expiryMillis(stored) != 0) {
        earliest = Math.min(earliest, RowValue.expiryMillis(stored));
      }
      full = rows >= MAX_SWEPT_ROWS || bytes >= MAX_SWEPT_BYTES;
      return !full;
    }
  }
}
