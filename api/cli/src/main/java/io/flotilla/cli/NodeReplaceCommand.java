package io.flotilla.cli;

import io.flotilla.client.ErrorCode;
import io.flotilla.client.FlotillaException;
import io.flotilla.client.NodeMode;
import io.flotilla.client.PlacementPlan;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "replace",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Takes a node out of the cluster: its replicas are placed on the others, then it is struck"
          + " off, and its data directory is never let in again.",
      "With --lost nothing is expected of the node any more: its disk is gone, or was wiped. Start"
          + " the machine with an empty directory first, at another address or after this command"
          + " at the same; it joins as a new node."
    },
    footer = {
      "",
      "Examples:",
      "  flotilla node replace 3 --dry-run",
      "  flotilla node replace 3             a node that still runs",
      "  flotilla node replace 3 --lost      a node whose disk is gone"
    })
final class NodeReplaceCommand extends ClusterCommand {
  @Parameters(index = "0", paramLabel = "NODE", description = "Id, as in 'node list'.")
  String node = "";

  @Option(names = "--lost", description = "It never comes back; do not wait for it.")
  boolean lost;

  @Option(names = "--dry-run", description = "Says what would be done, and does nothing.")
  boolean dryRun;

  @Mixin WaitOptions waiting = new WaitOptions();

  private long nodeId;

  NodeReplaceCommand(Tool tool) {
    super(tool);
  }

  @Override
  void check() {
    nodeId = ShardShowCommand.id("NODE", node, this);
    if (waiting.noWait && !dryRun) {
      throw usage("--no-wait: the node is struck off in the end; use 'node drain --no-wait'");
    }
    var unused = waiting.longest();
  }

  @Override
  int run(Cluster cluster) throws InterruptedException {
    NodeMode mode = lost ? NodeMode.LOST : NodeMode.DRAINING;
    PlacementPlan plan =
        dryRun
            ? cluster.placement().planNodeMode(nodeId, mode)
            : cluster.placement().setNodeMode(nodeId, mode);
    if (output.json()) {
      print(PlanTables.object(plan, dryRun));
    } else {
      PlanTables.plan(plan, dryRun).forEach(this::print);
    }
    if (!dryRun) {
      waiting.until("the replacement of node " + nodeId, terminal(), () -> struckOff(cluster));
      if (!output.json()) {
        print("node " + nodeId + " is removed" + (lost ? "" : "; stop its process"));
      }
    }
    return 0;
  }

  /** Strikes the node off once it can be; empty when that is done, else why not yet. */
  private String struckOff(Cluster cluster) {
    String remaining = OperationWatch.remaining(cluster, nodeId);
    if (!remaining.isEmpty()) {
      return remaining;
    }
    try {
      cluster.admin().removeNode(nodeId);
      return "";
    } catch (FlotillaException e) {
      if (e.code() != ErrorCode.FAILED_PRECONDITION) {
        throw e;
      }
      // The shards have moved, and the catalog has not heard of the last one yet.
      return String.valueOf(e.getMessage());
    }
  }
}
