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
 * Kv reports = kv.withReads(ReadOptions.follower());      // for all calls of one face
 * try (Stream<Entry> users = reports.scan(Scan.prefix("user/"))) { ... }
 * }</pre>
 *
 * @param consistency how fresh
 * @param maxStaleness with {@link Consistency#STALE}, the greatest age: what is read was the newest
 *     at some time not longer before the call than this. A replica that cannot show it asks its
 *     leader first, so the bound costs nothing but time; without a leader the read fails. 1 ms to
 *     24 h
 */
public record ReadOptions(Consistency consistency, Optional<Duration> maxStaleness) {
  /** Greatest bound on the age. */
  public static final Duration MAX_STALENESS = Duration.ofHours(24);

  private static final ReadOptions LINEARIZABLE =
      new ReadOptions(Consistency.LINEARIZABLE, Optional.empty());
  private static final ReadOptions FOLLOWER =
      new ReadOptions(Consistency.FOLLOWER, Optional.empty());
  private static final ReadOptions STALE = new ReadOptions(Consistency.STALE, Optional.empty());

  /** Checks the bound. */
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
    return new ReadOptions(Consistency.STALE, Optional.of(maxStaleness));
  }
}
