package io.flotilla.cli.bench;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Issues operations at a rate, whether or not earlier ones have ended, and counts their times from
 * when each was due. So a server that stalls is seen in the times of all operations that were due
 * meanwhile, and not only in those it was busy with (no coordinated omission). When {@code
 * outstanding} are under way, further ones wait, and their times run.
 */
final class OpenLoop implements Load {
  private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  private final double perSecond;
  private final int outstanding;
  private final Issuer issuer;
  private final Tally tally;
  private final Pace pace;
  private final Semaphore room;
  private final Thread thread = new Thread(this::run, "bench-open-loop");
  private volatile boolean stopped;

  OpenLoop(double perSecond, int outstanding, Issuer issuer, Tally tally, Pace pace) {
    this.perSecond = perSecond;
    this.outstanding = outstanding;
    this.issuer = issuer;
    this.tally = tally;
    this.pace = pace;
    this.room = new Semaphore(outstanding);
    thread.setDaemon(true);
  }

  @Override
  public void start() {
    thread.start();
  }

  @Override
  public void stop() throws InterruptedException {
    stopped = true;
    thread.interrupt();
    thread.join();
    room.acquire(outstanding);
  }

  private void run() {
    try {
      long start = pace.nanos();
      for (long number = 0; !stopped; number++) {
        long due = start + (long) (number * NANOS_PER_SECOND / perSecond);
        pace.until(due);
        room.acquire();
        issue(number, due);
      }
    } catch (InterruptedException e) {
      // The end: nobody else interrupts this thread.
      Thread.currentThread().interrupt();
    }
  }

  void issue(long number, long due) {
    CompletableFuture<?> operation;
    try {
      operation = issuer.issue(number);
    } catch (RuntimeException e) {
      operation = CompletableFuture.failedFuture(e);
    }
    var unused = operation.whenComplete((result, failure) -> ended(due, failure));
  }

  private void ended(long due, @Nullable Throwable failure) {
    if (failure == null) {
      tally.succeeded(pace.nanos() - due);
    } else {
      tally.failed(failure);
    }
    room.release();
  }
}
