package io.flotilla.chaos;

import io.flotilla.client.FlotillaClient;
import io.flotilla.client.ReplicaInfo;
import io.flotilla.client.ReplicaStatus;
import io.flotilla.client.ShardInfo;
import io.flotilla.server.config.Setting;
import io.flotilla.server.local.ClusterWatch;
import io.flotilla.server.local.ExitHooks;
import io.flotilla.server.local.JavaCommand;
import io.flotilla.server.local.LocalCluster;
import io.flotilla.server.local.NodeProcess;
import io.flotilla.server.local.Pause;
import io.flotilla.server.local.Poll;
import io.flotilla.server.local.Ports;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** Where it happens: node processes of one cluster, and a client that watches over them. */
final class Site implements AutoCloseable {
  static final Duration LIMIT = Duration.ofSeconds(60);

  private static final Map<Setting, String> SETTINGS = Map.of(Setting.SHUTDOWN_GRACE, "2s");

  private final LocalCluster cluster;
  private final FlotillaClient client;
  private final Poll poll;
  private final int nodes;

  private Site(LocalCluster cluster, LongSupplier nanoClock, int nodes) {
    this.cluster = cluster;
    this.nodes = nodes;
    this.client = FlotillaClient.builder().endpoints(cluster.endpoints()).build();
    this.poll = new Poll(nanoClock, Pause.REAL);
  }

  /** Starts three nodes and waits until all shards are led. */
  static Site start(JavaCommand java, Path directory, LongSupplier nanoClock, Defects defects)
      throws InterruptedException {
    return start(java, directory, nanoClock, defects, ChaosPlan.NODES);
  }

  /** Starts so many nodes and waits until all shards are led. */
  static Site start(
      JavaCommand java, Path directory, LongSupplier nanoClock, Defects defects, int nodes)
      throws InterruptedException {
    return start(java, directory, nanoClock, defects, nodes, Map.of());
  }

  /** Starts so many nodes with these settings beside the usual ones, and waits the same. */
  static Site start(
      JavaCommand java,
      Path directory,
      LongSupplier nanoClock,
      Defects defects,
      int nodes,
      Map<Setting, String> more)
      throws InterruptedException {
    Map<Setting, String> settings = new EnumMap<>(SETTINGS);
    settings.putAll(more);
    LocalCluster cluster =
        new LocalCluster(
            java,
            directory,
            Ports.free(nodes),
            settings,
            node -> defects.add(LocalCluster.describeEnd(node)));
    Site site = new Site(cluster, nanoClock, nodes);
    // A frozen node would outlive this process: it cannot see that its parent is gone.
    ExitHooks.JVM.add("kill-nodes", site::killNodes);
    try {
      cluster.start();
      site.watch().allLed(nodes, LIMIT, cluster::requireAlive);
      return site;
    } catch (RuntimeException | InterruptedException e) {
      site.close();
      throw e;
    }
  }

  private void killNodes() {
    try {
      for (NodeProcess node : cluster.nodes()) {
        node.kill();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  ClusterWatch watch() {
    return new ClusterWatch(client.admin(), poll);
  }

  /**
   * Waits until all nodes answer, each shard is led, and each replica has applied what was
   * committed when this was first so: then any one node can be lost without waiting for another.
   */
  void awaitWhole() throws InterruptedException {
    Map<Long, Long> committed = new HashMap<>();
    for (ShardInfo shard : watch().allLed(nodes, LIMIT, () -> {})) {
      ClusterWatch.leader(shard)
          .ifPresent(leader -> committed.put(shard.shardId(), leader.log().commit()));
    }
    poll.until(
        "replicas that have caught up",
        LIMIT,
        () -> {
          for (ShardInfo shard : client.admin().listShards(true).shards()) {
            long wanted = committed.getOrDefault(shard.shardId(), 0L);
            for (ReplicaInfo replica : shard.replicas()) {
              if (replica.status().map(ReplicaStatus::log).stream()
                  .noneMatch(log -> log.applied() >= wanted)) {
                return Poll.Seen.notYet(
                    "shard %d on node %d has not".formatted(shard.shardId(), replica.nodeId()));
              }
            }
          }
          return Poll.Seen.of(true);
        });
  }

  LocalCluster cluster() {
    return cluster;
  }

  /** For administration; the calls that count are made by others. */
  FlotillaClient client() {
    return client;
  }

  List<ShardInfo> shards() {
    return client.admin().listShards().shards();
  }

  Poll poll() {
    return poll;
  }

  @Override
  public void close() {
    client.close();
    cluster.close();
  }
}
