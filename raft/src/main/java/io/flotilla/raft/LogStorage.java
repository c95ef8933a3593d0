package io.flotilla.raft;

import java.util.List;

/**
 * The durable part of one replica's log, read by the core. All methods are called on the thread
 * that drives the core and see at least what was reported as persisted.
 */
public interface LogStorage {
  /** First index that can be read: one after the compaction point. 1 for a fresh log. */
  long firstIndex();

  /** Last durable index; {@code firstIndex() - 1} if there is none. */
  long lastIndex();

  /**
   * Term of the entry.
   *
   * @param index {@code firstIndex()-1 .. lastIndex()}; the lower end is the compaction point
   * @throws CompactedException below that
   * @throws IllegalArgumentException above it
   */
  long term(long index);

  /**
   * Entries {@code [from, to)}, cut off after maxBytes but never before the first.
   *
   * @throws CompactedException if from is below {@link #firstIndex()}
   */
  List<Entry> entries(long from, long to, long maxBytes);
}
