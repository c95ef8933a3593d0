package io.flotilla.client;

import java.time.Duration;

/** Times to live as requests carry them. */
final class TimeToLive {
  private static final Duration MAX = Duration.ofDays(3_650);

  private TimeToLive() {}

  /**
   * Milliseconds.
   *
   * @throws IllegalArgumentException if it is less than 1 ms or more than 10 years of 365 days
   */
  static long millis(Duration ttl) {
    if (ttl.compareTo(Duration.ofMillis(1)) < 0 || ttl.compareTo(MAX) > 0) {
      throw new IllegalArgumentException("a time to live is 1 ms to 3,650 days, not " + ttl);
    }
    return ttl.toMillis();
  }
}
