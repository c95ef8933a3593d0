package io.flotilla.cli;

import io.flotilla.client.PlacementRules;
import picocli.CommandLine.Command;

/** {@code rebalance on}, {@code rebalance off} and {@code rebalance status}. */
final class RebalanceCommands {
  private RebalanceCommands() {}

  /** What the three have in common. */
  abstract static class Rebalance extends ClusterCommand {
    Rebalance(Tool tool) {
      super(tool);
    }

    /** The rules that hold after the command. */
    abstract PlacementRules rules(Cluster cluster);

    @Override
    int run(Cluster cluster) {
      PlacementRules rules = rules(cluster);
      long moves = cluster.placement().operations(false).size();
      if (output.json()) {
        print(OutputOptions.object().put("rebalance", rules.rebalance()).put("operations", moves));
      } else {
        print(
            "rebalancing is %s; %d operations are under way"
                .formatted(rules.rebalance() ? "on" : "off", moves));
      }
      return 0;
    }
  }

  @Command(
      name = "on",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description =
          "Replicas and leaders are evened out over the nodes; shards that are too large or too"
              + " busy are split.",
      footer = {"", "Example:", "  flotilla rebalance on"})
  static final class On extends Rebalance {
    On(Tool tool) {
      super(tool);
    }

    @Override
    PlacementRules rules(Cluster cluster) {
      return cluster.placement().setRules(cluster.placement().rules().withRebalance(true));
    }
  }

  @Command(
      name = "off",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = {
        "Replicas and leaders stay where they are, and shards are split on request only. Nodes that"
            + " drain or are dead are emptied all the"
            + " same, and lost copies are made again. What is under way goes on."
      },
      footer = {"", "Example:", "  flotilla rebalance off"})
  static final class Off extends Rebalance {
    Off(Tool tool) {
      super(tool);
    }

    @Override
    PlacementRules rules(Cluster cluster) {
      return cluster.placement().setRules(cluster.placement().rules().withRebalance(false));
    }
  }

  @Command(
      name = "status",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = "Says whether rebalancing is on, and how much is under way.",
      footer = {"", "Example:", "  flotilla rebalance status"})
  static final class Status extends Rebalance {
    Status(Tool tool) {
      super(tool);
    }

    @Override
    PlacementRules rules(Cluster cluster) {
      return cluster.placement().rules();
    }
  }
}
