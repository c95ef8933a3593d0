package io.flotilla.shard;

import java.util.function.LongSupplier;

/**
 * Bytes that may pass, at a rate. Whoever may take something may take a whole chunk, and the next
 * waits until that is paid for: so a chunk larger than the bucket passes, too, and the rate holds.
 * Nobody waits here: who may not now asks again later. Not safe for threads.
 */
final class TokenBucket {
  private static final double NANOS_PER_SECOND = 1e9;

  private final LongSupplier rate;
  private final double seconds;
  private final Clock clock;
  private double tokens;
  private long filledAt;

  /**
   * A full bucket.
   *
   * @param rate bytes a second as it is now; 0: no bound
   * @param askedEveryNanos about how often the bucket is asked; it holds what comes in twice that
   *     time, so that the rate is reached
   */
  TokenBucket(LongSupplier rate, long askedEveryNanos, Clock clock) {
    this.rate = rate;
    this.seconds = 2 * askedEveryNanos / NANOS_PER_SECOND;
    this.clock = clock;
    this.tokens = capacity(rate.getAsLong());
    this.filledAt = clock.nanos();
  }

  /** Whether something may pass now. */
  boolean isOpen() {
    long bytesPerSecond = rate.getAsLong();
    if (bytesPerSecond == 0) {
      tokens = 0; // what passes now is not to be paid for when there is a bound again
      filledAt = clock.nanos();
      return true;
    }
    long now = clock.nanos();
    double more = Math.max(0, now - filledAt) / NANOS_PER_SECOND * bytesPerSecond;
    tokens = Math.min(capacity(bytesPerSecond), tokens + more);
    filledAt = now;
    return tokens > 0;
  }

  private double capacity(long bytesPerSecond) {
    return Math.max(1, bytesPerSecond * seconds);
  }

  /** So much has passed. */
  void take(long bytes) {
    tokens -= bytes;
  }
}
