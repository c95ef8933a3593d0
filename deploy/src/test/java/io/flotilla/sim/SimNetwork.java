package io.flotilla.sim;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** Between processes: loses, delays, doubles, reorders and cuts. Places are small numbers. */
final class SimNetwork {
  /** What a seed draws for its network. */
  record Weather(double loss, double duplication, long maxDelayNanos, boolean reorders) {
    static final Weather FAIR = new Weather(0, 0, World.MILLIS, false);
  }

  private record Link(int from, int to) {}

  private final World world;
  private final SplittableRandom random;
  private final Set<Link> cut = new HashSet<>();
  private final Map<Link, Long> lastArrival = new HashMap<>();
  private Weather weather = Weather.FAIR;

  SimNetwork(World world) {
    this.world = world;
    this.random = world.fork();
  }

  void weather(Weather now) {
    weather = now;
  }

  /** Nothing passes in this direction until {@link #heal}. */
  void cut(int from, int to) {
    cut.add(new Link(from, to));
  }

  void mend(int from, int to) {
    cut.remove(new Link(from, to));
  }

  void heal() {
    cut.clear();
    weather = Weather.FAIR;
  }

  /** A message that may be lost or come twice. */
  void send(int from, int to, String what, Runnable arrival) {
    deliver(from, to, what, arrival);
    if (random.nextDouble() < weather.duplication()) {
      deliver(from, to, what, arrival);
    }
  }

  /** Part of a stream: it may be lost, but does not come twice. */
  void sendOnce(int from, int to, String what, Runnable arrival) {
    deliver(from, to, what, arrival);
  }

  private void deliver(int from, int to, String what, Runnable arrival) {
    Link link = new Link(from, to);
    boolean lost = from != to && random.nextDouble() < weather.loss();
    long delay = random.nextLong(weather.maxDelayNanos()) + 10 * World.MICROS;
    if (lost || cut.contains(link)) {
      return;
    }
    long arrives = world.now() + delay;
    if (!weather.reorders()) {
      arrives = Math.max(arrives, lastArrival.getOrDefault(link, 0L));
      lastArrival.put(link, arrives);
    }
    world.after(
        arrives - world.now(),
        from + ">" + to + " " + what,
        () -> {
          if (!cut.contains(link)) {
            arrival.run();
          }
        });
  }
}
