package io.flotilla.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OpenLoopTest {
  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  private final VirtualPace pace = new VirtualPace();
  private final Tally tally = new Tally();

  @Test
  void operations_areIssuedWhenTheyAreDue() throws InterruptedException {
    List<Long> issued = new ArrayList<>();
    CountDownLatch enough = new CountDownLatch(100);
    OpenLoop loop =
        new OpenLoop(
            1_000,
            8,
            number -> {
              if (issued.size() < 100) {
                issued.add(pace.nanos());
              }
              enough.countDown();
              return CompletableFuture.completedFuture(null);
            },
            tally,
            pace);
    loop.start();
    enough.await();
    loop.stop();
    for (int i = 0; i < 100; i++) {
      assertThat(issued.get(i)).isEqualTo(i * MILLI);
    }
  }

  /** The server answers nothing for 100 ms: all that was due meanwhile has waited for it. */
  @Test
  void aStall_countsForAllThatWereDue() throws InterruptedException {
    Queue<CompletableFuture<Void>> waiting = new ArrayDeque<>();
    CountDownLatch enough = new CountDownLatch(200);
    OpenLoop loop =
        new OpenLoop(
            1_000,
            1_000,
            number -> {
              enough.countDown();
              CompletableFuture<Void> answer = new CompletableFuture<>();
              waiting.add(answer);
              if (pace.nanos() >= 100 * MILLI) {
                waiting.forEach(one -> one.complete(null));
                waiting.clear();
              }
              return answer;
            },
            tally,
            pace);
    loop.start();
    enough.await();
    loop.stop();
    Histogram times = tally.interval();
    assertThat(times.getMaxValue() / MILLI).isBetween(99L, 101L);
    long slow = times.getTotalCount() - times.getCountBetweenValues(0, 50 * MILLI);
    assertThat(slow).as("operations that were due in the first half of the stall").isEqualTo(50);
  }

  /** With room for one, the others wait in line, and their times run from when they were due. */
  @Test
  void waitingForRoom_isPartOfTheTime() throws InterruptedException {
    CountDownLatch enough = new CountDownLatch(20);
    OpenLoop loop =
        new OpenLoop(
            1_000,
            1,
            number -> {
              pace.advance(10 * MILLI);
              enough.countDown();
              return CompletableFuture.completedFuture(null);
            },
            tally,
            pace);
    loop.start();
    enough.await();
    loop.stop();
    // The i-th is due after i ms and done after 10 (i + 1) ms.
    assertThat(tally.interval().getMaxValue() / MILLI).isGreaterThanOrEqualTo(180);
  }

  @Test
  void failures_countAsFailures() throws InterruptedException {
    CountDownLatch enough = new CountDownLatch(10);
    OpenLoop loop =
        new OpenLoop(
            1_000,
            4,
            number -> {
              enough.countDown();
              if (number % 2 == 0) {
                throw new IllegalStateException("no");
              }
              return CompletableFuture.failedFuture(new IllegalArgumentException("no"));
            },
            tally,
            pace);
    loop.start();
    enough.await();
    loop.stop();
    assertThat(tally.interval().getTotalCount()).isZero();
    assertThat(tally.errors())
        .containsOnlyKeys("IllegalArgumentException", "IllegalStateException");
  }

  /** Time that passes when somebody waits for it. */
  private static final class VirtualPace implements Pace {
    private final AtomicLong now = new AtomicLong();

    void advance(long nanos) {
      now.addAndGet(nanos);
    }

    @Override
    public long nanos() {
      return now.get();
    }

    @Override
    public void until(long nanos) {
      now.accumulateAndGet(nanos, Math::max);
    }
  }
}
