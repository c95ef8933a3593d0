package io.flotilla.cli;

import io.flotilla.client.ShardList;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Lists the shards in key order: range, leader, term, the leader's commit and applied index.",
      "SIZE is keys and values as last measured; the rates are of the last half minute.",
      "NODES in brackets could not be asked."
    },
    footer = {
      "",
      "Examples:",
      "  flotilla shard list",
      "  flotilla shard list --system            also the shard that holds the catalog",
      "  flotilla shard list --output json"
    })
final class ShardListCommand extends ClusterCommand {
  @Option(names = "--system", description = "Also the system shard, first.")
  boolean system;

  @Mixin EncodingOptions encoding = new EncodingOptions();

  ShardListCommand(Tool tool) {
    super(tool);
  }

  @Override
  int run(Cluster cluster) {
    ShardList list = cluster.admin().listShards(system);
    if (output.json()) {
      list.shards().forEach(shard -> print(ShardJson.shard(shard, encoding.encoding())));
    } else {
      ShardTables.list(list.shards()).forEach(this::print);
    }
    if (!list.unreachableNodeIds().isEmpty() && !output.json()) {
      String nodes =
          list.unreachableNodeIds().stream().map(String::valueOf).collect(Collectors.joining(", "));
      terminal().err().println("flotilla: nodes that did not answer: " + nodes);
    }
    return 0;
  }
}
