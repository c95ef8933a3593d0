package io.flotilla.cli;

import io.flotilla.client.Operation;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Shows one operation, and how far it is.",
    footer = {"", "Example:", "  flotilla operation show 1044"})
final class OperationShowCommand extends ClusterCommand {
  @Parameters(index = "0", paramLabel = "OPERATION", description = "Id, as in 'operation list'.")
  String operation = "";

  private long operationId;

  OperationShowCommand(Tool tool) {
    super(tool);
  }

  @Override
  void check() {
    operationId = ShardShowCommand.id("OPERATION", operation, this);
  }

  @Override
  int run(Cluster cluster) {
    Operation found =
        cluster
            .placement()
            .operation(operationId)
            .orElseThrow(
                () ->
                    new CommandFailure(
                        "NOT_FOUND",
                        "there is no operation "
                            + operationId
                            + ", or it ended long ago; 'flotilla operation list --all' shows"
                            + " them"));
    String progress = OperationWatch.progress(cluster, operationId);
    if (output.json()) {
      print(PlanTables.object(found).put("progress", progress));
    } else {
      PlanTables.operations(List.of(found)).forEach(this::print);
      if (!progress.isEmpty()) {
        print("");
        print(progress);
      }
    }
    return 0;
  }
}
