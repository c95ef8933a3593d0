package io.flotilla.chaos;

import io.flotilla.client.FlotillaClient;
import io.flotilla.client.FlotillaException;
import io.flotilla.client.Key;
import io.flotilla.client.Kv;
import io.flotilla.client.ReadOptions;
import io.flotilla.client.ShardInfo;
import io.flotilla.client.Value;
import io.flotilla.server.local.JavaCommand;
import io.flotilla.server.local.NodeProcess;
import io.flotilla.server.local.Pause;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/**
 * What a node that swallows everything costs calls that do not need it: the same calls, to shards
 * led by the other nodes, with and without it in turn.
 *
 * <p>The node is frozen: its kernel goes on to accept connections and to take what is sent, and
 * nothing ever comes back, which is what others see of a black hole in the network.
 */
final class BlackHole {
  private static final int FIRST_SHARDS = 8;
  private static final long SLOW_MICROS = 1_000_000;

  /**
   * What is measured.
   *
   * @param rounds each a time without and a time with the black hole
   * @param phase how long each of these
   * @param load of the clients; the deadline among it
   * @param slow whether the tries of calls that took over a second are told
   */
  record Plan(long seed, int rounds, Duration phase, ChaosPlan.Load load, boolean slow) {}

  /** What was measured: calls without and with a black hole. */
  record Result(Plan plan, CallTally without, CallTally with) {
    long failed() {
      return without.failedCalls() + with.failedCalls();
    }

    /** How many times as long the slowest call in a thousand took with it. */
    double ratio() {
      double before = Math.max(1, without.all().getValueAtPercentile(99.9));
      return with.all().getValueAtPercentile(99.9) / before;
    }
  }

  private final Plan plan;
  private final JavaCommand java;
  private final Path directory;
  private final LongSupplier nanoClock;
  private final Consumer<String> say;
  private final KeySpace keys;
  private final SplittableRandom random;
  private final long begin;

  BlackHole(
      Plan plan, JavaCommand java, Path directory, LongSupplier nanoClock, Consumer<String> say) {
    this.plan = plan;
    this.java = java;
    this.directory = directory;
    this.nanoClock = nanoClock;
    this.say = say;
    this.keys = new KeySpace(plan.load().keys());
    this.random = new SplittableRandom(plan.seed());
    this.begin = nanoClock.getAsLong();
  }

  Result run() throws InterruptedException, IOException {
    List<FlotillaClient> clients = new ArrayList<>();
    try (Site site = Site.start(java, directory, nanoClock, new Defects(say))) {
      keys.borders(FIRST_SHARDS).forEach(site.client().admin()::splitShard);
      IntStream.range(0, plan.load().clients())
          .forEach(
              i ->
                  clients.add(
                      FlotillaClient.builder()
                          .endpoints(site.cluster().endpoints())
                          .callListener(new SlowCalls(plan.slow() ? say : line -> {}))
                          .build()));
      say.accept("3 nodes are up in " + directory + ", seed " + plan.seed());
      phase(clients, keys.all(), new CallTally()); // routes are learnt, code is compiled
      Result result = new Result(plan, new CallTally(), new CallTally());
      for (int round = 1; round <= plan.rounds(); round++) {
        site.awaitWhole();
        NodeProcess victim = site.cluster().nodes().get(random.nextInt(ChaosPlan.NODES));
        List<String> elsewhere = ledElsewhere(site, victim);
        say.accept(
            "round %d of %d: %s, %d of %d keys are led elsewhere"
                .formatted(
                    round,
                    plan.rounds(),
                    victim.spec().name(),
                    elsewhere.size(),
                    keys.all().size()));
        phase(clients, elsewhere, result.without());
        Signals.freeze(victim);
        try {
          phase(clients, elsewhere, result.with());
        } finally {
          Signals.goOn(victim);
        }
      }
      return result;
    } finally {
      clients.forEach(FlotillaClient::close);
    }
  }

