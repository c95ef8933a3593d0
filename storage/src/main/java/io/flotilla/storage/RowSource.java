package io.flotilla.storage;

import io.flotilla.raft.Payload;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rows of one layer in scan order, and how layers are merged. Lives within one scan. */
abstract class RowSource {

  private @Nullable Payload key;

  /** The key this source stands on; null at its end. */
  final @Nullable Payload key() {
    return key;
  }

  /** The value at the key; empty when this layer says the row is deleted. */
  abstract Optional<Payload> value();

  /** The next key, or null. */
  abstract @Nullable Payload advance();

  final void next() {
    key = advance();
  }

  static RowSource ofMemtable(Memtable memtable, RowRange range, boolean reverse) {
    NavigableMap<Payload, Optional<Payload>> part =
        FlushPlan.sub(memtable.table(range.table()), range);
    RowSource source = new MemtableSource(reverse ? part.descendingMap() : part);
    source.next();
    return source;
  }

  static RowSource ofTree(OrderedStore.Cursor cursor, RowRange range, boolean reverse) {
    RowSource source = new TreeSource(cursor, range, reverse);
    source.next();
    return source;
  }

  /**
   * Visits the rows of all sources as one.
   *
   * @param sources newest layer first: it wins where several have a key
   */
  static void merge(List<RowSource> sources, boolean reverse, RowVisitor visitor) {
    while (true) {
      RowSource winner = null;
      for (RowSource source : sources) {
        if (source.key != null && (winner == null || before(source, winner, reverse))) {
          winner = source;
        }
      }
      if (winner == null || winner.key == null) {
        return;
      }
      Payload key = winner.key;
      Optional<Payload> value = winner.value();
      if (value.isPresent() && !visitor.visit(key, value.get())) {
        return;
      }
      for (RowSource source : sources) {
        if (source.key != null && key.equals(source.key)) {
          source.next();
        }
      }
    }
  }

  private static boolean before(RowSource left, RowSource right, boolean reverse) {
    if (left.key == null || right.key == null) {
      throw new IllegalStateException("a source at its end has no order");
    }
    int order = left.key.compareTo(right.key);
    return reverse ? order > 0 : order < 0;
  }

  private static final class MemtableSource extends RowSource {

    private final Iterator<Map.Entry<Payload, Optional<Payload>>> rows;
    private Optional<Payload> value = Optional.empty();

    MemtableSource(NavigableMap<Payload, Optional<Payload>> rows) {
      this.rows = rows.entrySet().iterator();
    }

    @Override
    Optional<Payload> value() {
      return value;
    }

    @Override
    @Nullable Payload advance() {
      if (!rows.hasNext()) {
        return null;
      }
      Map.Entry<Payload, Optional<Payload>> row = rows.next();
      value = row.getValue();
      return row.getKey();
    }
  }

  private static final class TreeSource extends RowSource {

    private final OrderedStore.Cursor cursor;
    private final RowRange range;
    private final boolean reverse;
    private boolean started;

    TreeSource(OrderedStore.Cursor cursor, RowRange range, boolean reverse) {
      this.cursor = cursor;
      this.range = range;
      this.reverse = reverse;
    }

    @Override
    Optional<Payload> value() {
      return Optional.of(cursor.value());
    }

    @Override
    @Nullable Payload advance() {
      boolean onRow = started ? step() : start();
      started = true;
      if (!onRow) {
        return null;
      }
      Payload at = cursor.key();
      return range.contains(at) ? at : null;
    }

    private boolean step() {
      if (key() == null) {
        throw new NoSuchElementException("the source is at its end");
      }
      return reverse ? cursor.prev() : cursor.next();
    }

    private boolean start() {
      if (!reverse) {
        return RangeEraser.seekStart(cursor, range);
      }
      Payload to = range.to();
      if (to == null) {
        return cursor.last();
      }
      return !to.isEmpty() && cursor.seekBefore(to);
    }
  }
}
