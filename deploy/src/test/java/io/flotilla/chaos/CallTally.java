package io.flotilla.chaos;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** How the calls of all threads went. Thread-safe. */
final class CallTally {
  /** Failures kept as they are; what is beyond is only counted. */
  private static final int MOST_KEPT = 1_000;

  private static final int DIGITS = 3;

  private final Map<CallKind, Histogram> latencies = new EnumMap<>(CallKind.class);
  private final List<CallFailure> failures = new ArrayList<>();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong won = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();

  CallTally() {
    for (CallKind kind : CallKind.values()) {
      latencies.put(kind, new ConcurrentHistogram(DIGITS));
    }
  }

  /** A call ended, well or not. */
  void ended(CallKind kind, long nanos) {
    histogram(kind).recordValue(TimeUnit.NANOSECONDS.toMicros(Math.max(0, nanos)));
  }

  void failed(CallFailure failure) {
    failed.incrementAndGet();
    synchronized (failures) {
      if (failures.size() < MOST_KEPT) {
        failures.add(failure);
      }
    }
  }

  /** A compare-and-set was answered. */
  void raced(boolean applied) {
    (applied ? won : lost).incrementAndGet();
  }

  long compareAndSetsWon() {
    return won.get();
  }

  long compareAndSetsLost() {
    return lost.get();
  }

  long failedCalls() {
    return failed.get();
  }

  /** The first of them. */
  List<CallFailure> failures() {
    synchronized (failures) {
      return List.copyOf(failures);
    }
  }

  long calls() {
    return latencies.values().stream().mapToLong(Histogram::getTotalCount).sum();
  }

  /** Latencies in microseconds. */
  Histogram histogram(CallKind kind) {
    return latencies.getOrDefault(kind, new Histogram(DIGITS));
  }

  /** Of all kinds together. */
  Histogram all() {
    Histogram sum = new Histogram(DIGITS);
    latencies.values().forEach(sum::add);
    return sum;
  }

  Duration longest() {
    return Duration.of(all().getMaxValue(), ChronoUnit.MICROS);
  }
}
