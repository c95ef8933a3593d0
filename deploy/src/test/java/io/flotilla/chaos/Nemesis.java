package io.flotilla.chaos;

import io.flotilla.client.AdminClient;
import io.flotilla.client.FlotillaException;
import io.flotilla.client.ReplicaInfo;
import io.flotilla.client.ShardInfo;
import io.flotilla.server.local.NodeProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The harm that is done: three threads, for leaders, shards and nodes. Thread-safe. */
final class Nemesis {
  private static final Duration ADMIN_LIMIT = Duration.ofSeconds(3);
  private static final int LONGEST_DOWN_MILLIS = 3_000;
  private static final int SYSTEM_SHARD_EVERY = 8;

  /**
   * How often a fault was done, and how often the cluster refused it, which is no failure.
   *
   * @param done it happened
   * @param refused it did not, or nobody knows
   */
  record Count(long done, long refused) {}

  /** One fault. */
  private interface Harm {
    /** Whether it was done. */
    boolean doIt() throws InterruptedException, IOException;
  }

  private final ChaosPlan.Every every;
  private final Site site;
  private final AdminClient admin;
  private final Workload workload;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final List<Thread> threads = new ArrayList<>();
  private final Map<FaultKind, Count> counts = new EnumMap<>(FaultKind.class);
  private volatile String suffering = "";

  Nemesis(ChaosPlan.Every every, Site site, Workload workload) {
    this.every = every;
    this.site = site;
    this.admin = site.client().admin().withTimeout(ADMIN_LIMIT);
    this.workload = workload;
  }

  /** Starts the threads, each with a random stream of its own. */
  void start(SplittableRandom random) {
    SplittableRandom leaders = random.split();
    SplittableRandom shards = random.split();
    SplittableRandom nodes = random.split();
    run("leaders", () -> repeat(FaultKind.TRANSFER, every.transfer(), () -> transfer(leaders)));
    run("shards", () -> repeat(FaultKind.SPLIT, every.split(), () -> split(shards)));
    run("nodes", () -> harmNodes(nodes));
  }

  /** A loop that ends when it is told to. */
  private interface Loop {
    void run() throws InterruptedException;
  }

  private void run(String name, Loop loop) {
    Thread thread =
        new Thread(
            () -> {
              try {
                loop.run();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } catch (RuntimeException e) {
                workload.defect("what harms " + name + " ended: " + e);
              }
            },
            "nemesis-" + name);
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
  }

  private void repeat(FaultKind kind, Duration period, Harm harm) throws InterruptedException {
    while (!stopped.await(period.toNanos(), TimeUnit.NANOSECONDS)) {
      attempt(kind, harm);
    }
  }

  /** Kills and freezes in turn: one whole period has one of each. */
  private void harmNodes(SplittableRandom random) throws InterruptedException {
    long half = every.kill().toNanos() / 2;
    long due = workload.nanos() + half;
    for (int turn = 0; !awaitUntil(due); turn++) {
      NodeProcess node = site.cluster().nodes().get(random.nextInt(ChaosPlan.NODES));
      suffering = node.spec().name();
      if (turn % 2 == 0) {
        attempt(FaultKind.KILL, () -> kill(node, random.nextInt(LONGEST_DOWN_MILLIS)));
      } else {
        attempt(FaultKind.FREEZE, () -> freeze(node));
      }
      suffering = "";
      due = Math.max(due + half, workload.nanos());
    }
  }

  private boolean awaitUntil(long due) throws InterruptedException {
    return stopped.await(Math.max(0, due - workload.nanos()), TimeUnit.NANOSECONDS);
  }

  private void attempt(FaultKind kind, Harm harm) throws InterruptedException {
    boolean done;
    try {
      done = harm.doIt();
    } catch (FlotillaException e) {
      done = false;
    } catch (IOException e) {
      workload.defect(kind.label() + " cannot be done: " + e.getMessage());
      done = false;
    }
    synchronized (counts) {
      Count before = count(kind);
      counts.put(
          kind,
          done
              ? new Count(before.done() + 1, before.refused())
              : new Count(before.done(), before.refused() + 1));
    }
  }

  /** A random shard, now and then the system shard, to another of its replicas. */
  private boolean transfer(SplittableRandom random) {
    List<ShardInfo> shards = admin.listShards(random.nextInt(SYSTEM_SHARD_EVERY) == 0).shards();
    ShardInfo shard = shards.get(random.nextInt(shards.size()));
    List<Long> others =
        shard.replicas().stream()
            .map(ReplicaInfo::nodeId)
            .filter(node -> node != shard.leaderNodeId())
            .toList();
    long to = others.get(random.nextInt(others.size()));
    note("moves the leader of shard " + shard.shardId() + " to node " + to);
    return admin.transferLeader(shard.shardId(), to).nodeId() == to;
  }

  private boolean split(SplittableRandom random) {
    var key = workload.keys().splitPoint(random);
    note("splits at " + key);
    admin.splitShard(key);
    return true;
  }

  private boolean kill(NodeProcess node, int downMillis) throws InterruptedException {
    note("kills " + node.spec().name());
    node.kill();
    var unused = stopped.await(downMillis, TimeUnit.MILLISECONDS);
    note("starts " + node.spec().name());
    site.cluster().start(node);
    site.awaitWhole();
    note(node.spec().name() + " is back");
    return true;
  }

  private boolean freeze(NodeProcess node) throws InterruptedException, IOException {
    note("freezes " + node.spec().name());
    Signals.freeze(node);
    try {
      var unused = stopped.await(every.frozen().toNanos(), TimeUnit.NANOSECONDS);
    } finally {
      Signals.goOn(node);
    }
    note(node.spec().name() + " goes on");
    site.awaitWhole();
    return true;
  }

  private void note(String what) {
    workload.history().note(what);
  }

  /** Does no more harm; returns when all is mended. */
  void stop() throws InterruptedException {
    stopped.countDown();
    for (Thread thread : threads) {
      thread.join(Site.LIMIT.plus(every.frozen()).toMillis());
      if (thread.isAlive()) {
        workload.defect(thread.getName() + " does not end");
      }
    }
  }

  Count count(FaultKind kind) {
    synchronized (counts) {
      return counts.getOrDefault(kind, new Count(0, 0));
    }
  }

  /** The node that is harmed now or comes back; empty: none. */
  String suffering() {
    return suffering;
  }
}