  private List<String> ledElsewhere(Site site, NodeProcess victim) {
    String address = victim.spec().address().toString();
    long id =
        site.client().admin().listNodes().nodes().stream()
            .filter(node -> node.address().equals(address))
            .findFirst()
            .orElseThrow()
            .nodeId();
    List<ShardInfo> others =
        site.shards().stream().filter(shard -> shard.leaderNodeId() != id).toList();
    return keys.all().stream()
        .filter(key -> others.stream().anyMatch(shard -> shard.range().contains(Key.of(key))))
        .toList();
  }

  /** All threads call for a time. */
  private void phase(List<FlotillaClient> clients, List<String> from, CallTally tally)
      throws InterruptedException {
    long end = nanoClock.getAsLong() + plan.phase().toNanos();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < plan.load().threads(); i++) {
      Kv kv = clients.get(i % clients.size()).kv().withTimeout(plan.load().deadline());
      SplittableRandom own = random.split();
      Thread thread = new Thread(() -> callUntil(end, kv, from, tally, own), "caller-" + i);
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private void callUntil(
      long end, Kv kv, List<String> from, CallTally tally, SplittableRandom own) {
    long meanPause = TimeUnit.SECONDS.toNanos(plan.load().threads()) / plan.load().callsPerSecond();
    try {
      while (nanoClock.getAsLong() < end) {
        Pause.REAL.pause(Duration.ofNanos(own.nextLong(2 * meanPause)));
        call(kv, from.get(own.nextInt(from.size())), tally, own.nextInt(10));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void call(Kv kv, String key, CallTally tally, int choice) {
    CallKind kind = choice < 4 ? CallKind.GET : choice < 6 ? CallKind.FOLLOWER_GET : CallKind.PUT;
    long start = nanoClock.getAsLong();
    try {
      switch (kind) {
        case GET -> {
          var unused = kv.get(Key.of(key));
        }
        case FOLLOWER_GET -> {
          var unused = kv.get(Key.of(key), ReadOptions.follower());
        }
        default -> {
          var unused = kv.put(Key.of(key), Value.of("1"));
        }
      }
    } catch (FlotillaException e) {
      CallFailure failure = new CallFailure(start, nanoClock.getAsLong() - start, kind, key, e);
      tally.failed(failure);
      say.accept(failure.toString());
    }
    tally.ended(kind, nanoClock.getAsLong() - start);
  }

  /** For people. */
  static String text(Result result) {
    StringBuilder out = new StringBuilder();
    line(out, "", "COUNT", "", "P99 ms", "", "P99.9 ms", "", "", "OVER 1 s", "");
    line(
        out, "CALL", "without", "with", "without", "with", "without", "with", "RATIO", "without",
        "with");
    for (CallKind kind : List.of(CallKind.GET, CallKind.FOLLOWER_GET, CallKind.PUT)) {
      row(out, kind.label(), result.without().histogram(kind), result.with().histogram(kind));
    }
    row(out, "all", result.without().all(), result.with().all());
    out.append('\n').append(result.failed()).append(" calls failed, seed ");
    return out.append(result.plan().seed()).append('\n').toString();
  }

  private static void row(StringBuilder out, String name, Histogram without, Histogram with) {
    double before = Math.max(1, without.getValueAtPercentile(99.9));
    line(
        out,
        name,
        String.valueOf(without.getTotalCount()),
        String.valueOf(with.getTotalCount()),
        millis(without, 99),
        millis(with, 99),
        millis(without, 99.9),
        millis(with, 99.9),
        String.format(Locale.ROOT, "%.2f", with.getValueAtPercentile(99.9) / before),
        slow(without),
        slow(with));
  }

  private static String millis(Histogram micros, double percentile) {
    return String.format(Locale.ROOT, "%.1f", micros.getValueAtPercentile(percentile) / 1e3);
  }

  private static String slow(Histogram micros) {
    double part = 100 - micros.getPercentileAtOrBelowValue(SLOW_MICROS);
    return String.format(Locale.ROOT, "%.1f%%", part);
  }

  private static void line(StringBuilder out, Object... cells) {
    out.append(
            String.format(Locale.ROOT, "%-13s %9s %9s %9s %9s %9s %9s %7s %9s %9s", cells)
                .stripTrailing())
        .append('\n');
  }
}
