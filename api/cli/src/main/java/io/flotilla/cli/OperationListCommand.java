package io.flotilla.cli;

import io.flotilla.client.Operation;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Lists the operations that are under way.",
    footer = {
      "",
      "Examples:",
      "  flotilla operation list",
      "  flotilla operation list --all --output json"
    })
final class OperationListCommand extends ClusterCommand {
  @Option(names = "--all", description = "Also the last 256 that have ended.")
  boolean all;

  OperationListCommand(Tool tool) {
    super(tool);
  }

  @Override
  int run(Cluster cluster) {
    List<Operation> operations = cluster.placement().operations(all);
    if (output.json()) {
      operations.forEach(operation -> print(PlanTables.object(operation)));
    } else if (operations.isEmpty()) {
      print(all ? "no operations" : "no operation is under way");
    } else {
      PlanTables.operations(operations).forEach(this::print);
    }
    return 0;
  }
}
