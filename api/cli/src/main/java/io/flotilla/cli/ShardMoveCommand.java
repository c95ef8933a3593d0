package io.flotilla.cli;

import io.flotilla.client.Operation;
import io.flotilla.client.PlacementPlan;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "move",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Moves a shard's replica from one node to another; clients go on.",
      "The new replica first receives the data without a vote. When it has caught up it gets its"
          + " vote and the old one loses it, in one change. The operation is kept in the catalog:"
          + " it goes on if this command, or any node, ends."
    },
    footer = {
      "",
      "Examples:",
      "  flotilla shard move 7 --from 2 --to 4",
      "  flotilla shard move 7 --from 2 --to 4 --dry-run",
      "  flotilla shard move 7 --from 2 --to 4 --no-wait    then: flotilla operation list"
    })
final class ShardMoveCommand extends ClusterCommand {
  @Parameters(index = "0", paramLabel = "SHARD", description = "Id, as in 'shard list'.")
  String shard = "";

  @Option(names = "--from", required = true, paramLabel = "NODE", description = "Loses its copy.")
  String from = "";

  @Option(names = "--to", required = true, paramLabel = "NODE", description = "Gets a copy.")
  String to = "";

  @Option(names = "--dry-run", description = "Says what would be done, and does nothing.")
  boolean dryRun;

  @Mixin WaitOptions waiting = new WaitOptions();

  private long shardId;
  private long fromNode;
  private long toNode;

  ShardMoveCommand(Tool tool) {
    super(tool);
  }

  @Override
  void check() {
    shardId = ShardShowCommand.id("SHARD", shard, this);
    fromNode = ShardShowCommand.id("--from", from, this);
    toNode = ShardShowCommand.id("--to", to, this);
    if (fromNode == toNode) {
      throw usage(Arguments.quote("--to", to) + " is where the replica is moved from");
    }
    var unused = waiting.longest();
  }

  @Override
  int run(Cluster cluster) throws InterruptedException {
    if (dryRun) {
      show(cluster.placement().planMove(shardId, fromNode, toNode));
      return 0;
    }
    long id =
        cluster.placement().moveReplica(shardId, fromNode, toNode).moves().get(0).operationId();
    waiting.until("operation " + id, terminal(), () -> OperationWatch.progress(cluster, id));
    tell(id, waiting.noWait ? null : OperationWatch.ended(cluster, id));
    return 0;
  }

  private void show(PlacementPlan plan) {
    if (output.json()) {
      print(PlanTables.object(plan, true));
    } else {
      PlanTables.plan(plan, true).forEach(this::print);
    }
  }

  private void tell(long id, @Nullable Operation ended) {
    if (output.json()) {
      var object = OutputOptions.object().put("shard_id", shardId).put("operation_id", id);
      print(object.put("done", ended != null));
    } else if (ended == null) {
      print("operation %d moves shard %d; 'flotilla operation show %d'".formatted(id, shardId, id));
    } else {
      print("shard %d has moved from node %d to node %d".formatted(shardId, fromNode, toNode));
    }
  }
}
