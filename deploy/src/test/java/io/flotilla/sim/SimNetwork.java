package io.flotilla.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Between processes: loses, delays, doubles, reorders, holds, cuts and resets. Places are small
 * numbers.
 */
final class SimNetwork {
  /** How it is for a while. */
  record Weather(double loss, double duplication, long maxDelayNanos, boolean reorders) {
    static final Weather FAIR = new Weather(0, 0, World.MILLIS, false);
  }

  private record Link(int from, int to) {
    Link back() {
      return new Link(to, from);
    }
  }

  private final World world;
  private final Coverage coverage;
  private final SplittableRandom random;
  private final Set<Link> cut = new HashSet<>();
  private final Set<Integer> down = new HashSet<>();
  private final Map<Link, List<Runnable>> held = new HashMap<>();
  private final Map<Link, Long> resets = new HashMap<>();
  private final Map<Link, Map<Long, Runnable>> open = new HashMap<>();
  private final Map<Link, Long> lastArrival = new HashMap<>();
  private Weather climate = Weather.FAIR;
  private @Nullable Weather burst;
  private long streams;

  SimNetwork(World world, Coverage coverage) {
    this.world = world;
    this.coverage = coverage;
    this.random = world.fork();
  }

  /** How it is when nothing special happens. */
  void weather(Weather usual) {
    climate = usual;
  }

  /** Other weather for a while. */
  void burst(Weather now, long nanos) {
    burst = now;
    world.after(
        nanos,
        "calm",
        () -> {
          if (burst == now) {
            burst = null;
          }
        });
  }

  /** Nothing passes in this direction until {@link #heal}. */
  void cut(int from, int to) {
    cut.add(new Link(from, to));
  }

  void mend(int from, int to) {
    cut.remove(new Link(from, to));
  }

  /** A process there has died, perhaps in the midst of a task: nothing leaves it any more. */
  void down(int place) {
    down.add(place);
  }

  void up(int place) {
    down.remove(place);
  }

  /** What arrives in this direction is held until {@link #unclog}. */
  void clog(int from, int to) {
    held.computeIfAbsent(new Link(from, to), link -> new ArrayList<>());
  }

  /** What was held arrives now, in order, or never does. */
  void unclog(int from, int to, boolean drops) {
    List<Runnable> waiting = held.remove(new Link(from, to));
    if (waiting == null || waiting.isEmpty()) {
      return;
    }
    coverage.count(drops ? "clogged links emptied by loss" : "clogged links let go");
    if (!drops) {
      waiting.forEach(arrival -> world.after(0, from + ">" + to + " held", arrival));
    }
  }

  /** The connections between two places break: what is on its way is lost, and open calls end. */
  void reset(int one, int other) {
    Link link = new Link(one, other);
    resets.merge(link, 1L, Long::sum);
    resets.merge(link.back(), 1L, Long::sum);
    for (Link way : List.of(link, link.back())) {
      held.computeIfPresent(way, (clogged, waiting) -> new ArrayList<>());
      Map<Long, Runnable> streamsOpen = open.remove(way);
      if (streamsOpen != null) {
        coverage.count("streams broken by a reset");
        streamsOpen.values().forEach(broken -> world.after(0, "reset", broken));
      }
    }
  }

  /**
   * A stream is open; it is told if the connection breaks.
   *
   * @return to be run when it has ended
   */
  Runnable opened(int from, int to, Runnable broken) {
    Link link = new Link(from, to);
    long stream = streams++;
    open.computeIfAbsent(link, l -> new LinkedHashMap<>()).put(stream, broken);
    return () -> {
      Map<Long, Runnable> ofLink = open.get(link);
      if (ofLink != null) {
        ofLink.remove(stream);
        if (ofLink.isEmpty()) {
          open.remove(link);
        }
      }
    };
  }

  void heal() {
    cut.clear();
    List.copyOf(held.keySet()).forEach(link -> unclog(link.from(), link.to(), false));
    climate = Weather.FAIR;
    burst = null;
  }

  /** A message that may be lost or come twice. */
  void send(int from, int to, String what, Runnable arrival) {
    deliver(from, to, what, arrival);
    if (random.nextDouble() < weather().duplication()) {
      deliver(from, to, what, arrival);
    }
  }

  /** Part of a stream: it may be lost, but does not come twice. */
  void sendOnce(int from, int to, String what, Runnable arrival) {
    deliver(from, to, what, arrival);
  }

  private Weather weather() {
    return burst == null ? climate : burst;
  }

  private void deliver(int from, int to, String what, Runnable arrival) {
    Link link = new Link(from, to);
    Weather weather = weather();
    boolean lost = from != to && random.nextDouble() < weather.loss();
    long delay = random.nextLong(weather.maxDelayNanos()) + 10 * World.MICROS;
    if (lost || cut.contains(link) || down.contains(from)) {
      return;
    }
    long arrives = world.now() + delay;
    if (!weather.reorders()) {
      arrives = Math.max(arrives, lastArrival.getOrDefault(link, 0L));
      lastArrival.put(link, arrives);
    }
    long resetsThen = resets.getOrDefault(link, 0L);
    world.after(
        arrives - world.now(),
        from + ">" + to + " " + what,
        () -> {
          if (!cut.contains(link) && resetsThen == resets.getOrDefault(link, 0L)) {
            arrive(link, arrival);
          }
        });
  }

  private void arrive(Link link, Runnable arrival) {
    List<Runnable> waiting = held.get(link);
    if (waiting == null) {
      arrival.run();
    } else {
      waiting.add(arrival);
    }
  }
}
