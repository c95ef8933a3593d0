package io.flotilla.chaos;

import io.flotilla.cli.CommandFailure;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.FlotillaException;
import io.flotilla.client.Key;
import io.flotilla.client.Operation;
import io.flotilla.client.OperationState;
import io.flotilla.client.PlannedMove;
import io.flotilla.client.ReplicaInfo;
import io.flotilla.client.ShardInfo;
import io.flotilla.server.local.Pause;
import io.flotilla.server.local.Poll;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Splits, moves and transfers, one after the other, each with a writer that waits for it. */
final class ElasticChanges {
  private static final Duration ADMIN_LIMIT = Duration.ofSeconds(10);
  private static final Duration AROUND = Duration.ofMillis(500);
  private static final int ATTEMPTS_EACH = 4;

  private final ElasticPlan plan;
  private final Site site;
  private final Workload workload;
  private final FlotillaClient writer;
  private final Outages outages;
  private final Pauses pauses = new Pauses();
  private final AtomicInteger refused = new AtomicInteger();
  private final AtomicInteger done = new AtomicInteger();

  /**
   * None is done yet.
   *
   * @param writer of the writers that wait; a client of its own
   * @param outages of nodes, which have their own pauses
   */
  ElasticChanges(
      ElasticPlan plan, Site site, Workload workload, FlotillaClient writer, Outages outages) {
    this.plan = plan;
    this.site = site;
    this.workload = workload;
    this.writer = writer;
    this.outages = outages;
  }

  /** Does all of them; what the cluster refuses is tried again a few times. */
  void run(SplittableRandom random) throws InterruptedException {
    for (Change change : order(random)) {
      for (int attempt = 0; attempt < ATTEMPTS_EACH && !attempt(change, random); attempt++) {
        refused.incrementAndGet();
      }
      done.incrementAndGet();
    }
  }

  /** All changes, mixed; between them now and then nothing, to compare with. */
  private List<Change> order(SplittableRandom random) {
    List<Change> all = new ArrayList<>();
    add(all, Change.SPLIT, plan.counts().splits());
    add(all, Change.MOVE, plan.counts().moves());
    add(all, Change.TRANSFER, plan.counts().transfers());
    add(all, Change.NONE, Math.max(2, plan.counts().changes() / 6));
    for (int i = all.size() - 1; i > 0; i--) {
      all.set(i, all.set(random.nextInt(i + 1), all.get(i)));
    }
    return all;
  }

  private static void add(List<Change> all, Change change, int times) {
    for (int i = 0; i < times; i++) {
      all.add(change);
    }
  }

  private boolean attempt(Change wanted, SplittableRandom random) throws InterruptedException {
    try {
      List<ShardInfo> shards = site.shards();
      ShardInfo shard = shards.get(random.nextInt(shards.size()));
      Key key = probed(shard, random);
      if (key == null) {
        return false;
      }
      return watched(wanted, shard, key, random);
    } catch (FlotillaException | CommandFailure e) {
      workload.history().note("refused: " + e.getMessage());
      return false;
    }
  }

  /** Does it while somebody writes there. */
  private boolean watched(Change wanted, ShardInfo shard, Key key, SplittableRandom random)
      throws InterruptedException {
    try (Prober prober =
        new Prober(
            writer.kv().withTimeout(plan.load().deadline()),
            key,
            workload::nanos,
            workload::defect)) {
      wait(AROUND);
      long begin = workload.nanos();
      Optional<Change> change = change(wanted, shard, key, random);
      if (change.isEmpty()) {
        return false;
      }
      wait(AROUND);
      long end = workload.nanos();
      site.poll()
          .until(
              "a write after a change",
              Site.LIMIT,
              () ->
                  prober.wroteSince(end) ? Poll.Seen.of(true) : Poll.Seen.notYet("there is none"));
      pauses.add(change.get(), prober.longestGap(begin, end), outages.during(begin, end));
      return true;
    }
  }

