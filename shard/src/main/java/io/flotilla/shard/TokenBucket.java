package io.flotilla.shard;

/**
 * Bytes that may pass, at a rate. Whoever may take something may take a whole chunk, and the next
 * waits until that is paid for: so a chunk larger than the bucket passes, too, and the rate holds.
 * Nobody waits here: who may not now asks again later. Not safe for threads.
 */
final class TokenBucket {
  private static final double NANOS_PER_SECOND = 1e9;

  private final long bytesPerSecond;
  private final double capacity;
  private final Clock clock;
  private double tokens;
  private long filledAt;

  /**
   * A full bucket.
   *
   * @param bytesPerSecond 0: no bound
   * @param askedEveryNanos about how often the bucket is asked; it holds what comes in twice that
   *     time, so that the rate is reached
   */
  TokenBucket(long bytesPerSecond, long askedEveryNanos, Clock clock) {
    this.bytesPerSecond = bytesPerSecond;
    this.capacity = Math.max(1, bytesPerSecond * (2 * askedEveryNanos / NANOS_PER_SECOND));
    this.clock = clock;
    this.tokens = capacity;
    this.filledAt = clock.nanos();
  }

  /** Whether something may pass now. */
  boolean isOpen() {
    if (bytesPerSecond == 0) {
      return true;
    }
    long now = clock.nanos();
    double more = Math.max(0, now - filledAt) / NANOS_PER_SECOND * bytesPerSecond;
    tokens = Math.min(capacity, tokens + more);
    filledAt = now;
    return tokens > 0;
  }

  /** So much has passed. */
  void take(long bytes) {
    tokens -= bytes;
  }
}
