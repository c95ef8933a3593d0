package io.flotilla.storage;

import io.flotilla.raft.Payload;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Batches merged into one sorted transaction: the last value per key, after the ranges that were
 * cleared. Clearing first is right because a clear drops the rows planned before it, and the rows
 * planned after it must survive it.
 */
final class FlushPlan {

  private final Map<Table, TreeMap<Payload, Optional<Payload>>> rows = new EnumMap<>(Table.class);
  private final List<RowRange> clears = new ArrayList<>();

  void add(FlushBatch batch) {
    for (FlushBatch.Op op : batch.ops()) {
      if (op instanceof FlushBatch.Op.Rows part) {
        addRows(Table.DATA, part.memtable());
        addRows(Table.SESSIONS, part.memtable());
      } else if (op instanceof FlushBatch.Op.Meta row) {
        rowsOf(Table.META).put(row.key(), row.value());
      } else if (op instanceof FlushBatch.Op.Clear clear) {
        sub(rowsOf(clear.range().table()), clear.range()).clear();
        clears.add(clear.range());
      }
    }
  }

  /** Plans a row of a private table. */
  void put(Table table, Payload key, Payload value) {
    rowsOf(table).put(key, Optional.of(value));
  }

  void writeTo(OrderedStore.WriteTxn txn) {
    for (RowRange range : clears) {
      if (!RangeEraser.erase(txn, range, Long.MAX_VALUE)) {
        throw new IllegalStateException("an unbounded step erases a whole range");
      }
    }
    rows.forEach(
        (table, changes) ->
            changes.forEach(
                (key, value) -> {
                  if (value.isPresent()) {
                    txn.put(table, key, value.get());
                  } else {
                    txn.delete(table, key);
                  }
                }));
  }

  /** The part of a map that lies in a range. */
  static <V> NavigableMap<Payload, V> sub(NavigableMap<Payload, V> map, RowRange range) {
    Payload to = range.to();
    return to == null ? map.tailMap(range.from(), true) : map.subMap(range.from(), true, to, false);
  }

  private void addRows(Table table, FrozenMemtable memtable) {
    rowsOf(table).putAll(memtable.table(table));
  }

  private TreeMap<Payload, Optional<Payload>> rowsOf(Table table) {
    return rows.computeIfAbsent(table, absent -> new TreeMap<>());
  }
}
