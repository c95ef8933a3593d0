package io.flotilla.cli;

import io.flotilla.client.NodeMode;
import io.flotilla.client.PlacementPlan;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "undrain",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Lets a node take replicas again that was drained, or said to be lost.",
    footer = {"", "Example:", "  flotilla node undrain 3"})
final class NodeUndrainCommand extends ClusterCommand {
  @Parameters(index = "0", paramLabel = "NODE", description = "Id, as in 'node list'.")
  String node = "";

  private long nodeId;

  NodeUndrainCommand(Tool tool) {
    super(tool);
  }

  @Override
  void check() {
    nodeId = ShardShowCommand.id("NODE", node, this);
  }

  @Override
  int run(Cluster cluster) {
    PlacementPlan plan = cluster.placement().setNodeMode(nodeId, NodeMode.ACTIVE);
    if (output.json()) {
      print(PlanTables.object(plan, false));
    } else {
      print(
          "node %d takes replicas again; %d moves follow from it"
              .formatted(nodeId, plan.moves().size()));
    }
    return 0;
  }
}
