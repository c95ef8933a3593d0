package io.flotilla.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.flotilla.contract.v1.Route;
import io.flotilla.contract.v1.ShardLoad;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.KeyRange;
import io.flotilla.shard.support.Shards;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class KnownLoadsTest {
  private static final Route SHARD =
      Descriptors.route(Shards.of(2, KeyRange.ALL, new long[] {1, 2, 3}), 1, 1);

  private final KnownLoads loads = new KnownLoads();

  private void reported(double perSecond, int countedSeconds) {
    ShardLoad load =
        ShardLoad.newBuilder()
            .setShardId(2)
            .setReadsPerSecond(perSecond)
            .setCountedSeconds(countedSeconds)
            .build();
    loads.update(Map.of(2L, load));
  }

  @Test
  void aLeaderThatHasJustBegunToCountIsNotBelieved() {
    reported(1_000, 300);
    reported(20, 1);

    assertThat(loads.of(SHARD)).isCloseTo(1_000, within(1.0));

    reported(0, KnownLoads.TRUSTED_SECONDS);
    assertThat(loads.of(SHARD)).isZero();
  }

  /** A meter's rate rises from nothing; what it will come to is known much earlier. */
  @Test
  void aRateThatStillRisesCountsAsWhatItRisesTo() {
    LoadMeter meter = new LoadMeter(new SplittableRandom(1), 0);
    for (int second = 1; second <= 8; second++) {
      for (int i = 0; i < 400; i++) {
        meter.count(Requesting.get("k" + i));
      }
      meter.tick(TimeUnit.SECONDS.toNanos(second));
    }

    assertThat(meter.readsPerSecond()).isLessThan(250);
    reported(meter.readsPerSecond(), meter.countedSeconds());
    assertThat(loads.of(SHARD)).isCloseTo(400, within(15.0));
  }

  @Test
  void whatNobodyReportsIsForgotten() {
    reported(1_000, 300);
    loads.update(Map.of());

    assertThat(loads.of(SHARD)).isZero();
  }
}
