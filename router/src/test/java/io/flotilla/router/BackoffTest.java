package io.flotilla.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private final Backoff.Jitter jitter = new Backoff.Jitter(new Random(1));

  @Test
  void doublesUpToItsBound() {
    Backoff backoff = new Backoff(8, 250);
    long[] full = {8, 8, 16, 32, 64, 128, 250, 250};
    for (int failures = 0; failures < full.length; failures++) {
      for (int i = 0; i < 50; i++) {
        assertThat(backoff.delayNanos(failures, jitter))
            .isBetween((full[failures] + 1) / 2, full[failures]);
      }
    }
  }

  @Test
  void neverOverflows() {
    Backoff huge = new Backoff(Long.MAX_VALUE / 2, Long.MAX_VALUE);
    for (int failures : new int[] {1, 2, 3, 62, 63, 64, Integer.MAX_VALUE}) {
      assertThat(huge.delayNanos(failures, jitter)).isPositive();
      assertThat(new Backoff(1, 1_000).delayNanos(failures, jitter)).isBetween(1L, 1_000L);
    }
  }

  @Test
  void isSpread() {
    Backoff backoff = new Backoff(1_000_000, 1_000_000);
    assertThat(
            java.util.stream.IntStream.range(0, 100).map(i -> (int) backoff.delayNanos(1, jitter)))
        .doesNotHaveDuplicates();
  }

  @Test
  void boundsMustMakeSense() {
    assertThatThrownBy(() -> new Backoff(0, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Backoff(2, 1)).isInstanceOf(IllegalArgumentException.class);
  }
}
