package io.flotilla.cli;

import io.flotilla.cli.format.JsonFields;
import io.flotilla.client.AdminClient;
import io.flotilla.client.FlotillaException;
import io.flotilla.client.Key;
import io.flotilla.client.ShardDescriptor;
import io.flotilla.client.ShardInfo;
import io.flotilla.client.SplitResult;
import java.util.ArrayList;
import java.util.Collection;
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
      "With --even, cuts SHARD into N shards of equal data, at keys that its leader measures.",
      "A new shard is led by the node that led the old one. Shards that grow too large or too busy"
          + " are split on their own: split-size and split-load of the servers."
    },
    footer = {
      "",
      "Examples:",
      "  flotilla shard split g n t              four shards from one",
      "  flotilla shard split g n t --spread     and their leaders on different nodes",
      "  flotilla shard split --hex 80",
      "  flotilla shard split 2 --even 8         eight shards of equal data from shard 2",
      "  flotilla shard split 2 --even 8 --dry-run"
    })
final class ShardSplitCommand extends ClusterCommand {
  private static final int MOST_PARTS = 64;

  @Parameters(
      arity = "1..*",
      paramLabel = "KEY|SHARD",
      description = "A key inside a shard, not its start; with --even the id of a shard.")
  List<String> keys = new ArrayList<>();

  @Option(
      names = "--spread",
      description = "Moves the leader of each new shard to the node that leads the fewest.")
  boolean spread;

  @Option(
      names = "--even",
      paramLabel = "N",
      description = "Cuts the shard into N of equal data, 2 to 64.")
  int even;

  @Option(names = "--dry-run", description = "Says what would be done, and does nothing.")
  boolean dryRun;

  @Mixin EncodingOptions encoding = new EncodingOptions();

  private final Set<Key> parsedKeys = new LinkedHashSet<>();
  private long shardId;

  ShardSplitCommand(Tool tool) {
    super(tool);
  }

  @Override
  void check() {
    if (even != 0) {
      if (even < 2 || even > MOST_PARTS) {
        throw usage("--even is 2 to " + MOST_PARTS + ", not " + even);
      }
      if (keys.size() != 1) {
        throw usage("--even takes the id of one shard, and no keys");
      }
      shardId = ShardShowCommand.id("SHARD", keys.get(0), this);
      return;
    }
    for (String key : keys) {
      if (!parsedKeys.add(encoding.key("KEY", key))) {
        throw usage(Arguments.quote("KEY", key) + " stands twice");
      }
    }
  }

  @Override
  int run(Cluster cluster) {
    AdminClient admin = cluster.admin();
    Collection<Key> cuts = even == 0 ? parsedKeys : evenCuts(admin);
    if (dryRun) {
      List<ShardInfo> shards = admin.listShards().shards();
      cuts.forEach(key -> plan(key, shards));
      return 0;
    }
    for (Key key : cuts) {
      SplitResult result = split(admin, key);
      tell(key, result);
      if (spread) {
        LeaderSpread.move(admin, result.right().shardId());
      }
    }
    return 0;
  }

  private List<Key> evenCuts(AdminClient admin) {
    List<Key> cuts = admin.splitKeys(shardId, even).keys();
    if (cuts.size() < even - 1) {
      throw new CommandFailure(
          "FAILED_PRECONDITION",
          "shard %d has too few rows for %d parts: at most %d"
              .formatted(shardId, even, cuts.size() + 1));
    }
    return cuts;
  }

  private void plan(Key key, List<ShardInfo> shards) {
    long parent =
        shards.stream()
            .filter(shard -> shard.range().contains(key))
            .mapToLong(ShardInfo::shardId)
            .findFirst()
            .orElse(0);
    if (output.json()) {
      var object = OutputOptions.object().put("dry_run", true).put("shard_id", parent);
      JsonFields.put(object, encoding.encoding(), "key", Arguments.bytes(key));
      print(object);
    } else {
      print(
          "would split shard %d at '%s'"
              .formatted(parent, encoding.encoding().show(Arguments.bytes(key))));
    }
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
