package io.flotilla.cli;

import io.flotilla.client.AdminClient;
import io.flotilla.client.ShardInfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Shows one shard: role, term and log positions of each replica, and how far the leader"
          + " knows its followers to be.",
      "FIRST and LAST are the log that is kept; PERSISTED is on the replica's own disk, COMMIT on"
          + " a majority, APPLIED in memory, FLUSHED in the state store."
    },
    footer = {"", "Examples:", "  flotilla shard show 2", "  flotilla shard show 1    the catalog"})
final class ShardShowCommand extends ClusterCommand {
  @Parameters(index = "0", paramLabel = "SHARD", description = "Id, as in 'shard list'.")
  String shard = "";

  @Mixin EncodingOptions encoding = new EncodingOptions();

  private long shardId;

  ShardShowCommand(Tool tool) {
    super(tool);
  }

  @Override
  void check() {
    shardId = id("SHARD", shard, this);
  }

  @Override
  int run(Cluster cluster) {
    ShardInfo info = find(cluster.admin(), shardId);
    if (output.json()) {
      print(ShardJson.shard(info, encoding.encoding()));
    } else {
      ShardTables.show(info).forEach(this::print);
    }
    return 0;
  }

  static ShardInfo find(AdminClient admin, long shardId) {
    return admin
        .shard(shardId)
        .orElseThrow(
            () ->
                new CommandFailure(
                    "NOT_FOUND",
                    "there is no shard " + shardId + "; 'flotilla shard list' shows them all"));
  }

  /** The id in an argument; a usage error if it is none. */
  static long id(String name, String text, ClusterCommand command) {
    try {
      long id = Long.parseLong(text);
      if (id > 0) {
        return id;
      }
    } catch (NumberFormatException e) {
      // Falls through to the message.
    }
    throw command.usage(Arguments.quote(name, text) + " is not an id: a number from 1 is wanted");
  }
}
