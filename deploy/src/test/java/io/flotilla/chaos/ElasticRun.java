package io.flotilla.chaos;

import io.flotilla.cli.CommandFailure;
import io.flotilla.client.FlotillaClient;
import io.flotilla.history.HistoryJson;
import io.flotilla.server.local.JavaCommand;
import io.flotilla.server.local.Poll;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/** Four nodes under load while shards split and move and nodes die, are drained and replaced. */
final class ElasticRun {
  private static final int FIRST_SHARDS = 4;
  private static final Duration KILL_LIMIT = Duration.ofMinutes(5);

  private final ElasticPlan plan;
  private final JavaCommand java;
  private final Path directory;
  private final LongSupplier nanoClock;
  private final Consumer<String> say;
  private final Outages outages = new Outages();

  /** As {@link ChaosRun}. */
  ElasticRun(
      ElasticPlan plan,
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

  ElasticResult run() throws InterruptedException, IOException {
    Defects defects = new Defects(say);
    List<FlotillaClient> clients = new ArrayList<>();
    try (Site site = Site.start(java, directory, nanoClock, defects, ElasticPlan.NODES)) {
      Workload workload = new Workload(plan.load(), nanoClock, defects, say);
      workload.keys().borders(FIRST_SHARDS).forEach(site.client().admin()::splitShard);
      say.accept(ElasticPlan.NODES + " nodes are up in " + directory + ", seed " + plan.seed());
      IntStream.rangeClosed(0, plan.load().clients()).forEach(i -> clients.add(client(site)));
      FlotillaClient writer = clients.remove(plan.load().clients());
      try (writer) {
        SplittableRandom random = new SplittableRandom(plan.seed());
        long begin = nanoClock.getAsLong();
        workload.start(clients, random.split());
        ElasticChanges changes = new ElasticChanges(plan, site, workload, writer, outages);
        ElasticResult.Nodes nodes = harm(site, workload, changes, random);
        workload.stop();
        double seconds = (nanoClock.getAsLong() - begin) / 1e9;
        say.accept("the clients have stopped, judging …");
        return reckon(site, workload, changes, nodes, seconds, defects);
      }
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

  /** All that is done: shards and kills beside each other, then whole nodes. */
  private ElasticResult.Nodes harm(
      Site site, Workload workload, ElasticChanges changes, SplittableRandom random)
      throws InterruptedException, IOException {
    NodeDeeds deeds = new NodeDeeds(site, workload, outages, random.split());
    int[] kills = {0};
    Thread killer = new Thread(() -> kill(site, workload, changes, deeds, kills), "killer");
    killer.setDaemon(true);
    killer.start();
    changes.run(random.split());
    killer.join(KILL_LIMIT.toMillis());
    if (killer.isAlive()) {
      workload.defect("the cluster is not whole long after a kill");
    }
    say.accept("all changes are done; a node is drained …");
    double drained = whole(workload, "drain", deeds::drain);
    say.accept("a node is killed, wiped and replaced …");
    double replaced = whole(workload, "replacement", deeds::replace);
    return new ElasticResult.Nodes(kills[0], drained, replaced);
  }

  /** Something that takes seconds. */
  private interface Deed {
    double seconds() throws InterruptedException, IOException;
  }

  private static double whole(Workload workload, String what, Deed deed)
      throws InterruptedException, IOException {
    try {
      return deed.seconds();
    } catch (CommandFailure e) {
      workload.defect("the " + what + " did not end: " + e.getMessage());
      return Double.NaN;
    }
  }

  /** Evenly among the changes. */
  private void kill(
      Site site, Workload workload, ElasticChanges changes, NodeDeeds deeds, int[] kills) {
    int all = plan.counts().changes();
    try {
      for (int i = 1; i <= plan.counts().kills(); i++) {
        int due = all * i / (plan.counts().kills() + 1);
        site.poll()
            .until(
                due + " changes",
                KILL_LIMIT,
                () ->
                    changes.done() >= due
                        ? Poll.Seen.of(true)
                        : Poll.Seen.notYet("there were " + changes.done()));
        deeds.kill();
        kills[0] = i;
        say.accept(progress(workload, changes, i));
      }
    } catch (CommandFailure e) {
      workload.defect("what kills nodes ended: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String progress(Workload workload, ElasticChanges changes, int kills) {
    return "%,d calls, %d failed; %s; killed %d"
        .formatted(workload.tally().calls(), workload.tally().failedCalls(), changes.line(), kills);
  }

  private ElasticResult reckon(
      Site site,
      Workload workload,
      ElasticChanges changes,
      ElasticResult.Nodes nodes,
      double seconds,
      Defects defects)
      throws InterruptedException, IOException {
    List<Verdict> verdicts = new ArrayList<>();
    verdicts.addAll(Census.await(site).verdicts());
    var counters = ChaosRun.counters(site, workload);
    verdicts.add(Verdicts.noCallFailed(workload.tally()));
    verdicts.add(Verdicts.endedInTime(workload.tally(), plan.load().deadline()));
    verdicts.add(Verdicts.countersExact(counters, workload.ledger()));
    verdicts.add(Verdicts.linearizable(workload.history().calls()));
    verdicts.add(ChaosRun.agreement(site, ElasticPlan.REPLICAS));
    verdicts.add(everythingDone(changes.pauses(), nodes));
    verdicts.add(Verdicts.noDefects(defects.seen()));
    Path file = directory.resolve("history.jsonl");
    HistoryJson.write(workload.history(), file);
    return new ElasticResult(
        plan,
        seconds,
        workload.tally(),
        changes.pauses(),
        changes.refused(),
        nodes,
        site.shards().size(),
        file,
        List.copyOf(verdicts));
  }

  private Verdict everythingDone(Pauses pauses, ElasticResult.Nodes nodes) {
    long splits = pauses.count(Change.SPLIT);
    long moves = pauses.count(Change.MOVE) + pauses.count(Change.MOVE_OF_LEADER);
    long transfers = pauses.count(Change.TRANSFER);
    ElasticPlan.Counts wanted = plan.counts();
    return new Verdict(
        "all that was to be done was done",
        splits >= wanted.splits()
            && moves >= wanted.moves()
            && transfers >= wanted.transfers()
            && nodes.kills() >= wanted.kills()
            && !Double.isNaN(nodes.drainSeconds())
            && !Double.isNaN(nodes.replaceSeconds()),
        "%d splits, %d moves, %d transfers, %d kills, a drain, a replacement"
            .formatted(splits, moves, transfers, nodes.kills()));
  }
}
