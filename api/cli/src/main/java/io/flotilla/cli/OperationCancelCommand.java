package io.flotilla.cli;

import io.flotilla.client.Operation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "cancel",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Takes an operation back, as long as its new replica has no vote; after that it is complete.",
      "The scheduler may begin the same again: see 'shard why', 'node undrain', 'rebalance off'."
    },
    footer = {"", "Example:", "  flotilla operation cancel 1044"})
final class OperationCancelCommand extends ClusterCommand {
  @Parameters(index = "0", paramLabel = "OPERATION", description = "Id, as in 'operation list'.")
  String operation = "";

  private long operationId;

  OperationCancelCommand(Tool tool) {
    super(tool);
  }

  @Override
  void check() {
    operationId = ShardShowCommand.id("OPERATION", operation, this);
  }

  @Override
  int run(Cluster cluster) {
    Operation cancelled = cluster.placement().cancel(operationId);
    if (output.json()) {
      print(PlanTables.object(cancelled));
    } else {
      print("operation " + operationId + " is being taken back");
    }
    return 0;
  }
}
