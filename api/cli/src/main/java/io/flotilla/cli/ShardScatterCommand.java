package io.flotilla.cli;

import io.flotilla.client.PlacementPlan;
import io.flotilla.client.PlannedMove;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "scatter",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Evens out how many replicas each node holds, also while rebalancing is off.",
      "Each shard makes one move at a time; the command goes on until none is left to make."
    },
    footer = {
      "",
      "Examples:",
      "  flotilla shard scatter --dry-run      what would move",
      "  flotilla shard scatter                all shards",
      "  flotilla shard scatter 7 8 9          only these"
    })
final class ShardScatterCommand extends ClusterCommand {
  private static final int MAX_ROUNDS = 16;

  @Parameters(arity = "0..*", paramLabel = "SHARD", description = "Only these; none: all.")
  List<String> shards = new ArrayList<>();

  @Option(names = "--dry-run", description = "Says what would be done, and does nothing.")
  boolean dryRun;

  @Mixin WaitOptions waiting = new WaitOptions();

  private final List<Long> ids = new ArrayList<>();

  ShardScatterCommand(Tool tool) {
    super(tool);
  }

  @Override
  void check() {
    for (String shard : shards) {
      ids.add(ShardShowCommand.id("SHARD", shard, this));
    }
    var unused = waiting.longest();
  }

  @Override
  int run(Cluster cluster) throws InterruptedException {
    if (dryRun) {
      show(cluster.placement().planScatter(ids), true);
      return 0;
    }
    PlacementPlan plan = cluster.placement().scatter(ids);
    show(plan, false);
    for (int round = 1; !waiting.noWait && round < MAX_ROUNDS && !plan.moves().isEmpty(); round++) {
      List<Long> begun =
          plan.moves().stream().map(PlannedMove::operationId).filter(id -> id != 0).toList();
      waiting.until("the scatter", terminal(), () -> progress(cluster, begun));
      plan = cluster.placement().scatter(ids);
    }
    return 0;
  }

  private static String progress(Cluster cluster, List<Long> begun) {
    long left =
        cluster.placement().operations(false).stream()
            .filter(operation -> begun.contains(operation.operationId()))
            .count();
    return left == 0 ? "" : left + " of " + begun.size() + " moves are under way";
  }

  private void show(PlacementPlan plan, boolean nothingDone) {
    if (output.json()) {
      print(PlanTables.object(plan, nothingDone));
    } else {
      PlanTables.plan(plan, nothingDone).forEach(this::print);
    }
  }
}
