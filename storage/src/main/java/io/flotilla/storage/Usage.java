package io.flotilla.storage;

/**
 * How full one environment is. Pages waiting in the free list count as free.
 *
 * @param usedBytes bytes of live pages after the last commit
 * @param mapBytes size of the map, which never changes while the store is open
 */
public record Usage(long usedBytes, long mapBytes) {

  /** Used part of the map, 0.0 to 1.0. Writers of user data should stop at 0.8. */
  public double fraction() {
    return (double) usedBytes / mapBytes;
  }
}
