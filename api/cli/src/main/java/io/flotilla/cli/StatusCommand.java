package io.flotilla.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flotilla.cli.format.Encoding;
import io.flotilla.client.FlotillaException;
import io.flotilla.client.NodeInfo;
import io.flotilla.client.NodeList;
import io.flotilla.client.ShardInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Shows the cluster at a glance: nodes, shards, leaders, what is wrong.",
      "Exit code 0 if every shard has a leader and a majority of its replicas answered, else 1."
    },
    footer = {
      "",
      "Examples:",
      "  flotilla status",
      "  flotilla status --watch                 again and again, to see elections as they happen",
      "  flotilla status --watch=500ms"
    })
final class StatusCommand extends ClusterCommand {
  private static final String CLEAR_SCREEN = "\u001b[H\u001b[2J";
  private static final int LISTED_SHARDS = 40;

  @Option(
      names = "--watch",
      arity = "0..1",
      fallbackValue = "1s",
      paramLabel = "TIME",
      description = "Shows it again after this time (1s), until Ctrl-C.")
  @Nullable String watch;

  private Duration pause = Duration.ZERO;

  StatusCommand(Tool tool) {
    super(tool);
  }

  @Override
  void check() {
    if (watch != null) {
      try {
        pause = Durations.parse(watch);
      } catch (IllegalArgumentException e) {
        throw usage("--watch: " + e.getMessage());
      }
    }
  }

  @Override
  int run(Cluster cluster) throws InterruptedException {
    int exitCode = once(cluster);
    CountDownLatch never = new CountDownLatch(1);
    while (watch != null && !terminal().out().checkError()) {
      if (never.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
        break;
      }
      exitCode = again(cluster);
    }
    return exitCode;
  }

  /** Who watches wants to see a failure pass, not the watch end. */
  private int again(Cluster cluster) {
    try {
      return once(cluster);
    } catch (FlotillaException e) {
      print("no answer: " + e.getMessage());
      return Failures.FAILED;
    }
  }

  private int once(Cluster cluster) {
    NodeList nodes = cluster.admin().listNodes();
    List<ShardInfo> shards = cluster.admin().listShards(true).shards();
    Health health = Health.of(nodes, shards);
    if (output.json()) {
      print(object(nodes, shards, health));
    } else {
      print((watch != null && terminal().interactive() ? CLEAR_SCREEN : "") + title(nodes, health));
      print("");
      NodeTables.list(nodes.nodes()).forEach(this::print);
      print("");
      ShardTables.list(shards.stream().limit(LISTED_SHARDS).toList()).forEach(this::print);
      if (shards.size() > LISTED_SHARDS) {
        print("… " + (shards.size() - LISTED_SHARDS) + " more: 'flotilla shard list'");
      }
      health.problems().forEach(problem -> print("problem: " + problem));
      if (watch != null) {
        print("");
      }
    }
    return health.problems().isEmpty() ? 0 : Failures.FAILED;
  }

  private static String title(NodeList nodes, Health health) {
    return "Cluster %s: %d of %d nodes up, %d shards, %s"
        .formatted(
            nodes.clusterId(),
            health.nodesUp(),
            nodes.nodes().size(),
            health.shards(),
            health.problems().isEmpty() ? "healthy" : "NOT healthy");
  }

  private static ObjectNode object(NodeList nodes, List<ShardInfo> shards, Health health) {
    ObjectNode object =
        OutputOptions.object()
            .put("cluster_id", nodes.clusterId())
            .put("healthy", health.problems().isEmpty());
    ArrayNode problems = object.putArray("problems");
    health.problems().forEach(problems::add);
    ArrayNode nodeArray = object.putArray("nodes");
    nodes.nodes().forEach(node -> nodeArray.add(NodeTables.object(node)));
    ArrayNode shardArray = object.putArray("shards");
    shards.forEach(shard -> shardArray.add(ShardJson.shard(shard, Encoding.TEXT)));
    return object;
  }

  /**
   * What is wrong, if anything is.
   *
   * @param nodesUp nodes that answered
   * @param shards number of user shards
   * @param problems one line each
   */
  record Health(long nodesUp, long shards, List<String> problems) {
    static Health of(NodeList nodes, List<ShardInfo> shards) {
      List<String> problems = new ArrayList<>();
      for (ShardInfo shard : shards) {
        long answered =
            shard.replicas().stream()
                .filter(replica -> replica.voter() && replica.status().isPresent())
                .count();
        long voters = shard.replicas().stream().filter(replica -> replica.voter()).count();
        if (answered * 2 <= voters) {
          problems.add(
              "shard %d: only %d of %d replicas answered, no majority"
                  .formatted(shard.shardId(), answered, voters));
        } else if (ShardTables.leader(shard).isEmpty()) {
          problems.add("shard " + shard.shardId() + ": no replica leads it at the moment");
        }
      }
      return new Health(
          nodes.nodes().stream().filter(NodeInfo::reachable).count(),
          shards.stream().filter(shard -> !ShardTables.isSystem(shard)).count(),
          List.copyOf(problems));
    }
  }
}
