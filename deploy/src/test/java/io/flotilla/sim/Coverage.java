package io.flotilla.sim;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** What happened how often, over one run or many: a fault that never struck tested nothing. */
final class Coverage {
  private final Map<String, Long> counts = new TreeMap<>();

  void count(String what) {
    counts.merge(what, 1L, Long::sum);
  }

  void add(Coverage other) {
    other.counts.forEach((what, times) -> counts.merge(what, times, Long::sum));
  }

  long of(String what) {
    return counts.getOrDefault(what, 0L);
  }

  /** All counts, by what was counted. */
  Map<String, Long> counts() {
    return Collections.unmodifiableMap(counts);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    counts.forEach((what, times) -> text.append("  %8d  %s%n".formatted(times, what)));
    return text.toString();
  }
}
