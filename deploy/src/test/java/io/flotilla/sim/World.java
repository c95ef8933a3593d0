package io.flotilla.sim;

import io.flotilla.storage.SimCrashException;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Virtual time: events in the order of their times, and of their making where times are equal. */
final class World {
  static final long MICROS = 1_000;
  static final long MILLIS = 1_000_000;
  static final long SECONDS = 1_000_000_000;
  private static final int LINES_KEPT = 400;

  private record Event(long time, long number, String what, Runnable action) {}

  private record Note(long time, String line) {
    @Override
    public String toString() {
      return "%10.6f  %s".formatted(time / (double) SECONDS, line);
    }
  }

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::time).thenComparingLong(Event::number));
  private final SplittableRandom random;
  private final boolean talks;
  private final ArrayDeque<Note> lines = new ArrayDeque<>();
  private Consumer<String> listener = note -> {};
  private @Nullable String fault;
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

  /** Something is wrong that must never be: the run ends with the next step. */
  void fault(String what) {
    fault = what;
  }

  /** Runs the next event; false if there is none. */
  boolean step() {
    if (fault != null) {
      throw new AssertionError(fault);
    }
    Event next = events.poll();
    if (next == null) {
      return false;
    }
    now = next.time();
    executed++;
    hash = hash * 31 + now;
    hash = hash * 31 + next.what().hashCode();
    try {
      next.action().run();
    } catch (SimCrashException e) {
      note(String.valueOf(e.getMessage())); // a process died in the midst of it
    }
    return true;
  }

  /** Hands on each note, when it is made. */
  void listen(Consumer<String> listener) {
    this.listener = listener;
  }

  /** Something worth reading happened. */
  void note(String line) {
    listener.accept(line);
    hash = hash * 31 + line.hashCode();
    Note note = new Note(now, line);
    if (talks) {
      System.err.println(note);
    }
    if (lines.size() == LINES_KEPT) {
      lines.removeFirst();
    }
    lines.addLast(note);
  }

  /** The latest notes. */
  List<String> notes() {
    return lines.stream().map(Note::toString).toList();
  }
}
