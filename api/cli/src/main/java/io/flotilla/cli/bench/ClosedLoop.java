package io.flotilla.cli.bench;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a number of operations outstanding: each that ends issues the next one, on the thread that
 * ended it. One that failed waits a moment first, so that a cluster that refuses is not asked as
 * fast as it can refuse.
 */
final class ClosedLoop implements Load {
  private static final long PAUSE_MILLIS = 10;

  private final int outstanding;
  private final Issuer issuer;
  private final Tally tally;
  private final Pace pace;
  private final ScheduledExecutorService threads;
  private final CountDownLatch running;
  private volatile boolean stopped;

  /**
   * A loop that has not begun.
   *
   * @param threads begins the operations, and goes on with those that failed
   */
  ClosedLoop(
      int outstanding, Issuer issuer, Tally tally, Pace pace, ScheduledExecutorService threads) {
    this.outstanding = outstanding;
    this.issuer = issuer;
    this.tally = tally;
    this.pace = pace;
    this.threads = threads;
    this.running = new CountDownLatch(outstanding);
  }

  @Override
  public void start() {
    for (int slot = 0; slot < outstanding; slot++) {
      long number = slot;
      threads.execute(() -> go(number));
    }
  }

  @Override
  public void stop() throws InterruptedException {
    stopped = true;
    running.await();
  }

  /** Goes on until an operation is not done at once; then whoever completes it goes on. */
  private void go(long slot) {
    while (!stopped) {
      long start = pace.nanos();
      CompletableFuture<?> operation = issue(slot);
      if (!operation.isDone() || operation.isCompletedExceptionally()) {
        var unused = operation.whenComplete((result, failure) -> after(slot, start, failure));
        return;
      }
      tally.succeeded(pace.nanos() - start);
    }
    running.countDown();
  }

  private CompletableFuture<?> issue(long slot) {
    try {
      return issuer.issue(slot);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void after(long slot, long start, @Nullable Throwable failure) {
    if (failure == null) {
      tally.succeeded(pace.nanos() - start);
      go(slot);
    } else {
      tally.failed(failure);
      var unused = threads.schedule(() -> go(slot), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }
  }
}
