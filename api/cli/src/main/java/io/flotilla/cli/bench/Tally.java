package io.flotilla.cli.bench;

import io.flotilla.client.FlotillaException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** Counts operations and their times, in nanoseconds. Thread-safe. */
final class Tally {
  private static final long LONGEST = TimeUnit.MINUTES.toNanos(10);
  private static final int DIGITS = 3;

  private final Recorder recorder = new Recorder(LONGEST, DIGITS);
  private final Map<String, LongAdder> errors = new ConcurrentHashMap<>();

  void succeeded(long nanos) {
    recorder.recordValue(Math.min(LONGEST, Math.max(0, nanos)));
  }

  void failed(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    String name =
        cause instanceof FlotillaException known
            ? known.code().name()
            : cause.getClass().getSimpleName();
    errors.computeIfAbsent(name, code -> new LongAdder()).increment();
  }

  /** The times since this was last called. */
  Histogram interval() {
    return recorder.getIntervalHistogram();
  }

  /** Failures by code, since the last {@link #reset()}. */
  Map<String, Long> errors() {
    Map<String, Long> counts = new TreeMap<>();
    errors.forEach((code, count) -> counts.put(code, count.sum()));
    return counts;
  }

  /** Begins anew. */
  void reset() {
    recorder.reset();
    errors.clear();
  }

  /** A histogram that holds what intervals hold. */
  static Histogram histogram() {
    return new Histogram(LONGEST, DIGITS);
  }
}
