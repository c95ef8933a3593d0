package io.flotilla.containers;

import io.flotilla.client.FlotillaException;
import io.flotilla.client.Kv;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Puts one key after the other, each once, from its beginning to its end. */
final class SteadyLoad implements AutoCloseable {
  private static final Duration DEADLINE = Duration.ofSeconds(10);
  private static final long PAUSE_MILLIS = 5;

  private final Kv kv;
  private final String prefix;
  private final AtomicInteger written = new AtomicInteger();
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "load");

  SteadyLoad(Kv kv, String prefix) {
    this.kv = kv.withTimeout(DEADLINE);
    this.prefix = prefix;
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    try {
      do {
        String key = key(prefix, written.get());
        try {
          kv.put(key, value(key));
        } catch (FlotillaException e) {
          failures.add(key + ": " + e.getMessage());
        }
        written.incrementAndGet();
      } while (!end.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static String key(String prefix, int number) {
    return "%s/%06d".formatted(prefix, number);
  }

  /** What the key is to have. */
  static String value(String key) {
    return "value of " + key;
  }

  /** How many were put so far. */
  int written() {
    return written.get();
  }

  /** Calls that failed. */
  List<String> failures() {
    return List.copyOf(failures);
  }

  /** Waits for the call that is under way. */
  @Override
  public void close() throws InterruptedException {
    end.countDown();
    thread.join(DEADLINE.plusSeconds(5).toMillis());
  }
}
