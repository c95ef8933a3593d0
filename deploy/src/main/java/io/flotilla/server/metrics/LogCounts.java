package io.flotilla.server.metrics;

import java.util.concurrent.atomic.LongAdder;

/** Counts events in the log. Any thread. */
public final class LogCounts {
  private final LongAdder errors = new LongAdder();
  private final LongAdder warnings = new LongAdder();

  /** Something is wrong here. */
  public void error() {
    errors.increment();
  }

  /** Somebody should look at it. */
  public void warning() {
    warnings.increment();
  }

  void collect(Samples samples) {
    samples.count(Metric.LOG_EVENTS, errors, "error");
    samples.count(Metric.LOG_EVENTS, warnings, "warn");
  }
}
