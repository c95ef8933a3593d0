package io.flotilla.shard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TokenBucketTest {
  private static final long TICK_NANOS = 100_000_000;
  private static final long SECOND_NANOS = 1_000_000_000;
  private static final int CHUNK = 256 << 10;

  private long now = 5;
  private final Clock clock =
      new Clock() {
        @Override
        public long nanos() {
          return now;
        }

        @Override
        public long wallMillis() {
          return 0;
        }
      };

  private static long takeAll(TokenBucket bucket) {
    long taken = 0;
    while (bucket.isOpen()) {
      bucket.take(CHUNK);
      taken += CHUNK;
    }
    return taken;
  }

  private long takenInTenSeconds(TokenBucket bucket) {
    takeAll(bucket);
    long taken = 0;
    for (long end = now + 10 * SECOND_NANOS; now < end; ) {
      now += TICK_NANOS;
      taken += takeAll(bucket);
    }
    return taken;
  }

  @Test
  void rateIsReachedAndHeldForEverySizeOfChunk() {
    for (long rate : new long[] {1 << 20, 3_333_333, 64 << 20}) {
      long taken = takenInTenSeconds(new TokenBucket(() -> rate, TICK_NANOS, clock));

      assertThat(taken).isBetween(10 * rate - CHUNK, 10 * rate + CHUNK);
    }
  }

  @Test
  void whatWasNotUsedIsNotSavedForMoreThanTwoAsks() {
    long rate = 64 << 20;
    TokenBucket bucket = new TokenBucket(() -> rate, TICK_NANOS, clock);
    takeAll(bucket);
    now += 60 * SECOND_NANOS;

    assertThat(takeAll(bucket)).isLessThanOrEqualTo(rate / 5 + CHUNK);
  }

  @Test
  void withoutARateEverythingPasses() {
    TokenBucket bucket = new TokenBucket(() -> 0, TICK_NANOS, clock);
    bucket.take(Long.MAX_VALUE);

    assertThat(bucket.isOpen()).isTrue();
  }

  @Test
  void clockThatStandsStillGivesNothing() {
    TokenBucket bucket = new TokenBucket(() -> 1 << 20, TICK_NANOS, clock);
    takeAll(bucket);

    assertThat(bucket.isOpen()).isFalse();
    now += TICK_NANOS * 10;
    assertThat(bucket.isOpen()).isTrue();
  }
}
