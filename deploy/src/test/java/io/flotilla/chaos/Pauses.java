package io.flotilla.chaos;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** How long writers of a shard waited at each change of it. Thread-safe. */
final class Pauses {
  private static final int DIGITS = 3;

  private final Map<Change, Histogram> alone = new EnumMap<>(Change.class);
  private final Map<Change, Histogram> besideKill = new EnumMap<>(Change.class);

  Pauses() {
    for (Change change : Change.values()) {
      alone.put(change, new Histogram(DIGITS));
      besideKill.put(change, new Histogram(DIGITS));
    }
  }

  /**
   * A pause was seen.
   *
   * @param killed whether a node was down at the time, so that the pause may be due to that
   */
  synchronized void add(Change change, long nanos, boolean killed) {
    (killed ? besideKill : alone)
        .getOrDefault(change, new Histogram(DIGITS))
        .recordValue(TimeUnit.NANOSECONDS.toMicros(nanos));
  }

  /** Microseconds, while all nodes were up. */
  synchronized Histogram alone(Change change) {
    return alone.getOrDefault(change, new Histogram(DIGITS)).copy();
  }

  /** Microseconds, while a node was down or came back. */
  synchronized Histogram besideKill(Change change) {
    return besideKill.getOrDefault(change, new Histogram(DIGITS)).copy();
  }

  /** How often a change was done. */
  long count(Change change) {
    return alone(change).getTotalCount() + besideKill(change).getTotalCount();
  }
}
