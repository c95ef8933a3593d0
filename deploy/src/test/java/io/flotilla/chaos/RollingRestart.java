package io.flotilla.chaos;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.ShardInfo;
import io.flotilla.server.local.ClusterWatch;
import io.flotilla.server.local.JavaCommand;
import io.flotilla.server.local.NodeProcess;
import io.flotilla.server.local.Pause;
import io.flotilla.server.local.Poll;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Stops and starts three nodes one after the other, as an upgrade does, under load; the next one
 * once all nodes answer, all replicas have caught up and every node leads its share again.
 */
final class RollingRestart {
  private static final Duration AROUND = Duration.ofSeconds(15);
  private static final int SLOTS_OF_A_SECOND = 10;

  private final Plan plan;
  private final JavaCommand java;
  private final Path directory;
  private final LongSupplier nanoClock;
  private final Consumer<String> say;

  /**
   * What is to be done.
   *
   * @param callers in a closed loop
   * @param shards beside the catalog
   * @param kill whether nodes are killed instead of stopped, to see what stopping saves
   */
  record Plan(int callers, int shards, boolean kill) {}

  /**
   * What was measured; calls are a second.
   *
   * @param before in the quiet time before the first stop
   * @param during from the first stop until all is as it was
   * @param after in the quiet time after that
   * @param deepest the least in any second of it
   * @param seconds from the first stop until all is as it was
   * @param downSeconds from a stop until all nodes answer again, of each node
   * @param defects calls that failed, and what else must not be
   */
  record Result(
      Plan plan,
      double before,
      double during,
      double after,
      double deepest,
      double seconds,
      List<Double> downSeconds,
      List<String> defects) {
    /** How much less was done, in percent of what is done without restarts. */
    double dip() {
      return percent(during);
    }

    private double percent(double calls) {
      return 100 - 100 * calls / ((before + after) / 2);
    }
  }

  RollingRestart(
      Plan plan, JavaCommand java, Path directory, LongSupplier nanoClock, Consumer<String> say) {
    this.plan = plan;
    this.java = java;
    this.directory = directory;
    this.nanoClock = nanoClock;
    this.say = say;
  }

  Result run() throws InterruptedException, IOException {
    Defects defects = new Defects(say);
    try (Site site = Site.start(java, directory, nanoClock, defects);
        FlotillaClient client =
            FlotillaClient.builder().endpoints(site.cluster().endpoints()).build()) {
      RollingLoad.borders(plan.shards()).forEach(site.client().admin()::splitShard);
      awaitAsBefore(site);
      RollingLoad load = new RollingLoad(client.kv(), plan.callers(), nanoClock, defects);
      load.start();
      // Compilers first; then the quiet time that is compared with.
      Pause.REAL.pause(AROUND.multipliedBy(2));
      long first = nanoClock.getAsLong();
      double[] down = new double[ChaosPlan.NODES];
      for (int i = 0; i < down.length; i++) {
        down[i] = restart(site, site.cluster().nodes().get(i));
      }
      long last = nanoClock.getAsLong();
      Pause.REAL.pause(AROUND);
      load.stop();
      return result(load, first, last, down, defects);
    }
  }

  private Result result(RollingLoad load, long first, long last, double[] down, Defects defects) {
    int[] during = load.answered(first, last);
    return new Result(
        plan,
        perSecond(load.answered(first - AROUND.toNanos(), first)),
        perSecond(during),
        perSecond(load.answered(last, last + AROUND.toNanos())),
        leastSecond(during),
        (last - first) / 1e9,
        Arrays.stream(down).boxed().toList(),
        defects.seen());
  }

