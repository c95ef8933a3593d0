package io.flotilla.server.metrics;

import io.flotilla.raft.Role;
import io.flotilla.router.Router;
import io.flotilla.router.RouterCounts;
import io.flotilla.shard.HostStats;
import io.flotilla.shard.ReplicaStats;
import io.flotilla.storage.NodeStore;
import io.flotilla.storage.Usage;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** What is asked for at a scrape. */
final class NodeSamples {
  private static final List<String> ROLES =
      List.of("leader", "follower", "pre_candidate", "candidate", "learner", "stopped");

  private final Samples samples;

  NodeSamples(Samples samples) {
    this.samples = samples;
  }

  void server(NodeFacts node) {
    samples.info(Metric.NODE_INFO, Long.toString(node.nodeId()), node.clusterId(), node.address());
    samples.gauge(Metric.NODE_READY, node.ready());
    router(node.router());
  }

  private void router(Router router) {
    RouterCounts counts = router.counts();
    long answered = counts.calls() - counts.failedCalls();
    samples.count(Metric.ROUTER_CALLS, answered, "answered");
    samples.count(Metric.ROUTER_CALLS, counts.failedCalls(), "failed");
    samples.count(Metric.ROUTER_CALLS, counts.refusedCalls(), "refused");
    samples.count(Metric.ROUTER_RETRIES, counts.retries());
    samples.count(Metric.BREAKERS_OPENED, counts.breakersOpened());
    samples.gauge(Metric.BREAKERS_OPEN, counts.breakersOpen());
    samples.gauge(Metric.NODES, router.routes().directory().nodes().size());
    samples.gauge(Metric.SHARDS, router.routes().table().routes().size());
  }

  void store(NodeStore store) {
    store("journal", store.journal().usage());
    samples.gauge(Metric.STORE_QUEUED, store.journal().queuedBytes(), "journal");
    samples.gauge(Metric.STORE_FULL, store.journal().isFull(), "journal");
    store("state", store.state().usage());
    samples.gauge(Metric.STORE_QUEUED, store.state().queuedBytes(), "state");
    samples.gauge(Metric.STORE_FULL, store.state().isFull(), "state");
    samples.gauge(Metric.DISK_FREE, store.snapshots().freeBytes());
  }

  private void store(String name, Usage usage) {
    samples.gauge(Metric.STORE_USED, usage.usedBytes(), name);
    samples.gauge(Metric.STORE_MAX, usage.mapBytes(), name);
  }

  /**
   * The replicas here.
   *
   * @param ownSeries how many shards have series of their own, those with the lowest ids
   */
  void replicas(HostStats stats, int ownSeries) {
    Map<String, Integer> roles = new TreeMap<>();
    stats.replicas().forEach(replica -> roles.merge(role(replica), 1, Integer::sum));
    ROLES.forEach(role -> samples.gauge(Metric.REPLICAS, roles.getOrDefault(role, 0), role));
    samples.gauge(Metric.SHARDS_DEGRADED, stats.degraded());
    samples.gauge(Metric.REPLICAS_LEADERLESS, number(stats, r -> !r.health().knowsLeader()));
    samples.gauge(Metric.REPLICAS_BEHIND, number(stats, r -> !r.health().caughtUp()));
    samples.gauge(
        Metric.MEMTABLE, stats.replicas().stream().mapToLong(r -> r.load().memtableBytes()).sum());
    samples.gauge(
        Metric.SESSIONS,
        stats.replicas().stream().filter(this::leads).mapToInt(r -> r.load().sessions()).sum());
    for (int loop = 0; loop < stats.mailboxes().size(); loop++) {
      samples.gauge(Metric.MAILBOX, stats.mailboxes().get(loop), Integer.toString(loop));
    }
    for (HostStats.Operations operations : stats.operations()) {
      samples.gauge(
          Metric.OPERATIONS,
          operations.count(),
          word(operations.cause().name(), "OPERATION_CAUSE_"),
          word(operations.state().name(), "OPERATION_STATE_"));
    }
    stats.replicas().stream().limit(ownSeries).forEach(this::shard);
  }

  private void shard(ReplicaStats replica) {
    String shard = Long.toString(replica.shardId());
    samples.gauge(Metric.SHARD_LEADER, leads(replica), shard);
    samples.gauge(Metric.SHARD_TERM, replica.health().term(), shard);
    samples.gauge(Metric.SHARD_LAST, replica.log().last(), shard);
    samples.gauge(Metric.SHARD_COMMIT, replica.log().commit(), shard);
    samples.gauge(Metric.SHARD_APPLIED, replica.log().applied(), shard);
    if (leads(replica)) {
      samples.gauge(Metric.SHARD_LAG, replica.log().farthestBehind(), shard);
      samples.gauge(Metric.SHARD_DEGRADED, replica.health().degraded(), shard);
      samples.gauge(Metric.SHARD_SIZE, replica.load().bytes(), shard);
      samples.gauge(Metric.SHARD_LOAD, replica.load().reads(), shard, "read");
      samples.gauge(Metric.SHARD_LOAD, replica.load().writes(), shard, "write");
    }
  }

  private boolean leads(ReplicaStats replica) {
    return replica.health().role() == Role.LEADER && !replica.health().stopped();
  }

  private static long number(HostStats stats, Predicate<ReplicaStats> which) {
    return stats.replicas().stream().filter(which).count();
  }

  private static String role(ReplicaStats replica) {
    if (replica.health().stopped()) {
      return "stopped";
    }
    boolean learner = replica.health().role() == Role.FOLLOWER && !replica.health().voter();
    return learner ? "learner" : word(replica.health().role().name(), "");
  }

  private static String word(String name, String prefix) {
    return name.substring(prefix.length()).toLowerCase(Locale.ROOT);
  }
}
