package io.flotilla.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** What goes wrong between nodes, drawn by the seed. */
final class NetworkFaults {
  private static final long LONGEST_CUT_NANOS = 3 * World.SECONDS;
  private static final long LONGEST_BURST_NANOS = 2 * World.SECONDS;
  private static final long LONGEST_CLOG_NANOS = 4 * World.SECONDS;

  /** Ten election timeouts. */
  private static final int MAX_DELAY_MILLIS = 5_000;

  private static final int FIRST_CLIENT = 101;
  private static final int CLIENTS = 3;

  private final World world;
  private final SimNetwork network;
  private final SplittableRandom random;
  private final int nodes;
  private final boolean clogsDrop;

  NetworkFaults(World world, SimNetwork network, int nodes) {
    this.world = world;
    this.network = network;
    this.nodes = nodes;
    this.random = world.fork();
    this.clogsDrop = random.nextBoolean();
  }

  void isolate(int place) {
    for (int other = 1; other <= nodes; other++) {
      if (other != place) {
        cut(other, place);
        cut(place, other);
      }
    }
  }

  /** Nothing reaches the node, or nothing leaves it. */
  void cutOneWay(int place) {
    boolean in = random.nextBoolean();
    for (int other = 1; other <= nodes; other++) {
      if (other != place) {
        cut(in ? other : place, in ? place : other);
      }
    }
  }

  void cutPair(int place) {
    int other = other(place);
    cut(place, other);
    cut(other, place);
  }

  private int other(int place) {
    return 1 + (place + random.nextInt(nodes - 1)) % nodes;
  }

  private void cut(int from, int to) {
    network.cut(from, to);
    world.after(random.nextLong(LONGEST_CUT_NANOS), "mend", () -> network.mend(from, to));
  }

  /**
   * Swizzle-clogging: the links of some nodes are clogged one by one, and let go in another order.
   * What makes the difference is that nothing is lost: it comes late, and all at once.
   */
  void swizzle() {
    List<int[]> links = new ArrayList<>();
    for (int place = 1; place <= nodes; place++) {
      if (random.nextBoolean()) {
        for (int other = 1; other <= nodes; other++) {
          if (other != place) {
            links.add(new int[] {place, other});
            links.add(new int[] {other, place});
          }
        }
      }
    }
    for (int[] link : links) {
      long from = random.nextLong(LONGEST_CLOG_NANOS / 2);
      long until = LONGEST_CLOG_NANOS / 2 + random.nextLong(LONGEST_CLOG_NANOS / 2);
      world.after(from, "clog", () -> network.clog(link[0], link[1]));
      boolean drops = clogsDrop && random.nextBoolean();
      world.after(until, "unclog", () -> network.unclog(link[0], link[1], drops));
    }
  }

  /** Loss, doubles, delay or disorder for a while, each or all of them. */
  void burst() {
    SimNetwork.Weather weather =
        new SimNetwork.Weather(
            random.nextBoolean() ? 0 : random.nextDouble(0.3),
            random.nextBoolean() ? 0 : random.nextDouble(0.1),
            (1 + random.nextInt(random.nextBoolean() ? 50 : MAX_DELAY_MILLIS)) * World.MILLIS,
            random.nextBoolean());
    network.burst(weather, random.nextLong(LONGEST_BURST_NANOS));
  }

  /** The connections of a node to another one, or to a client, break. */
  void reset(int place) {
    int client = FIRST_CLIENT + random.nextInt(CLIENTS);
    network.reset(place, random.nextBoolean() ? client : other(place));
  }
}
