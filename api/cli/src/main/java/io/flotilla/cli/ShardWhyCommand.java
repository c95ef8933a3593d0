package io.flotilla.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "why",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Says what the scheduler wants to do with a shard, or why it does nothing.",
    footer = {"", "Example:", "  flotilla shard why 7"})
final class ShardWhyCommand extends ClusterCommand {
  @Parameters(index = "0", paramLabel = "SHARD", description = "Id, as in 'shard list'.")
  String shard = "";

  private long shardId;

  ShardWhyCommand(Tool tool) {
    super(tool);
  }

  @Override
  void check() {
    shardId = ShardShowCommand.id("SHARD", shard, this);
  }

  @Override
  int run(Cluster cluster) {
    String text = cluster.placement().explain(shardId);
    if (output.json()) {
      print(OutputOptions.object().put("shard_id", shardId).put("text", text));
    } else {
      print("shard " + shardId + ": " + text);
    }
    return 0;
  }
}
