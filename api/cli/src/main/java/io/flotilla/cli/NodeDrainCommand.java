package io.flotilla.cli;

import io.flotilla.client.NodeMode;
import io.flotilla.client.PlacementPlan;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "drain",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Empties a node: it gets no more replicas, and those it has leave one by one; clients go on.",
      "It stays so until 'node undrain', also when this command ends before."
    },
    footer = {
      "",
      "Examples:",
      "  flotilla node drain 3 --dry-run     what would move, and what cannot",
      "  flotilla node drain 3               then, to be rid of it: flotilla node remove 3"
    })
final class NodeDrainCommand extends ClusterCommand {
  @Parameters(index = "0", paramLabel = "NODE", description = "Id, as in 'node list'.")
  String node = "";

  @Option(names = "--dry-run", description = "Says what would be done, and does nothing.")
  boolean dryRun;

  @Mixin WaitOptions waiting = new WaitOptions();

  private long nodeId;

  NodeDrainCommand(Tool tool) {
    super(tool);
  }

  @Override
  void check() {
    nodeId = ShardShowCommand.id("NODE", node, this);
    var unused = waiting.longest();
  }

  @Override
  int run(Cluster cluster) throws InterruptedException {
    PlacementPlan plan =
        dryRun
            ? cluster.placement().planNodeMode(nodeId, NodeMode.DRAINING)
            : cluster.placement().setNodeMode(nodeId, NodeMode.DRAINING);
    if (output.json()) {
      print(PlanTables.object(plan, dryRun));
    } else {
      PlanTables.plan(plan, dryRun).forEach(this::print);
    }
    if (!dryRun) {
      waiting.until(
          "the drain of node " + nodeId,
          terminal(),
          () -> OperationWatch.remaining(cluster, nodeId));
      tell();
    }
    return 0;
  }

  private void tell() {
    if (!output.json()) {
      print(
          waiting.noWait
              ? "node " + nodeId + " drains"
              : "node " + nodeId + " holds nothing any more");
    }
  }
}
