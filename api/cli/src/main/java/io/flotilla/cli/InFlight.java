package io.flotilla.cli;

import io.flotilla.client.Key;
import java.util.HashSet;
import java.util.Set;

/**
 * Puts that have left and are not answered. Bounded in number and bytes; two puts of one key are
 * never out together, so the later line of a file wins. Thread-safe.
 */
final class InFlight {
  private final int maxRecords;
  private final long maxBytes;
  private final Set<Key> keys = new HashSet<>();
  private long bytes;

  InFlight(int maxRecords, long maxBytes) {
    this.maxRecords = maxRecords;
    this.maxBytes = maxBytes;
  }

  /**
   * Waits for room and for the key, then takes both. A record of any size goes when it is alone.
   */
  synchronized void enter(Key key, long size) throws InterruptedException {
    while (keys.contains(key)
        || keys.size() >= maxRecords
        || (!keys.isEmpty() && bytes + size > maxBytes)) {
      wait();
    }
    keys.add(key);
    bytes += size;
  }

  /** Gives back what {@link #enter} took. */
  synchronized void leave(Key key, long size) {
    keys.remove(key);
    bytes -= size;
    notifyAll();
  }

  /** Waits until everything is answered. */
  synchronized void awaitEmpty() throws InterruptedException {
    while (!keys.isEmpty()) {
      wait();
    }
  }
}
