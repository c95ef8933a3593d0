package io.flotilla.router;

import java.util.random.RandomGenerator;

/**
 * How long to wait before the next try: doubles from {@code firstNanos} to {@code maxNanos}, each
 * time with a random part so that callers that failed together do not come back together.
 *
 * @param firstNanos before the second try, at most; more than 0
 * @param maxNanos before any try, at most; not less than {@code firstNanos}
 */
public record Backoff(long firstNanos, long maxNanos) {
  private static final int MAX_DOUBLINGS = 30;

  /** Checks the bounds. */
  public Backoff {
    if (firstNanos <= 0 || maxNanos < firstNanos) {
      throw new IllegalArgumentException("back-off " + firstNanos + ".." + maxNanos + " ns");
    }
  }

  /** Between half and all of the delay of this try; {@code failures} counts from 1. */
  public long delayNanos(int failures, Jitter jitter) {
    int doublings = Math.min(Math.max(0, failures - 1), MAX_DOUBLINGS);
    long full =
        doublings >= Long.numberOfLeadingZeros(firstNanos)
            ? maxNanos
            : Math.min(maxNanos, firstNanos << doublings);
    return jitter.upTo(full);
  }

  /** The one source of randomness of a router, safe for many threads. */
  public static final class Jitter {
    private final RandomGenerator random;

    /** The generator is used under a lock, so any will do. */
    public Jitter(RandomGenerator random) {
      this.random = random;
    }

    /** Between half of it and all of it. */
    public synchronized long upTo(long nanos) {
      return nanos <= 1 ? nanos : nanos - random.nextLong(nanos / 2 + 1);
    }

    synchronized int below(int bound) {
      return random.nextInt(bound);
    }
  }
}
