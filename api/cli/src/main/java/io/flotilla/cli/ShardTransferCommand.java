package io.flotilla.cli;

import io.flotilla.client.LeaderInfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "transfer",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Moves the leadership of a shard to another of its nodes; clients go on.",
    footer = {"", "Example:", "  flotilla shard transfer 2 --to 3"})
final class ShardTransferCommand extends ClusterCommand {
  @Parameters(index = "0", paramLabel = "SHARD", description = "Id, as in 'shard list'.")
  String shard = "";

  @Option(
      names = "--to",
      required = true,
      paramLabel = "NODE",
      description = "Id of a node that has a voting replica.")
  String node = "";

  private long shardId;
  private long nodeId;

  ShardTransferCommand(Tool tool) {
    super(tool);
  }

  @Override
  void check() {
    shardId = ShardShowCommand.id("SHARD", shard, this);
    nodeId = ShardShowCommand.id("--to", node, this);
  }

  @Override
  int run(Cluster cluster) {
    LeaderInfo leader = cluster.admin().transferLeader(shardId, nodeId);
    if (output.json()) {
      print(
          OutputOptions.object()
              .put("shard_id", shardId)
              .put("leader_node_id", leader.nodeId())
              .put("term", leader.term()));
    } else {
      print(
          "shard %d is led by node %d in term %d"
              .formatted(shardId, leader.nodeId(), leader.term()));
    }
    return 0;
  }
}
