package io.flotilla.chaos;

import io.flotilla.client.FlotillaClient;
import io.flotilla.client.ShardInfo;
import io.flotilla.client.ShardLoad;
import io.flotilla.server.config.Setting;
import io.flotilla.server.local.JavaCommand;
import io.flotilla.server.local.Pause;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * A skewed load on the one shard of a new cluster of three: automatic splits and moves of leaders
 * share it out. Then all calls are for one key, which no split divides.
 */
final class Skew {
  /** What the most loaded node may have of the least loaded one's, to count as even. */
  static final double EVEN = 1.2;

  private static final int NODES = 3;
  private static final Duration LOOK = Duration.ofSeconds(5);

  /** Looks in a row that must find the load even. */
  private static final int LOOKS = 4;

  private static final String HOT = "hot: ";

  /**
   * What is done.
   *
   * @param rate calls a second
   * @param splitLoad requests a second from which a shard is split
   * @param limit of each part
   */
  record Plan(long seed, int rate, int splitLoad, Duration limit) {}

  /**
   * What came of it.
   *
   * @param evenAfterMillis until the load was even, and stayed so for some looks; -1: it never was
   * @param shards at that time
   * @param loads of the nodes by then, in requests a second, by node
   * @param verdict what was said of the shard with the one key; empty: nothing in time
   * @param splitAfterwards shards that came to be while all calls were for one key
   * @param calls that succeeded
   * @param defects calls that failed
   */
  record Result(
      Plan plan,
      long evenAfterMillis,
      int shards,
      Map<Long, Double> loads,
      String verdict,
      int splitAfterwards,
      long calls,
      List<String> defects) {
    boolean holds() {
      return evenAfterMillis >= 0 && verdict.startsWith(HOT) && defects.isEmpty();
    }

    double unevenness() {
      return Skew.unevenness(loads);
    }
  }

  private final Plan plan;
  private final JavaCommand java;
  private final Path directory;
  private final LongSupplier nanoClock;
  private final Consumer<String> say;

  Skew(Plan plan, JavaCommand java, Path directory, LongSupplier nanoClock, Consumer<String> say) {
    this.plan = plan;
    this.java = java;
    this.directory = directory;
    this.nanoClock = nanoClock;
    this.say = say;
  }

  Result run() throws InterruptedException {
    Defects defects = new Defects(say);
    Map<Setting, String> settings =
        Map.of(Setting.SPLIT_LOAD, String.valueOf(plan.splitLoad()), Setting.SPLIT_PAUSE, "5s");
    try (Site site = Site.start(java, directory, nanoClock, defects, NODES, settings);
        FlotillaClient client =
            FlotillaClient.builder().endpoints(site.cluster().endpoints()).build();
        SkewedLoad load = new SkewedLoad(client, plan.seed(), plan.rate(), nanoClock, defects)) {
      long begun = nanoClock.getAsLong();
      long even = awaitEven(site, begun);
      List<ShardInfo> shards = site.shards();
      Map<Long, Double> loads = loads(shards);
      load.useOneKey();
      String verdict = awaitVerdict(site);
      int more = site.shards().size() - shards.size();
      load.close();
      return new Result(
          plan, even, shards.size(), loads, verdict, more, load.calls(), defects.seen());
    }
  }

  private long millisSince(long begun) {
    return TimeUnit.NANOSECONDS.toMillis(nanoClock.getAsLong() - begun);
  }

  private long awaitEven(Site site, long begun) throws InterruptedException {
    int evenLooks = 0;
    long since = -1;
    while (millisSince(begun) < plan.limit().toMillis()) {
      Pause.REAL.pause(LOOK);
      List<ShardInfo> shards = site.shards();
      Map<Long, Double> loads = loads(shards);
      double apart = unevenness(loads);
      say.accept(
          "%3d s: %2d shards, nodes serve %s a second, the most to the least %.2f"
              .formatted(millisSince(begun) / 1000, shards.size(), text(loads), apart));
      boolean even = loads.size() == NODES && apart <= EVEN;
      since = even && evenLooks > 0 ? since : millisSince(begun);
      evenLooks = even ? evenLooks + 1 : 0;
      if (evenLooks == LOOKS) {
        return since;
      }
    }
    return -1;
  }

  private String awaitVerdict(Site site) throws InterruptedException {
    long begun = nanoClock.getAsLong();
    while (millisSince(begun) < plan.limit().toMillis()) {
      Pause.REAL.pause(LOOK);
      for (ShardInfo shard : site.shards()) {
        if (shard.range().contains(SkewedLoad.HOT)) {
          String said = site.client().placement().explain(shard.shardId());
          int at = said.indexOf(HOT);
          if (at >= 0) {
            return said.substring(at);
          }
        }
      }
    }
    return "";
  }

  /** What the leaders of each node serve. */
  private static Map<Long, Double> loads(List<ShardInfo> shards) {
    Map<Long, Double> loads = new TreeMap<>();
    for (ShardInfo shard : shards) {
      double all = shard.load().map(Skew::requests).orElse(0.0);
      loads.merge(shard.leaderNodeId(), all, Double::sum);
    }
    loads.remove(0L);
    return loads;
  }

  private static double requests(ShardLoad load) {
    return load.readsPerSecond() + load.writesPerSecond();
  }

  private static double unevenness(Map<Long, Double> loads) {
    double least = loads.size() < NODES ? 0 : Collections.min(loads.values());
    return least == 0 ? Double.POSITIVE_INFINITY : Collections.max(loads.values()) / least;
  }

  private static String text(Map<Long, Double> loads) {
    return String.join(
        " / ",
        loads.values().stream().map(load -> String.format(Locale.ROOT, "%.0f", load)).toList());
  }

  /** For people. */
  static String text(Result result) {
    StringBuilder out = new StringBuilder();
    String even =
        result.evenAfterMillis() < 0
            ? "never"
            : "%d s".formatted(TimeUnit.MILLISECONDS.toSeconds(result.evenAfterMillis()));
    ChaosReport.line(out, "%-34s %s", "even after", even);
    ChaosReport.line(out, "%-34s %d", "shards then", result.shards());
    ChaosReport.line(out, "%-34s %s", "requests a second of each node", text(result.loads()));
    ChaosReport.line(out, "%-34s %.2f", "the most to the least", result.unevenness());
    ChaosReport.line(
        out, "%-34s %s", "one hot key", result.verdict().isEmpty() ? "no word" : result.verdict());
    ChaosReport.line(out, "%-34s %d", "splits meanwhile", result.splitAfterwards());
    ChaosReport.line(
        out,
        "%,d calls, %d failed; seed %d",
        result.calls(),
        result.defects().size(),
        result.plan().seed());
    return out.toString();
  }
}
