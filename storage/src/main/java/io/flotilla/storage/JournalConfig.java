package io.flotilla.storage;

/**
 * Bounds of the journal, all in bytes.
 *
 * @param mapBytes size of the map, address space only; at least 4 MiB
 * @param targetBytes length above which records of slow replicas are moved to free the old end; at
 *     most half the map
 * @param maxQueuedBytes queue length from which {@link Journal#isOverloaded} answers true
 * @param maxCommitBytes most that one commit takes from the queue, one batch at the least
 * @param blockBytes size at which a block is cut; a larger entry has a block of its own
 * @param cacheBytes node-wide budget for recent entries kept in memory
 */
public record JournalConfig(
    long mapBytes,
    long targetBytes,
    long maxQueuedBytes,
    long maxCommitBytes,
    int blockBytes,
    long cacheBytes) {

  private static final long MIB = 1L << 20;

  public JournalConfig {
    require(mapBytes >= 4 * MIB, "mapBytes is at least 4 MiB");
    require(targetBytes > 0 && targetBytes <= mapBytes / 2, "targetBytes is at most half the map");
    require(maxQueuedBytes > 0 && maxCommitBytes > 0, "queue and commit bounds are positive");
    require(blockBytes >= 256 && blockBytes <= 4 * MIB, "blockBytes is 256 to 4 Mi");
    require(cacheBytes >= 0, "cacheBytes is not negative");
  }

  /** A map of 16 GiB, 512 MiB of log, 64 MiB of queue and of cache, 8 MiB per commit. */
  public static JournalConfig defaults() {
    return new JournalConfig(16_384 * MIB, 512 * MIB, 64 * MIB, 8 * MIB, 256 << 10, 64 * MIB);
  }

  public JournalConfig withMap(long newMapBytes, long newTargetBytes) {
    return new JournalConfig(
        newMapBytes, newTargetBytes, maxQueuedBytes, maxCommitBytes, blockBytes, cacheBytes);
  }

  public JournalConfig withQueue(long newMaxQueuedBytes, long newMaxCommitBytes) {
    return new JournalConfig(
        mapBytes, targetBytes, newMaxQueuedBytes, newMaxCommitBytes, blockBytes, cacheBytes);
  }

  public JournalConfig withBlocks(int newBlockBytes, long newCacheBytes) {
    return new JournalConfig(
        mapBytes, targetBytes, maxQueuedBytes, maxCommitBytes, newBlockBytes, newCacheBytes);
  }

  public JournalConfig withCache(long newCacheBytes) {
    return withBlocks(blockBytes, newCacheBytes);
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(rule);
    }
  }
}
