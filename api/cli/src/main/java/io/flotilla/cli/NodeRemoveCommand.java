package io.flotilla.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "remove",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Strikes a node off the cluster that holds no shard any more.",
      "Its data directory is never let in again: to use the machine again, start it with an empty"
          + " one."
    },
    footer = {
      "",
      "Examples:",
      "  flotilla shard change 7 --add 4 --remove 2   for each shard that node 2 holds, then",
      "  flotilla node remove 2"
    })
final class NodeRemoveCommand extends ClusterCommand {
  @Parameters(index = "0", paramLabel = "NODE", description = "Id, as in 'node list'.")
  String node = "";

  private long nodeId;

  NodeRemoveCommand(Tool tool) {
    super(tool);
  }

  @Override
  void check() {
    nodeId = ShardShowCommand.id("NODE", node, this);
  }

  @Override
  int run(Cluster cluster) {
    cluster.admin().removeNode(nodeId);
    if (output.json()) {
      print(OutputOptions.object().put("node_id", nodeId).put("removed", true));
    } else {
      print("node %d is removed; stop its process".formatted(nodeId));
    }
    return 0;
  }
}
