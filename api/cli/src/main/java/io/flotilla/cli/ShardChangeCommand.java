package io.flotilla.cli;

import io.flotilla.client.AdminClient;
import io.flotilla.client.FlotillaException;
import io.flotilla.client.Outcome;
import io.flotilla.client.ReplicaChange;
import io.flotilla.client.ReplicaInfo;
import io.flotilla.client.ReplicaStatus.FollowerStatus;
import io.flotilla.client.ShardInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "change",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Changes which nodes hold a shard; clients go on.",
      "A node that is added first receives the data without a vote. When it has caught up, it gets"
          + " its vote and the removed nodes lose theirs, all in one change.",
      "A command that was cut off can be given again: it goes on from where the shard is."
    },
    footer = {
      "",
      "Examples:",
      "  flotilla shard change 7 --add 4 --remove 2   moves the copy on node 2 to node 4",
      "  flotilla shard change 7 --add 4 --add 5      two copies more",
      "  flotilla shard change 7 --learner 4          a copy without a vote"
    })
final class ShardChangeCommand extends ClusterCommand {
  private static final Duration ATTEMPT = Duration.ofSeconds(5);

  @Parameters(index = "0", paramLabel = "SHARD", description = "Id, as in 'shard list'.")
  String shard = "";

  @Option(names = "--add", paramLabel = "NODE", description = "Gets a copy with a vote.")
  List<String> add = new ArrayList<>();

  @Option(names = "--remove", paramLabel = "NODE", description = "Loses its copy.")
  List<String> remove = new ArrayList<>();

  @Option(
      names = "--learner",
      paramLabel = "NODE",
      description = "Gets a copy without a vote, or loses its vote.")
  List<String> learner = new ArrayList<>();

  @Option(
      names = "--wait",
      paramLabel = "TIME",
      defaultValue = "10m",
      description = "Longest time for added nodes to catch up. Default: ${DEFAULT-VALUE}.")
  String wait = "10m";

  @Mixin EncodingOptions encoding = new EncodingOptions();

  private final Set<Long> added = new TreeSet<>();
  private final Set<Long> removed = new TreeSet<>();
  private final Set<Long> learners = new TreeSet<>();
  private long shardId;
  private Duration patience = Duration.ZERO;

  ShardChangeCommand(Tool tool) {
    super(tool);
  }

  @Override
  void check() {
    shardId = ShardShowCommand.id("SHARD", shard, this);
    Set<Long> seen = new HashSet<>();
    parse("--add", add, added, seen);
    parse("--remove", remove, removed, seen);
    parse("--learner", learner, learners, seen);
    if (seen.isEmpty()) {
      throw usage("nothing to change: give --add NODE, --remove NODE or --learner NODE");
    }
    try {
      patience = Durations.parse(wait);
    } catch (IllegalArgumentException e) {
      throw usage("--wait " + e.getMessage());
    }
  }

  private void parse(String option, List<String> texts, Set<Long> into, Set<Long> seen) {
    for (String text : texts) {
      long node = ShardShowCommand.id(option, text, this);
      if (!seen.add(node)) {
        throw usage(Arguments.quote(option, text) + ": node " + node + " stands twice");
      }
      into.add(node);
    }
  }

  @Override
  int run(Cluster cluster) {
    AdminClient admin = cluster.admin();
    ShardInfo before = ShardShowCommand.find(admin, shardId);
    Set<Long> present =
        before.replicas().stream().map(ReplicaInfo::nodeId).collect(Collectors.toSet());
    List<ReplicaChange> arrivals =
        added.stream().filter(n -> !present.contains(n)).map(ReplicaChange::learner).toList();
    if (!arrivals.isEmpty()) {
      admin.changeReplicas(shardId, arrivals);
    }
    List<ReplicaChange> rest = new ArrayList<>();
    added.forEach(node -> rest.add(ReplicaChange.voter(node)));
    removed.forEach(node -> rest.add(ReplicaChange.remove(node)));
    learners.forEach(node -> rest.add(ReplicaChange.learner(node)));
    tell(changeWhenReady(admin, rest));
    return 0;
  }

  /** Repeats what was not done yet: each call waits itself while the learners catch up. */
  private ShardInfo changeWhenReady(AdminClient admin, List<ReplicaChange> changes) {
    long end = terminal().nanos() + patience.toNanos();
    while (true) {
      try {
        return admin.withTimeout(ATTEMPT).changeReplicas(shardId, changes);
      } catch (FlotillaException e) {
        if (e.outcome() == Outcome.REJECTED || terminal().nanos() - end >= 0) {
          throw e;
        }
        showProgress(admin, e);
      }
    }
  }

  private void showProgress(AdminClient admin, FlotillaException reason) {
    Optional<ShardInfo> now = admin.shard(shardId);
    String behind =
        now.flatMap(ShardTables::leader).stream()
            .flatMap(leader -> leader.followers().stream())
            .filter(follower -> added.contains(follower.nodeId()))
            .map(ShardChangeCommand::progress)
            .collect(Collectors.joining("; "));
    terminal().err().println("flotilla: " + (behind.isEmpty() ? reason.getMessage() : behind));
  }

  private static String progress(FollowerStatus follower) {
    return String.format(
        Locale.ROOT,
        "node %d is catching up: %s, at index %d",
        follower.nodeId(),
        follower.state(),
        follower.matchIndex());
  }

  private void tell(ShardInfo after) {
    if (output.json()) {
      print(ShardJson.shard(after, encoding.encoding()));
      return;
    }
    String nodes =
        after.replicas().stream()
            .map(r -> r.nodeId() + (r.voter() ? "" : " (learner)"))
            .collect(Collectors.joining(", "));
    print("shard %d is on nodes %s".formatted(shardId, nodes));
  }
}
