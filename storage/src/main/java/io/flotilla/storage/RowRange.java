package io.flotilla.storage;

import io.flotilla.raft.Payload;
import org.jspecify.annotations.Nullable;

/**
 * A contiguous range of rows of one table.
 *
 * @param table {@link Table#DATA} or {@link Table#SESSIONS}
 * @param from first key of the range, inclusive; may be empty, which means the smallest key
 * @param to end of the range, exclusive; null means no end
 */
public record RowRange(Table table, Payload from, @Nullable Payload to) {

  public RowRange {
    if (!table.holdsRows()) {
      throw new IllegalArgumentException("table " + table + " has no row ranges");
    }
    if (to != null && from.compareTo(to) > 0) {
      throw new IllegalArgumentException("range ends before it starts");
    }
  }

  /** The range of all keys that start with {@code prefix}, which has at least one byte. */
  public static RowRange ofPrefix(Table table, Payload prefix) {
    return new RowRange(table, prefix, Keys.afterPrefix(prefix));
  }

  /** True when {@code key} lies in the range. */
  public boolean contains(Payload key) {
    return from.compareTo(key) <= 0 && (to == null || key.compareTo(to) < 0);
  }
}
