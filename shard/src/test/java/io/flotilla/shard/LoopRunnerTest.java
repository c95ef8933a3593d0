package io.flotilla.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LoopRunnerTest {
  private final AtomicInteger turns = new AtomicInteger();
  private final LoopRunner.Factory threads =
      LoopRunner.threads(
          failure -> {
            throw new AssertionError(failure);
          });

  /** A loop makes its runner while it is made itself: a turn would find half of it. */
  @Test
  void noTurnRunsBeforeSomebodyWakesIt() {
    for (int i = 0; i < 50; i++) {
      LoopRunner runner =
          threads.create(
              "loop",
              () -> {
                turns.incrementAndGet();
                return false;
              });
      runner.close();
    }
    assertThat(turns).hasValue(0);
  }

  @Test
  void aTurnRunsWhenItIsWokenAndAgainAfterTheTimeItAskedFor() throws InterruptedException {
    CountDownLatch twice = new CountDownLatch(2);
    LoopRunner[] self = new LoopRunner[1];
    self[0] =
        threads.create(
            "loop",
            () -> {
              twice.countDown();
              self[0].wakeWithin(1_000_000);
              return false;
            });
    self[0].wake();
    assertThat(twice.await(20, TimeUnit.SECONDS)).isTrue();
    self[0].close();
  }
}
