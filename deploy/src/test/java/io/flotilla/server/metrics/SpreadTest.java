package io.flotilla.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SpreadTest {
  @Test
  void eachValue_isInTheFirstBucketThatHoldsIt() {
    Spread numbers = Spread.ofNumbers();
    LongStream.of(0, 1, 2, 3, 512, 513).forEach(numbers::add);
    assertThat(numbers.upperBounds())
        .containsExactly(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, Double.POSITIVE_INFINITY);
    assertThat(numbers.counts()).containsExactly(2, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1);
    assertThat(numbers.sum()).isEqualTo(1031);
  }

  @Test
  void times_areShownInSeconds() {
    Spread times = Spread.ofTimes();
    times.add(1_500_000_000L);
    times.add(1_000_000L);
    assertThat(times.sum()).isEqualTo(1.501);
    assertThat(times.upperBounds()).contains(0.00005, 0.0001, 0.001, 0.0025, 0.25, 10);
  }
}
