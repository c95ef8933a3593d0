package io.flotilla.chaos;

import io.flotilla.cli.CommandFailure;
import io.flotilla.client.Entry;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.FlotillaException;
import io.flotilla.client.Key;
import io.flotilla.history.HistoryJson;
import io.flotilla.server.local.JavaCommand;
import io.flotilla.server.local.Poll;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/** One run: nodes, calls and faults for a time, then the reckoning. */
final class ChaosRun {
  private static final int FIRST_SHARDS = 4;
  private static final Duration PROGRESS = Duration.ofSeconds(5);

  private final ChaosPlan plan;
  private final JavaCommand java;
  private final Path directory;
  private final LongSupplier nanoClock;
  private final Consumer<String> say;

  /**
   * A run that has not begun.
   *
   * @param directory for the nodes and for the history; stays
   * @param say takes lines that tell how it goes
   */
  ChaosRun(
      ChaosPlan plan,
      JavaCommand java,
      Path directory,
      LongSupplier nanoClock,
      Consumer<String> say) {
    this.plan = plan;
    this.java = java;
    this.directory = directory;
    this.nanoClock = nanoClock;
    this.say = say;
  }

  ChaosResult run() throws InterruptedException, IOException {
    Defects defects = new Defects(say);
    List<FlotillaClient> clients = new ArrayList<>();
    try (Site site = Site.start(java, directory, nanoClock, defects)) {
      Workload workload = new Workload(plan.load(), nanoClock, defects, say);
      workload.keys().borders(FIRST_SHARDS).forEach(site.client().admin()::splitShard);
      say.accept("3 nodes are up in " + directory + ", seed " + plan.seed());
      IntStream.range(0, plan.load().clients()).forEach(i -> clients.add(client(site)));
      SplittableRandom random = new SplittableRandom(plan.seed());
      Nemesis nemesis = new Nemesis(plan.faults(), site, workload);
      long begin = nanoClock.getAsLong();
      workload.start(clients, random.split());
      nemesis.start(random.split());
      watch(begin, site, workload, nemesis);
      nemesis.stop();
      workload.stop();
      double seconds = (nanoClock.getAsLong() - begin) / 1e9;
      say.accept("the clients have stopped, judging …");
      return reckon(site, workload, nemesis, seconds, defects);
    } finally {
      clients.forEach(FlotillaClient::close);
    }
  }

  private FlotillaClient client(Site site) {
    return FlotillaClient.builder()
        .endpoints(site.cluster().endpoints())
        .timeout(plan.load().deadline())
        .build();
  }

  /**
   * Tells how it goes until the time is over; on a slow machine, where a node takes long to be
   * back, up to as long again, until there was a fault of each kind.
   */
  private void watch(long begin, Site site, Workload workload, Nemesis nemesis)
      throws InterruptedException {
    Progress progress = new Progress(workload.tally(), nemesis, begin);
    Duration limit = plan.time().multipliedBy(2).plus(PROGRESS);
    long[] told = {begin};
    site.poll()
        .until(
            "the time is over",
            limit,
            () -> {
              long now = nanoClock.getAsLong();
              if (now - told[0] >= PROGRESS.toNanos()) {
                told[0] = now;
                say.accept(progress.line(now));
              }
              return now - begin >= plan.time().toNanos() * (lacksFault(nemesis) ? 2 : 1)
                  ? Poll.Seen.of(true)
                  : Poll.Seen.notYet("it is not");
            });
  }

  private boolean lacksFault(Nemesis nemesis) {
    return !Verdicts.everyFaultDone(nemesis::count, plan.mustHaveAllFaults()).holds();
  }

  private ChaosResult reckon(
      Site site, Workload workload, Nemesis nemesis, double seconds, Defects defects)
      throws InterruptedException, IOException {
    List<Verdict> verdicts = new ArrayList<>();
    Map<String, Long> counters = counters(site, workload);
    verdicts.add(Verdicts.noCallFailed(workload.tally()));
    verdicts.add(Verdicts.endedInTime(workload.tally(), plan.load().deadline()));
    verdicts.add(Verdicts.countersExact(counters, workload.ledger()));
    verdicts.add(Verdicts.linearizable(workload.history().calls()));
    verdicts.add(agreement(site, ChaosPlan.NODES));
    verdicts.add(Verdicts.everyKindCalled(workload.tally()));
    verdicts.add(Verdicts.everyFaultDone(nemesis::count, plan.mustHaveAllFaults()));
    verdicts.add(Verdicts.noDefects(defects.seen()));
    Path file = directory.resolve("history.jsonl");
    HistoryJson.write(workload.history(), file);
    Map<FaultKind, Nemesis.Count> faults = new EnumMap<>(FaultKind.class);
    for (FaultKind kind : FaultKind.values()) {
      faults.put(kind, nemesis.count(kind));
    }
    int shards = site.shards().size();
    return new ChaosResult(
        plan.seed(), seconds, workload.tally(), faults, shards, file, List.copyOf(verdicts));
  }

  /** Reads them as any client does; a read that fails is a failed call. */
  static Map<String, Long> counters(Site site, Workload workload) {
    Map<String, Long> values = new TreeMap<>();
    for (String counter : workload.keys().counters()) {
      long start = workload.nanos();
      try {
        values.put(
            counter, site.client().kv().get(Key.of(counter)).map(ChaosRun::number).orElse(0L));
      } catch (FlotillaException e) {
        long end = workload.nanos();
        workload.failed(
            new CallFailure(workload.sinceBegin(end), end - start, CallKind.GET, counter, e));
      }
    }
    return values;
  }

  private static long number(Entry entry) {
    return Long.parseLong(entry.value().text());
  }

  static Verdict agreement(Site site, int replicas) throws InterruptedException {
    String what = "the replicas of each shard stand at the same place";
    try {
      int shards = site.watch().converged(replicas, Site.LIMIT).size();
      return new Verdict(what, true, shards + " shards, the catalog's among them");
    } catch (CommandFailure e) {
      return new Verdict(what, false, String.valueOf(e.getMessage()));
    }
  }
}
