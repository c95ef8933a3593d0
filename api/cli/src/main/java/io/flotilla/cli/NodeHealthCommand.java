package io.flotilla.cli;

import io.flotilla.client.NodeInfo;
import io.flotilla.client.NodeStatus;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

@Command(
    name = "health",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Tells of each node whether it is ready, and whether it is safe to stop one.",
      "DEGRADED are shards that the node leads and of which another voter is silent or far behind,"
          + " LEADERLESS replicas that know of no leader."
    },
    footer = {
      "",
      "Exit codes: 0 all nodes are ready and any one may be stopped, 1 not so.",
      "",
      "Examples:",
      "  flotilla node health",
      "  until flotilla node health; do sleep 1; done          before the next node is restarted"
    })
final class NodeHealthCommand extends ClusterCommand {
  NodeHealthCommand(Tool tool) {
    super(tool);
  }

  @Override
  int run(Cluster cluster) {
    List<NodeInfo> nodes = cluster.admin().listNodes().nodes();
    List<String> problems = new ArrayList<>();
    nodes.forEach(node -> collect(node, problems));
    if (output.json()) {
      nodes.forEach(node -> print(NodeTables.healthObject(node)));
    } else {
      NodeTables.health(nodes).forEach(this::print);
      print("");
      problems.forEach(this::print);
      print(
          problems.isEmpty()
              ? "all nodes are ready, and any one may be stopped"
              : "do not stop a node now");
    }
    return problems.isEmpty() ? 0 : 1;
  }

  private static void collect(NodeInfo node, List<String> problems) {
    String name = "node " + node.nodeId() + ": ";
    if (node.status().isEmpty()) {
      problems.add(name + (node.problem().isEmpty() ? "is unreachable" : node.problem()));
      return;
    }
    NodeStatus.Health health = node.status().get().health();
    if (!health.ready()) {
      problems.add(name + "not ready, " + String.join("; ", health.notReady()));
    }
    if (health.degradedShards() > 0) {
      problems.add(
          name
              + "another voter of "
              + shards(health.degradedShards())
              + " is silent or far behind");
    }
    if (health.leaderlessReplicas() > 0) {
      problems.add(name + "no leader is known of " + shards(health.leaderlessReplicas()));
    }
  }

  private static String shards(int number) {
    return number == 1 ? "1 shard" : number + " shards";
  }
}
