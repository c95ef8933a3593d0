package io.flotilla.sim;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/** Virtual time: events in the order of their times, and of their making where times are equal. */
final class World {
  static final long MICROS = 1_000;
  static final long MILLIS = 1_000_000;
  static final long SECONDS = 1_000_000_000;
  private static final int LINES_KEPT = 400;

  private record Event(long time, long number, String what, Runnable action) {}

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::time).thenComparingLong(Event::number));
  private final SplittableRandom random;
  private final boolean talks;
  private final List<String> lines = new ArrayList<>();
  private long now;
  private long scheduled;
  private long executed;
  private long hash = 17;

  /**
   * An empty world.
   *
   * @param talks whether the trace is printed as it grows
   */
  World(long seed, boolean talks) {
    this.random = new SplittableRandom(seed);
    this.talks = talks;
  }

  /** A generator of its own for one part, so that a draw more in one changes no other. */
  SplittableRandom fork() {
    return random.split();
  }

  long now() {
    return now;
  }

  long executed() {
    return executed;
  }

  /** Equal for equal runs: a digest of all events and notes so far. */
  long traceHash() {
    return hash;
  }

  void after(long delayNanos, String what, Runnable action) {
    events.add(new Event(now + Math.max(0, delayNanos), scheduled++, what, action));
  }

  /** Runs the next event; false if there is none. */
  boolean step() {
    Event next = events.poll();
    if (next == null) {
      return false;
    }
    now = next.time();
    executed++;
    hash = hash * 31 + now;
    hash = hash * 31 + next.what().hashCode();
    next.action().run();
    return true;
  }

  /** Something worth reading happened. */
  void note(String line) {
    hash = hash * 31 + line.hashCode();
    String stamped = "%10.6f  %s".formatted(now / (double) SECONDS, line);
    if (talks) {
      System.err.println(stamped);
    }
    if (lines.size() == LINES_KEPT) {
      lines.remove(0);
    }
    lines.add(stamped);
  }

  /** The latest notes. */
  List<String> notes() {
    return List.copyOf(lines);
  }
}
