package io.flotilla.cli;

import io.flotilla.client.AdminClient;
import io.flotilla.client.FlotillaException;
import io.flotilla.client.Key;
import io.flotilla.client.ShardDescriptor;
import io.flotilla.client.SplitResult;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "split",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Makes each KEY the first key of a new shard, one after the other; the first failure ends"
          + " the command.",
      "A new shard is led by the node that led the old one."
    },
    footer = {
      "",
      "Examples:",
      "  flotilla shard split g n t              four shards from one",
      "  flotilla shard split g n t --spread     and their leaders on different nodes",
      "  flotilla shard split --hex 80"
    })
final class ShardSplitCommand extends ClusterCommand {
  @Parameters(arity = "1..*", paramLabel = "KEY", description = "Inside a shard, not its start.")
  List<String> keys = new ArrayList<>();

  @Option(
      names = "--spread",
      description = "Moves the leader of each new shard to the node that leads the fewest.")
  boolean spread;

  @Mixin EncodingOptions encoding = new EncodingOptions();

  private final Set<Key> parsedKeys = new LinkedHashSet<>();

  ShardSplitCommand(Tool tool) {
    super(tool);
  }

  @Override
  void check() {
    for (String key : keys) {
      if (!parsedKeys.add(encoding.key("KEY", key))) {
        throw usage(Arguments.quote("KEY", key) + " stands twice");
      }
    }
  }

  @Override
  int run(Cluster cluster) {
    AdminClient admin = cluster.admin();
    for (Key key : parsedKeys) {
      SplitResult result = split(admin, key);
      tell(key, result);
      if (spread) {
        LeaderSpread.move(admin, result.right().shardId());
      }
    }
    return 0;
  }

  /** Which of the keys it was, if it fails. */
  private SplitResult split(AdminClient admin, Key key) {
    try {
      return admin.splitShard(key);
    } catch (FlotillaException e) {
      String shown = encoding.encoding().show(Arguments.bytes(key));
      FlotillaException named =
          new FlotillaException(
              e.code(),
              e.outcome(),
              "KEY '" + shown + "': " + e.getMessage(),
              e.shardId(),
              e.nodeId());
      named.initCause(e);
      throw named;
    }
  }

  private void tell(Key key, SplitResult result) {
    ShardDescriptor left = result.left();
    ShardDescriptor right = result.right();
    if (output.json()) {
      var object = OutputOptions.object();
      object.set("left", ShardJson.descriptor(left, encoding.encoding()));
      object.set("right", ShardJson.descriptor(right, encoding.encoding()));
      print(object);
    } else {
      print(
          "split shard %d at '%s': shard %d begins there"
              .formatted(
                  left.shardId(), encoding.encoding().show(Arguments.bytes(key)), right.shardId()));
    }
  }
}
