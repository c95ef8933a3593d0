package io.flotilla.storage;

/**
 * Bounds of the state environment.
 *
 * @param mapBytes size of the map, address space only; at least 4 MiB
 * @param maxReaders read transactions at one time, 4 to 1,000
 * @param maxQueuedBytes queue length from which {@link StateStore#isOverloaded} answers true
 * @param maxCommitBytes most that one commit takes from the queue, one batch at the least
 * @param stepBytes most that one commit of an install or of a range destruction writes
 * @param chunkBytes size at which a snapshot chunk is cut
 */
public record StateConfig(
    long mapBytes,
    int maxReaders,
    long maxQueuedBytes,
    long maxCommitBytes,
    int stepBytes,
    int chunkBytes) {

  private static final long MIB = 1L << 20;

  public StateConfig {
    require(mapBytes >= 4 * MIB, "mapBytes is at least 4 MiB");
    require(maxReaders >= 4 && maxReaders <= 1_000, "maxReaders is 4 to 1000");
    require(maxQueuedBytes > 0 && maxCommitBytes > 0, "queue and commit bounds are positive");
    require(stepBytes >= 1_024, "stepBytes is at least 1024");
    require(chunkBytes >= 256 && chunkBytes <= 4 * MIB, "chunkBytes is 256 to 4 Mi");
  }

  /** A map of 256 GiB, 64 readers, 64 MiB of queue, 16 MiB per commit, 1 MiB per step. */
  public static StateConfig defaults() {
    return new StateConfig(262_144 * MIB, 64, 64 * MIB, 16 * MIB, 1 << 20, 256 << 10);
  }

  public StateConfig withMap(long newMapBytes) {
    return new StateConfig(
        newMapBytes, maxReaders, maxQueuedBytes, maxCommitBytes, stepBytes, chunkBytes);
  }

  public StateConfig withQueue(long newMaxQueuedBytes, long newMaxCommitBytes) {
    return new StateConfig(
        mapBytes, maxReaders, newMaxQueuedBytes, newMaxCommitBytes, stepBytes, chunkBytes);
  }

  public StateConfig withSteps(int newStepBytes, int newChunkBytes) {
    return new StateConfig(
        mapBytes, maxReaders, maxQueuedBytes, maxCommitBytes, newStepBytes, newChunkBytes);
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(rule);
    }
  }
}
