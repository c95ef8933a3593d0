package io.flotilla.router.gateway;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a gateway has under way: requests without an answer, and streams that may bring more of
 * them. Thread-safe.
 */
final class OpenRequests {
  private final AtomicInteger requests = new AtomicInteger();
  private final Set<Runnable> streams = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<Void> drained = new CompletableFuture<>();
  private volatile boolean draining;

  void began() {
    requests.incrementAndGet();
  }

  void ended() {
    requests.decrementAndGet();
    check();
  }

  /**
   * A stream is open.
   *
   * @param finish asks it to end once all that was read from it is answered; may be called twice
   */
  void opened(Runnable finish) {
    streams.add(finish);
    if (draining) {
      finish.run();
    }
  }

  /** A stream has ended; more than once does no harm. */
  void closed(Runnable finish) {
    streams.remove(finish);
    check();
  }

  /** How many requests wait for an answer. */
  int count() {
    return requests.get();
  }

  /** Ends the streams; completes when nothing is under way any more. Idempotent. */
  CompletableFuture<Void> drain() {
    draining = true;
    streams.forEach(Runnable::run);
    check();
    return drained;
  }

  private void check() {
    if (draining && requests.get() == 0 && streams.isEmpty()) {
      drained.complete(null);
    }
  }
}
