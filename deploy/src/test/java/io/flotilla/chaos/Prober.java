package io.flotilla.chaos;

import io.flotilla.client.FlotillaException;
import io.flotilla.client.Key;
import io.flotilla.client.Kv;
import io.flotilla.client.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Writes one key back to back and remembers when each write was acknowledged: what a writer notices
 * of what happens to its shard. Thread-safe.
 */
final class Prober implements AutoCloseable {
  private static final long PATIENCE_MILLIS = 30_000;
  private static final long BREATH_MILLIS = 2;

  private final Kv kv;
  private final Key key;
  private final LongSupplier nanoClock;
  private final Consumer<String> failed;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final List<Long> acknowledged = new ArrayList<>();
  private final Thread thread = new Thread(this::write, "prober");

  /**
   * Begins to write.
   *
   * @param failed is told of a write that failed
   */
  Prober(Kv kv, Key key, LongSupplier nanoClock, Consumer<String> failed) {
    this.kv = kv;
    this.key = key;
    this.nanoClock = nanoClock;
    this.failed = failed;
    thread.setDaemon(true);
    thread.start();
  }

  private void write() {
    try {
      while (!stopped.await(BREATH_MILLIS, TimeUnit.MILLISECONDS)) {
        put();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void put() {
    try {
      var unused = kv.put(key, Value.of("probe"));
      long now = nanoClock.getAsLong();
      synchronized (acknowledged) {
        acknowledged.add(now);
      }
    } catch (FlotillaException e) {
      failed.accept("a write of " + key.text() + " failed: " + e.code() + ": " + e.getMessage());
    }
  }

  /**
   * The longest time without an acknowledged write that has a part within these, in nanoseconds.
   * What begins before or ends after counts as a whole.
   */
  long longestGap(long from, long to) {
    long longest = 0;
    synchronized (acknowledged) {
      for (int i = 1; i < acknowledged.size(); i++) {
        if (acknowledged.get(i) >= from && acknowledged.get(i - 1) <= to) {
          longest = Math.max(longest, acknowledged.get(i) - acknowledged.get(i - 1));
        }
      }
      if (acknowledged.isEmpty() || acknowledged.get(acknowledged.size() - 1) < from) {
        longest = Math.max(longest, to - from);
      }
    }
    return longest;
  }

  /** Whether a write was acknowledged since then. */
  boolean wroteSince(long from) {
    synchronized (acknowledged) {
      return !acknowledged.isEmpty() && acknowledged.get(acknowledged.size() - 1) >= from;
    }
  }

  /** Ends; returns when no write is under way any more. */
  @Override
  public void close() {
    stopped.countDown();
    try {
      thread.join(PATIENCE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      failed.accept("a write of " + key.text() + " has not ended long after its deadline");
    }
  }
}
