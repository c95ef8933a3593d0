package io.flotilla.storage;

import io.flotilla.raft.Entry;
import java.util.ArrayDeque;

/**
 * The journal's accounts: live bytes per block and bytes of cached entries. Confined to the journal
 * writer, and to the opening thread before that.
 *
 * <p>The cache holds the youngest entries of the whole node: whatever entered first leaves first,
 * so one budget serves any number of replicas.
 */
final class JournalBooks {

  /** Rough cost of an entry, its payload object and two array headers. */
  private static final int ENTRY_OVERHEAD = 96;

  private record Run(ReplicaLog log, long from, long to) {}

  private final BlockTable blocks = new BlockTable();
  private final ArrayDeque<Run> runs = new ArrayDeque<>();
  private final long cacheBudget;
  private long cachedBytes;

  JournalBooks(long cacheBudget) {
    this.cacheBudget = cacheBudget;
  }

  BlockTable blocks() {
    return blocks;
  }

  void lives(long block, int bytes) {
    blocks.addLive(block, bytes);
  }

  void died(long block, int bytes) {
    blocks.removeLive(block, bytes);
  }

  void cached(Entry entry) {
    cachedBytes += cost(entry);
  }

  void uncached(Entry entry) {
    cachedBytes -= cost(entry);
  }

  long cachedBytes() {
    return cachedBytes;
  }

  /** Notes that the entries of a range of indexes entered the cache together. */
  void entered(ReplicaLog log, long from, long to) {
    runs.add(new Run(log, from, to));
  }

  /** Drops the oldest entries until the rest fits the budget. */
  void trimCache() {
    while (cachedBytes > cacheBudget && !runs.isEmpty()) {
      Run run = runs.remove();
      run.log().uncache(run.from(), run.to(), this);
    }
  }

  private static int cost(Entry entry) {
    return entry.payload().size() + ENTRY_OVERHEAD;
  }
}