  private double restart(Site site, NodeProcess node) throws InterruptedException {
    long begin = nanoClock.getAsLong();
    if (plan.kill()) {
      node.kill();
    } else {
      node.stop();
    }
    double stopped = (nanoClock.getAsLong() - begin) / 1e9;
    site.cluster().start(node);
    site.awaitWhole();
    double seconds = (nanoClock.getAsLong() - begin) / 1e9;
    awaitAsBefore(site);
    say.accept(
        String.format(
            Locale.ROOT,
            "%s: stopped after %.1f s, whole after %.1f s, leads its share after %.1f s",
            node.spec().name(),
            stopped,
            seconds,
            (nanoClock.getAsLong() - begin) / 1e9));
    return seconds;
  }

  /** Waits until no node leads two shards more than another. */
  private void awaitAsBefore(Site site) throws InterruptedException {
    site.awaitWhole();
    var unused =
        site.poll()
            .until(
                "leaders in even shares",
                Site.LIMIT,
                () -> {
                  Map<Long, Integer> leaders = leaders(site);
                  int most = leaders.values().stream().mapToInt(Integer::intValue).max().orElse(0);
                  int least = leaders.values().stream().mapToInt(Integer::intValue).min().orElse(0);
                  return leaders.size() == ChaosPlan.NODES && most - least <= 1
                      ? Poll.Seen.of(true)
                      : Poll.Seen.notYet("they are " + leaders);
                });
  }

  private static Map<Long, Integer> leaders(Site site) {
    Map<Long, Integer> leaders = new TreeMap<>();
    for (ShardInfo shard : site.client().admin().listShards(true).shards()) {
      ClusterWatch.leading(shard)
          .ifPresent(replica -> leaders.merge(replica.nodeId(), 1, Integer::sum));
    }
    return leaders;
  }

  private static double perSecond(int[] slots) {
    return slots.length == 0
        ? 0
        : (double) SLOTS_OF_A_SECOND * Arrays.stream(slots).sum() / slots.length;
  }

  private static double leastSecond(int[] slots) {
    double least = Double.MAX_VALUE;
    for (int i = 0; i + SLOTS_OF_A_SECOND <= slots.length; i++) {
      least = Math.min(least, Arrays.stream(slots, i, i + SLOTS_OF_A_SECOND).sum());
    }
    return least;
  }

  /** For people. */
  static String text(Result result) {
    StringBuilder out = new StringBuilder();
    ChaosReport.line(out, "%-28s %12s %8s", "CALLS ANSWERED", "A SECOND", "DIP");
    row(out, "15 s before", result.before(), "");
    row(out, "while nodes restart", result.during(), percent(result.dip()));
    row(
        out,
        "in the least second of it",
        result.deepest(),
        percent(result.percent(result.deepest())));
    row(out, "15 s after", result.after(), "");
    out.append(
        String.format(
            Locale.ROOT,
            "%n3 nodes %s one after the other in %.1f s, each whole again after %s;%n"
                + "%d callers, %d shards; %d calls failed or were wrong%n",
            result.plan().kill() ? "killed" : "restarted",
            result.seconds(),
            result.downSeconds().stream()
                .map(s -> String.format(Locale.ROOT, "%.1f s", s))
                .toList(),
            result.plan().callers(),
            result.plan().shards(),
            result.defects().size()));
    return out.toString();
  }

  private static void row(StringBuilder out, String what, double calls, String dip) {
    ChaosReport.line(out, "%-28s %,12.0f %8s", what, calls, dip);
  }

  private static String seconds(double value) {
    return String.format(Locale.ROOT, "%.1f s", value);
  }

  private static String percent(double value) {
    return String.format(Locale.ROOT, "%.1f %%", value);
  }

  /** For programs. */
  static void json(ObjectNode object, Result result) {
    object
        .put("callers", result.plan().callers())
        .put("shards", result.plan().shards())
        .put("killed", result.plan().kill())
        .put("calls_per_second_before", result.before())
        .put("calls_per_second_during", result.during())
        .put("calls_per_second_after", result.after())
        .put("calls_in_least_second", result.deepest())
        .put("dip_percent", result.dip())
        .put("seconds", result.seconds());
    result.downSeconds().forEach(object.putArray("seconds_until_whole")::add);
    result.defects().forEach(object.putArray("defects")::add);
  }
}