  private static void wait(Duration time) throws InterruptedException {
    Pause.REAL.pause(time);
  }

  /** What was done; empty: it was not. */
  private Optional<Change> change(Change wanted, ShardInfo shard, Key key, SplittableRandom random)
      throws InterruptedException {
    return switch (wanted) {
      case NONE -> Optional.of(Change.NONE);
      case SPLIT -> split(shard, key);
      case TRANSFER -> transfer(shard, random);
      case MOVE, MOVE_OF_LEADER -> move(shard, random);
    };
  }

  /** A key of the workload's neighbourhood in the shard, which no workload writes. */
  private @Nullable Key probed(ShardInfo shard, SplittableRandom random) {
    List<Key> within =
        workload.keys().all().stream()
            .map(KeySpace::probe)
            .filter(shard.range()::contains)
            .toList();
    return within.isEmpty() ? null : within.get(random.nextInt(within.size()));
  }

  /** So that the key that is written is the first of the new shard. */
  private Optional<Change> split(ShardInfo shard, Key key) {
    if (shard.range().start().filter(key::equals).isPresent()) {
      return Optional.empty();
    }
    var unused = site.client().admin().withTimeout(ADMIN_LIMIT).splitShard(key);
    return Optional.of(Change.SPLIT);
  }

  private Optional<Change> transfer(ShardInfo shard, SplittableRandom random) {
    List<Long> others =
        shard.replicas().stream()
            .filter(replica -> replica.part() == ReplicaInfo.Part.VOTER)
            .map(ReplicaInfo::nodeId)
            .filter(node -> node != shard.leaderNodeId())
            .toList();
    if (others.isEmpty()) {
      return Optional.empty();
    }
    long to = others.get(random.nextInt(others.size()));
    long leads =
        site.client().admin().withTimeout(ADMIN_LIMIT).transferLeader(shard.shardId(), to).nodeId();
    return leads == to ? Optional.of(Change.TRANSFER) : Optional.empty();
  }

  private Optional<Change> move(ShardInfo shard, SplittableRandom random)
      throws InterruptedException {
    List<Long> holders = shard.replicas().stream().map(ReplicaInfo::nodeId).toList();
    List<Long> free =
        site.client().admin().listNodes().nodes().stream()
            .map(node -> node.nodeId())
            .filter(node -> !holders.contains(node))
            .toList();
    if (free.isEmpty()) {
      return Optional.empty();
    }
    long from = holders.get(random.nextInt(holders.size()));
    long to = free.get(random.nextInt(free.size()));
    List<PlannedMove> begun =
        site.client()
            .placement()
            .withTimeout(ADMIN_LIMIT)
            .moveReplica(shard.shardId(), from, to)
            .moves();
    if (!ended(begun.get(0).operationId())) {
      return Optional.empty();
    }
    return Optional.of(from == shard.leaderNodeId() ? Change.MOVE_OF_LEADER : Change.MOVE);
  }

  private boolean ended(long operationId) throws InterruptedException {
    return site.poll()
        .until(
            "the end of operation " + operationId,
            Site.LIMIT,
            () ->
                site.client()
                    .placement()
                    .operation(operationId)
                    .map(Operation::state)
                    .filter(OperationState::hasEnded)
                    .map(state -> Poll.Seen.of(state == OperationState.DONE))
                    .orElseGet(() -> Poll.Seen.notYet("it goes on")));
  }

  /** Changes that were done or given up, of all with those that are nothing. */
  int done() {
    return done.get();
  }

  /** Attempts that the cluster refused. */
  int refused() {
    return refused.get();
  }

  Pauses pauses() {
    return pauses;
  }

  /** How far it is. */
  String line() {
    StringBuilder line = new StringBuilder();
    for (Change change : Change.values()) {
      line.append(change.label()).append(' ').append(pauses.count(change)).append(", ");
    }
    return line.append("refused ").append(refused()).toString();
  }
}
