package io.flotilla.chaos;

import io.flotilla.client.FlotillaClient;
import io.flotilla.client.Key;
import io.flotilla.client.NodeInfo;
import io.flotilla.client.ShardInfo;
import io.flotilla.server.local.ClusterWatch;
import io.flotilla.server.local.JavaCommand;
import io.flotilla.server.local.NodeProcess;
import io.flotilla.server.local.Pause;
import io.flotilla.server.local.Poll;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;

/**
 * How long there is no acknowledged write of a shard after its leader's node was killed, and what
 * writers of shards that other nodes lead notice meanwhile.
 */
final class Failover {
  /** Raft's default: ten ticks of 100 ms at least, less than twice that at most. */
  static final Duration ELECTION_TIMEOUT = Duration.ofSeconds(1);

  private static final int FIRST_SHARDS = 8;
  private static final int DIGITS = 3;
  private static final Duration AROUND = Duration.ofSeconds(4);

  /**
   * What was measured, in microseconds.
   *
   * @param lost the longest time without an acknowledged write of the shard whose leader was killed
   * @param elsewhereBefore the same of each shard led elsewhere, in the 4 s before
   * @param elsewhereDuring the same in the 4 s after
   * @param defects writes that failed, and what else must not be
   */
  record Result(
      long seed,
      Histogram lost,
      Histogram elsewhereBefore,
      Histogram elsewhereDuring,
      List<String> defects) {}

  private final long seed;
  private final int repeats;
  private final JavaCommand java;
  private final Path directory;
  private final LongSupplier nanoClock;
  private final Consumer<String> say;
  private final KeySpace keys = new KeySpace(ElasticPlan.LOAD.keys());

  /** As {@link ChaosRun}; kills a leader so many times. */
  Failover(
      long seed,
      int repeats,
      JavaCommand java,
      Path directory,
      LongSupplier nanoClock,
      Consumer<String> say) {
    this.seed = seed;
    this.repeats = repeats;
    this.java = java;
    this.directory = directory;
    this.nanoClock = nanoClock;
    this.say = say;
  }

  Result run() throws InterruptedException, IOException {
    Defects defects = new Defects(say);
    SplittableRandom random = new SplittableRandom(seed);
    try (Site site = Site.start(java, directory, nanoClock, defects, ElasticPlan.NODES);
        FlotillaClient client =
            FlotillaClient.builder().endpoints(site.cluster().endpoints()).build()) {
      keys.borders(FIRST_SHARDS).forEach(site.client().admin()::splitShard);
      say.accept(ElasticPlan.NODES + " nodes are up in " + directory + ", seed " + seed);
      Histogram lost = new Histogram(DIGITS);
      Histogram before = new Histogram(DIGITS);
      Histogram during = new Histogram(DIGITS);
      for (int i = 1; i <= repeats; i++) {
        site.awaitWhole();
        repeat(site, client, random, defects, new Result(seed, lost, before, during, List.of()));
        say.accept(
            "%d of %d: %.0f ms at most so far".formatted(i, repeats, lost.getMaxValue() / 1e3));
      }
      return new Result(seed, lost, before, during, defects.seen());
    }
  }

  private void repeat(
      Site site, FlotillaClient client, SplittableRandom random, Defects defects, Result into)
      throws InterruptedException {
    List<ShardInfo> shards = site.shards();
    ShardInfo shard = shards.get(random.nextInt(shards.size()));
    Map<Long, Prober> elsewhere = new TreeMap<>();
    NodeProcess victim;
    try (Prober prober = prober(client, shard, defects)) {
      Set<Long> probed = new HashSet<>(Set.of(shard.leaderNodeId()));
      for (ShardInfo other : shards) {
        if (probed.add(other.leaderNodeId())) {
          elsewhere.put(other.shardId(), prober(client, other, defects));
        }
      }
      Pause.REAL.pause(AROUND.plus(AROUND.dividedBy(2)));
      // Leaders may have moved meanwhile: who leads now is what counts.
      Map<Long, Long> leaders = leaders(site);
      long lostNode = leaders.getOrDefault(shard.shardId(), 0L);
      victim = process(site, lostNode);
      long killed = nanoClock.getAsLong();
      victim.kill();
      Pause.REAL.pause(AROUND);
      long end = nanoClock.getAsLong();
      site.poll()
          .until(
              "a write after the kill",
              Site.LIMIT,
              () ->
                  prober.wroteSince(end) ? Poll.Seen.of(true) : Poll.Seen.notYet("there is none"));
      into.lost().recordValue(micros(prober.longestGap(killed, end)));
      elsewhere.forEach(
          (other, by) -> {
            if (leaders.getOrDefault(other, lostNode) != lostNode) {
              into.elsewhereBefore()
                  .recordValue(micros(by.longestGap(killed - AROUND.toNanos(), killed)));
              into.elsewhereDuring().recordValue(micros(by.longestGap(killed, end)));
            }
          });
    } finally {
      elsewhere.values().forEach(Prober::close);
    }
    site.cluster().start(victim);
  }

  private static long micros(long nanos) {
    return TimeUnit.NANOSECONDS.toMicros(nanos);
  }

  private Prober prober(FlotillaClient client, ShardInfo shard, Defects defects) {
    Key key =
        keys.all().stream()
            .map(KeySpace::probe)
            .filter(shard.range()::contains)
            .findFirst()
            .orElseThrow();
    return new Prober(
        client.kv().withTimeout(ElasticPlan.LOAD.deadline()), key, nanoClock, defects::add);
  }

  /** The node that leads, by shard. */
  private static Map<Long, Long> leaders(Site site) {
    Map<Long, Long> leaders = new TreeMap<>();
    for (ShardInfo shard : site.shards()) {
      ClusterWatch.leading(shard)
          .ifPresent(replica -> leaders.put(shard.shardId(), replica.nodeId()));
    }
    return leaders;
  }

  private static NodeProcess process(Site site, long nodeId) {
    return site.client().admin().listNodes().nodes().stream()
        .filter(node -> node.nodeId() == nodeId)
        .map(NodeInfo::address)
        .map(site.cluster()::at)
        .findFirst()
        .orElseThrow();
  }

  /** For people. */
  static String text(Result result) {
    StringBuilder out = new StringBuilder();
    ChaosReport.line(
        out, "%-27s %10s %9s %9s %9s", "NO ACKNOWLEDGED WRITE", "COUNT", "MIN ms", "MEDIAN", "MAX");
    row(out, "led by the killed node", result.lost());
    row(out, "elsewhere, 4 s before", result.elsewhereBefore());
    row(out, "elsewhere, 4 s after", result.elsewhereDuring());
    out.append(
        String.format(
            Locale.ROOT,
            "%nelection timeout %,d to %,d ms; %d writes failed; seed %d%n",
            ELECTION_TIMEOUT.toMillis(),
            2 * ELECTION_TIMEOUT.toMillis(),
            result.defects().size(),
            result.seed()));
    return out.toString();
  }

  private static void row(StringBuilder out, String name, Histogram micros) {
    ChaosReport.line(
        out,
        "%-27s %,10d %9.1f %9.1f %9.1f",
        name,
        micros.getTotalCount(),
        micros.getMinValue() / 1e3,
        micros.getValueAtPercentile(50) / 1e3,
        micros.getMaxValue() / 1e3);
  }
}
