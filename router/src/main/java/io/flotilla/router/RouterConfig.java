package io.flotilla.router;

/**
 * Bounds of a router. Times are nanoseconds.
 *
 * @param backoff between tries of one call
 * @param attemptNanos how long the first try of a repeatable call may take before another node is
 *     asked; doubles with each such try
 * @param maxAttempts tries of one call, whatever its deadline
 * @param refreshSpacingNanos least time between two fetches of the route map
 * @param refreshAttemptNanos how long one node may take to answer a fetch
 * @param pollNanos how often a server asks the system shard for a newer catalog
 * @param watchBackoff between subscriptions of a client to route changes
 * @param breakers when nodes are left alone
 * @param hedgePercent of the reads that may ask a second replica, those that do
 */
public record RouterConfig(
    Backoff backoff,
    long attemptNanos,
    int maxAttempts,
    long refreshSpacingNanos,
    long refreshAttemptNanos,
    long pollNanos,
    Backoff watchBackoff,
    BreakerConfig breakers,
    int hedgePercent) {
  private static final long MILLIS = 1_000_000;

  /** 8..250 ms back-off, 2 s for the first try, a poll each second. */
  public static RouterConfig defaults() {
    return new RouterConfig(
        new Backoff(8 * MILLIS, 250 * MILLIS),
        2_000 * MILLIS,
        1_000,
        50 * MILLIS,
        1_000 * MILLIS,
        1_000 * MILLIS,
        new Backoff(50 * MILLIS, 1_000 * MILLIS),
        BreakerConfig.defaults(),
        10);
  }
}
