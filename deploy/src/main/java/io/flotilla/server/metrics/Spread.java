package io.flotilla.server.metrics;

import java.util.concurrent.atomic.LongAdder;

/**
 * A histogram that many threads add to without waiting for each other: a counter for each bucket
 * and one for the sum. Adding allocates nothing.
 */
final class Spread {
  private static final double NANOS_IN_A_SECOND = 1e9;

  /** From 50 µs, which is less than a sync of any disk, to 10 s, the default deadline of calls. */
  private static final long[] TIMES = {
    50_000,
    100_000,
    250_000,
    500_000,
    1_000_000,
    2_500_000,
    5_000_000,
    10_000_000,
    25_000_000,
    50_000_000,
    100_000_000,
    250_000_000,
    500_000_000,
    1_000_000_000,
    2_500_000_000L,
    5_000_000_000L,
    10_000_000_000L
  };

  private static final long[] NUMBERS = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512};

  private final long[] bounds;
  private final double inOne;
  private final LongAdder[] counts;
  private final LongAdder sum = new LongAdder();

  private Spread(long[] bounds, double inOne) {
    this.bounds = bounds;
    this.inOne = inOne;
    this.counts = new LongAdder[bounds.length + 1];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = new LongAdder();
    }
  }

  /** Takes nanoseconds, shows seconds. */
  static Spread ofTimes() {
    return new Spread(TIMES, NANOS_IN_A_SECOND);
  }

  static Spread ofNumbers() {
    return new Spread(NUMBERS, 1);
  }

  void add(long value) {
    int bucket = 0;
    while (bucket < bounds.length && value > bounds[bucket]) {
      bucket++;
    }
    counts[bucket].increment();
    sum.add(value);
  }

  /** Upper bounds of the buckets in the unit shown; the last one is infinite. */
  double[] upperBounds() {
    double[] shown = new double[counts.length];
    for (int i = 0; i < bounds.length; i++) {
      shown[i] = bounds[i] / inOne;
    }
    shown[bounds.length] = Double.POSITIVE_INFINITY;
    return shown;
  }

  /** How many values are in each bucket alone. */
  long[] counts() {
    long[] now = new long[counts.length];
    for (int i = 0; i < now.length; i++) {
      now[i] = counts[i].sum();
    }
    return now;
  }

  /** In the unit shown. */
  double sum() {
    return sum.sum() / inOne;
  }
}
