package io.flotilla.router;

/**
 * When a node is left alone. Times are nanoseconds.
 *
 * @param failures in a row without any answer, after which the node is left alone
 * @param silenceNanos how long a node that takes calls may say nothing at all, before calls that
 *     ran out of time count as its failures; also how long a probe keeps others out
 * @param pauses before a probe; grow while probes fail
 * @param maxWaiting calls of one router that wait while no node of their shard can be asked; those
 *     beyond fail at once, as not applied and with the time after which to come back
 */
public record BreakerConfig(int failures, long silenceNanos, Backoff pauses, int maxWaiting) {
  private static final long MILLIS = 1_000_000;

  /**
   * 5 failures, silence of 500 ms, pauses of 50 to 500 ms: after a probe that was lost and the
   * pause that follows, a node that has healed is asked within a second.
   */
  public static BreakerConfig defaults() {
    return new BreakerConfig(5, 500 * MILLIS, new Backoff(50 * MILLIS, 500 * MILLIS), 1_024);
  }
}
