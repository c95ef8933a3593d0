package io.flotilla.server.demo;

import io.flotilla.cli.CommandFailure;
import io.flotilla.client.AsyncKv;
import io.flotilla.client.Key;
import io.flotilla.client.Value;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Writes records with many puts under way. */
final class Loader {
  private static final int WINDOW = 256;
  private static final Duration CALL_LIMIT = Duration.ofSeconds(30);

  private final AsyncKv kv;
  private final Semaphore room = new Semaphore(WINDOW);
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  Loader(AsyncKv kv) {
    this.kv = kv.withTimeout(CALL_LIMIT);
  }

  /** Returns once all are acknowledged; fails if one is not. */
  void put(Map<Key, Value> records) throws InterruptedException {
    for (Map.Entry<Key, Value> each : records.entrySet()) {
      take(1);
      var unused = kv.put(each.getKey(), each.getValue()).whenComplete((result, e) -> done(e));
    }
    take(WINDOW);
    room.release(WINDOW);
    checkFailure();
  }

  private void take(int permits) throws InterruptedException {
    checkFailure();
    // Each call ends by its own limit; this one only covers a client that breaks that promise.
    if (!room.tryAcquire(permits, CALL_LIMIT.toNanos() * 2, TimeUnit.NANOSECONDS)) {
      throw new CommandFailure("TIMEOUT", "puts did not end by their deadline");
    }
  }

  private void done(@Nullable Throwable e) {
    if (e != null) {
      failure.compareAndSet(null, e);
    }
    room.release();
  }

  private void checkFailure() {
    Throwable first = failure.get();
    if (first != null) {
      throw new CommandFailure("PUT", "a put failed: " + first.getMessage(), first);
    }
  }
}
