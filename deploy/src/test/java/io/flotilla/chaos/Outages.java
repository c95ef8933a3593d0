package io.flotilla.chaos;

import java.util.ArrayList;
import java.util.List;

/** When nodes were down or came back. Thread-safe. */
final class Outages {
  private final List<long[]> times = new ArrayList<>();

  /** One begins; it has no end yet. */
  synchronized void begin(long nanos) {
    times.add(new long[] {nanos, Long.MAX_VALUE});
  }

  /** The last one ends. */
  synchronized void end(long nanos) {
    times.get(times.size() - 1)[1] = nanos;
  }

  /** Whether there was one at some time within these. */
  synchronized boolean during(long from, long to) {
    return times.stream().anyMatch(time -> time[0] <= to && time[1] >= from);
  }
}
