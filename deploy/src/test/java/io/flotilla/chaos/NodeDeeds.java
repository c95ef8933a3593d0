package io.flotilla.chaos;

import io.flotilla.client.NodeInfo;
import io.flotilla.client.NodeMode;
import io.flotilla.client.ReplicaInfo;
import io.flotilla.server.local.NodeProcess;
import io.flotilla.server.local.Pause;
import io.flotilla.server.local.Poll;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** What is done to whole nodes: kills, a drain, and a disk that is lost. Confined to a thread. */
final class NodeDeeds {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final int LONGEST_DOWN_MILLIS = 3_000;

  private final Site site;
  private final Workload workload;
  private final Outages outages;
  private final SplittableRandom random;

  NodeDeeds(Site site, Workload workload, Outages outages, SplittableRandom random) {
    this.site = site;
    this.workload = workload;
    this.outages = outages;
    this.random = random;
  }

  /** Kills any node, starts it again, and waits until the cluster is whole. */
  void kill() throws InterruptedException {
    List<NodeProcess> nodes = site.cluster().nodes();
    NodeProcess node = nodes.get(random.nextInt(nodes.size()));
    workload.history().note("kills " + node.spec().name());
    outages.begin(workload.nanos());
    node.kill();
    Pause.REAL.pause(Duration.ofMillis(random.nextInt(LONGEST_DOWN_MILLIS)));
    site.cluster().start(node);
    site.awaitWhole();
    outages.end(workload.nanos());
    workload.history().note(node.spec().name() + " is back");
  }

  /**
   * Drains a node, waits until it holds nothing, and lets it have replicas again.
   *
   * @return seconds until it held nothing
   */
  double drain() throws InterruptedException {
    List<NodeInfo> nodes = site.client().admin().listNodes().nodes();
    long node = nodes.get(random.nextInt(nodes.size())).nodeId();
    workload.history().note("drains node " + node);
    long begin = workload.nanos();
    var plan = site.client().placement().setNodeMode(node, NodeMode.DRAINING);
    site.poll()
        .until(
            "node " + node + " to hold nothing",
            LIMIT,
            () -> {
              int held = site.client().admin().status(node).replicas().size();
              return held == 0 && listed(node) == 0
                  ? Poll.Seen.of(true)
                  : Poll.Seen.notYet(
                      "it holds %d of %d replicas".formatted(held, plan.moves().size()));
            });
    double seconds = (workload.nanos() - begin) / 1e9;
    var unused = site.client().placement().setNodeMode(node, NodeMode.ACTIVE);
    return seconds;
  }

  /**
   * Kills a node for good, wipes its disk, strikes it off, and lets its machine join as a new node.
   *
   * @return seconds until all its replicas were elsewhere
   */
  double replace() throws InterruptedException, IOException {
    List<NodeProcess> processes = site.cluster().nodes();
    NodeProcess process = processes.get(random.nextInt(processes.size()));
    String address = process.spec().address().toString();
    long node =
        site.client().admin().listNodes().nodes().stream()
            .filter(info -> info.address().equals(address))
            .mapToLong(NodeInfo::nodeId)
            .findFirst()
            .orElseThrow();
    workload.history().note("loses node " + node);
    outages.begin(workload.nanos());
    process.kill();
    wipe(process.spec().data());
    long begin = workload.nanos();
    var unused = site.client().placement().setNodeMode(node, NodeMode.LOST);
    site.poll()
        .until(
            "node " + node + " to be struck off",
            LIMIT,
            () -> {
              long held = listed(node);
              if (held > 0) {
                return Poll.Seen.notYet(held + " shards have replicas there");
              }
              site.client().admin().removeNode(node); // refused until the catalog has heard of all
              return Poll.Seen.of(true);
            });
    double seconds = (workload.nanos() - begin) / 1e9;
    site.cluster().start(process);
    site.awaitWhole();
    outages.end(workload.nanos());
    return seconds;
  }

  private long listed(long node) {
    return site.client().admin().listShards(true).shards().stream()
        .filter(
            shard -> shard.replicas().stream().map(ReplicaInfo::nodeId).anyMatch(n -> n == node))
        .count();
  }

  private static void wipe(Path directory) throws IOException {
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(directory)) {
      paths = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : paths) {
      Files.delete(path);
    }
  }
}
