package io.flotilla.client;

import java.time.Duration;
import java.util.Optional;

/**
 * Which replica may answer a read, and how old its answer may be. Immutable.
 *
 * <pre>{@code
 * kv.get(key);                                            // linearizable, by the leader
 * kv.get(key, ReadOptions.follower());                    // as fresh, by any replica
 * kv.get(key, ReadOptions.stale(Duration.ofSeconds(2)));  // at most two seconds old
 * kv.get(key, ReadOptions.stale());                       // any age, also without a leader
 *
 * kv.get(key, ReadOptions.follower().hedged(Duration.ofMillis(20)));  // cuts the slowest off
 *
 * Kv reports = kv.withReads(ReadOptions.follower());      // for all calls of one face
 * try (Stream<Entry> users = reports.scan(Scan.prefix("user/"))) { ... }
 * }</pre>
 *
 * @param consistency how fresh
 * @param maxStaleness with {@link Consistency#STALE}, the greatest age: what is read was the newest
 *     at some time not longer before the call than this. A replica that cannot show it asks its
 *     leader first, so the bound costs nothing but time; without a leader the read fails. 1 ms to
 *     24 h
 * @param hedgeAfter how long a replica may take before a second one is asked as well; see {@link
 *     #hedged}. Empty: only one is asked at a time
 */
public record ReadOptions(
    Consistency consistency, Optional<Duration> maxStaleness, Optional<Duration> hedgeAfter) {
  /** Greatest bound on the age. */
  public static final Duration MAX_STALENESS = Duration.ofHours(24);

  private static final ReadOptions LINEARIZABLE = of(Consistency.LINEARIZABLE);
  private static final ReadOptions FOLLOWER = of(Consistency.FOLLOWER);
  private static final ReadOptions STALE = of(Consistency.STALE);

  /** Checks the bounds. */
  public ReadOptions {
    if (maxStaleness.isPresent()) {
      Duration bound = maxStaleness.get();
      if (consistency != Consistency.STALE) {
        throw new IllegalArgumentException(
            "a bound of " + bound + " goes with STALE, not with " + consistency);
      }
      if (bound.toMillis() < 1 || bound.compareTo(MAX_STALENESS) > 0) {
        throw new IllegalArgumentException("maxStaleness is 1 ms to 24 h, not " + bound);
      }
    }
    if (hedgeAfter.isPresent()) {
      Duration delay = hedgeAfter.get();
      if (consistency == Consistency.LINEARIZABLE) {
        throw new IllegalArgumentException(
            "only the leader answers LINEARIZABLE reads: hedge follower(), which is as fresh");
      }
      if (delay.toMillis() < 1 || delay.compareTo(CallOptions.MAX_TIMEOUT) > 0) {
        throw new IllegalArgumentException("hedgeAfter is 1 ms to 60 s, not " + delay);
      }
    }
  }

  private static ReadOptions of(Consistency consistency) {
    return new ReadOptions(consistency, Optional.empty(), Optional.empty());
  }

  /**
   * Sees every write acknowledged before; answered by the leader. What holds if nothing is said.
   */
  public static ReadOptions linearizable() {
    return LINEARIZABLE;
  }

  /** Sees every write acknowledged before; answered by any replica. */
  public static ReadOptions follower() {
    return FOLLOWER;
  }

  /** Whatever a replica has: fast, and there also while a shard has no leader. */
  public static ReadOptions stale() {
    return STALE;
  }

  /**
   * What a replica has if it is not older than this.
   *
   * @throws IllegalArgumentException if it is not from 1 ms to 24 h
   */
  public static ReadOptions stale(Duration maxStaleness) {
    return new ReadOptions(Consistency.STALE, Optional.of(maxStaleness), Optional.empty());
  }

  /**
   * The same, and when a replica has not answered after this time a second one is asked; the first
   * good answer counts, the other is given up. At most one read in ten asks twice, so a cluster
   * that is slow because it is busy gets little more to do. Choose a time that few answers exceed.
   *
   * @throws IllegalArgumentException if it is not from 1 ms to 60 s, or for {@link #linearizable},
   *     which only the leader answers: {@link #follower} is as fresh
   */
  public ReadOptions hedged(Duration after) {
    return new ReadOptions(consistency, maxStaleness, Optional.of(after));
  }
}
