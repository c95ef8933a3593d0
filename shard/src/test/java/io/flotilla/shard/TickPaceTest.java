package io.flotilla.shard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TickPaceTest {
  private static final long TICK = 100;

  private final TickPace pace = new TickPace(TICK);

  @Test
  void ticksThatComeInTimeCountAll_thoughEarlyOrLate() {
    assertThat(pace.admits(1_000)).isTrue();
    assertThat(pace.admits(1_070)).isTrue();
    assertThat(pace.admits(1_230)).isTrue();
    assertThat(pace.admits(1_300)).isTrue();
  }

  @Test
  void ticksThatPiledUpCountOnce() {
    assertThat(pace.admits(1_000)).isTrue();
    assertThat(pace.admits(4_000)).isTrue();
    for (int i = 0; i < 30; i++) {
      assertThat(pace.admits(4_001 + i)).isFalse();
    }
    assertThat(pace.admits(4_100)).isTrue();
  }

  @Test
  void clockMayBeginBelowZero() {
    assertThat(pace.admits(Long.MIN_VALUE + 60)).isTrue();
    assertThat(pace.admits(Long.MIN_VALUE + 160)).isTrue();
    assertThat(pace.admits(Long.MIN_VALUE + 161)).isFalse();
  }
}
