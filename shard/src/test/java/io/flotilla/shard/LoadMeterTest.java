package io.flotilla.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LoadMeterTest {
  private final LoadMeter meter = new LoadMeter(new SplittableRandom(1), 0);
  private long seconds;

  private void second(int reads, int writes, String key) {
    for (int i = 0; i < reads; i++) {
      meter.count(Requesting.get(key + i));
    }
    for (int i = 0; i < writes; i++) {
      meter.count(Requesting.put(key + i, "v"));
    }
    meter.tick(TimeUnit.SECONDS.toNanos(++seconds));
  }

  @Test
  void ratesComeToWhatIsServedWithinAMinuteAndGoAgain() {
    for (int i = 0; i < 60; i++) {
      second(200, 50, "a");
    }
    assertThat(meter.readsPerSecond()).isCloseTo(200, within(10.0));
    assertThat(meter.writesPerSecond()).isCloseTo(50, within(3.0));

    for (int i = 0; i < 90; i++) {
      second(0, 0, "a");
    }
    assertThat(meter.readsPerSecond()).isLessThan(1);
  }

  @Test
  void aShortBurstIsNotARate() {
    second(3_000, 0, "a");

    assertThat(meter.readsPerSecond()).isLessThan(300);
  }

  @Test
  void theSampleIsOfTheLastMinutes() {
    for (int i = 0; i < 120; i++) {
      second(500, 0, "old");
    }
    for (int i = 0; i < 180; i++) {
      second(500, 0, "new");
    }

    assertThat(meter.samples()).hasSize(LoadMeter.SAMPLES);
    assertThat(meter.samples().stream().filter(key -> key.at(0) == 'o').count())
        .isLessThan(LoadMeter.SAMPLES / 8);
  }

  @Test
  void aResetForgetsAll() {
    second(100, 100, "a");
    meter.reset(0);

    assertThat(meter.samples()).isEmpty();
    assertThat(meter.readsPerSecond()).isZero();
    assertThat(meter.writesPerSecond()).isZero();
  }
}
