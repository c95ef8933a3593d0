package io.flotilla.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WheelSchedulerTest {
  private static final long MILLIS = 1_000_000;

  private final ExecutorService executor = Executors.newSingleThreadExecutor();
  private final WheelScheduler scheduler = new WheelScheduler("test-timer", executor);

  @AfterEach
  void close() {
    scheduler.close();
    executor.shutdown();
  }

  @Test
  void neverRunsATaskTooEarly() throws Exception {
    for (long delay : new long[] {0, 1, 3 * MILLIS, 20 * MILLIS}) {
      CompletableFuture<Long> ran = new CompletableFuture<>();
      long due = scheduler.nanoTime() + delay;
      scheduler.schedule(delay, () -> ran.complete(scheduler.nanoTime()));
      assertThat(ran.get(20, TimeUnit.SECONDS)).isGreaterThanOrEqualTo(due);
    }
  }

  @Test
  void aCancelledTaskDoesNotRun() throws Exception {
    AtomicInteger ran = new AtomicInteger();
    CountDownLatch later = new CountDownLatch(1);
    List<Scheduler.Timer> timers = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      timers.add(scheduler.schedule(40 * MILLIS, ran::incrementAndGet));
    }
    timers.forEach(Scheduler.Timer::cancel);
    timers.forEach(Scheduler.Timer::cancel);
    scheduler.schedule(60 * MILLIS, later::countDown);
    assertThat(later.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(ran).hasValue(0);
  }

  /** A thread that was held up between looking at the clock and setting its timer. */
  @Test
  void aTimerThatIsSetTooLateRunsAtOnceAndNotATurnOfTheWheelLater() throws Exception {
    Thread heldUp = Thread.currentThread();
    long looked = System.nanoTime();
    LongSupplier clock = () -> Thread.currentThread() == heldUp ? looked : System.nanoTime();
    try (WheelScheduler wheel = new WheelScheduler("held-up-timer", Runnable::run, clock)) {
      // The first keeps the wheel turning, the second tells how far it has come.
      wheel.schedule(60_000 * MILLIS, () -> {});
      CountDownLatch turned = new CountDownLatch(1);
      wheel.schedule(100 * MILLIS, turned::countDown);
      assertThat(turned.await(20, TimeUnit.SECONDS)).isTrue();
      AtomicInteger ran = new AtomicInteger();
      wheel.schedule(0, ran::incrementAndGet);
      assertThat(ran).hasValue(1);
    }
  }

  @Test
  void timersOfManyThreadsAllRunWithoutAFullTurnOfTheWheel() throws Exception {
    int threads = 8;
    int each = 4_000;
    CountDownLatch ran = new CountDownLatch(threads * each);
    for (int t = 0; t < threads; t++) {
      int offset = t;
      new Thread(
              () -> {
                for (int i = 0; i < each; i++) {
                  scheduler.schedule((i + offset) % 3 * MILLIS, ran::countDown);
                }
              })
          .start();
    }
    assertThat(ran.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aTaskMaySetAndCancelTimers() throws Exception {
    CountDownLatch chain = new CountDownLatch(5);
    Runnable[] next = new Runnable[1];
    next[0] =
        () -> {
          chain.countDown();
          Scheduler.Timer unused = scheduler.schedule(0, next[0]);
          scheduler.schedule(0, () -> {}).cancel();
        };
    scheduler.schedule(0, next[0]);
    assertThat(chain.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void runsNothingAfterItWasClosed() throws Exception {
    AtomicInteger ran = new AtomicInteger();
    scheduler.schedule(30 * MILLIS, ran::incrementAndGet);
    scheduler.close();
    try (WheelScheduler other = new WheelScheduler("other-timer", executor)) {
      CountDownLatch later = new CountDownLatch(1);
      other.schedule(60 * MILLIS, later::countDown);
      assertThat(later.await(20, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(ran).hasValue(0);
  }
}
