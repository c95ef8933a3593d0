package io.flotilla.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

class HandoverTest {
  private static final Duration GRACE = Duration.ofSeconds(10);

  private long now;
  private int asked;

  private final Handover handover = new Handover(() -> now, time -> now += time.toNanos());

  @Test
  void endsAtOnce_whenNothingIsLed() {
    run(looks -> 0);
    assertThat(now).isZero();
  }

  @Test
  void asksAgain_untilNothingIsLed() {
    run(looks -> Math.max(0, 100 - looks));
    assertThat(millis()).isEqualTo(5_000);
    assertThat(asked).isEqualTo(11);
  }

  @Test
  void givesUp_whenNobodyTakesAnything() {
    run(looks -> 3);
    assertThat(millis()).isEqualTo(Handover.PATIENCE.toMillis());
  }

  @Test
  void takesNoLongerThanItMay() {
    run(looks -> 1_000_000 - looks);
    assertThat(millis()).isEqualTo(GRACE.toMillis());
  }

  @Test
  void failure_endsIt() {
    handover.run(
        new Handover.Leading() {
          @Override
          public void giveAway() {}

          @Override
          public CompletableFuture<Integer> count() {
            return CompletableFuture.failedFuture(new IllegalStateException("closed"));
          }
        },
        GRACE);
    assertThat(now).isZero();
  }

  private long millis() {
    return Duration.ofNanos(now).toMillis();
  }

  /** The number that is led by the number of looks so far. */
  private void run(IntUnaryOperator led) {
    handover.run(
        new Handover.Leading() {
          private int looks;

          @Override
          public void giveAway() {
            asked++;
          }

          @Override
          public CompletableFuture<Integer> count() {
            return CompletableFuture.completedFuture(led.applyAsInt(looks++));
          }
        },
        GRACE);
  }
}
