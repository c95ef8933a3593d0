package io.flotilla.server.demo;

import io.flotilla.cli.CommandFailure;
import io.flotilla.cli.Durations;
import io.flotilla.cli.ShardTables;
import io.flotilla.client.AdminClient;
import io.flotilla.client.LeaderInfo;
import io.flotilla.client.NodeInfo;
import io.flotilla.client.ReplicaInfo;
import io.flotilla.client.ReplicaStatus;
import io.flotilla.client.ShardInfo;
import io.flotilla.server.local.ClusterWatch;
import io.flotilla.server.local.LocalCluster;
import io.flotilla.server.local.NodeProcess;
import io.flotilla.server.local.Poll;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The node that is killed, what becomes of the shards that it led, and its return. */
final class Victim {
  /** What a process that was killed by a signal leaves behind: 128 + 9. */
  private static final int KILLED = 137;

  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int SHOWN_STATES = 8;

  private final Stage stage;
  private final LocalCluster cluster;
  private final AdminClient admin;
  private final Poll poll;

  private @Nullable NodeProcess process;
  private long nodeId;
  private long shardId;

  /** Terms by shard, of those that the node led. */
  private final Map<Long, Long> ledInTerm = new TreeMap<>();

  private long killedAt;

  Victim(Stage stage, LocalCluster cluster, AdminClient admin, Poll poll) {
    this.stage = stage;
    this.cluster = cluster;
    this.admin = admin;
    this.poll = poll;
  }

  /** Picks the last shard with a leader, and kills the node of that. */
  String kill() throws InterruptedException {
    List<ShardInfo> shards = admin.listShards(true).shards();
    ShardInfo shard = shards.get(shards.size() - 1);
    shardId = shard.shardId();
    nodeId =
        ClusterWatch.leading(shard)
            .orElseThrow(() -> new CommandFailure("NO_LEADER", "no leader of shard " + shardId))
            .nodeId();
    for (ShardInfo each : shards) {
      ClusterWatch.leading(each)
          .filter(replica -> replica.nodeId() == nodeId)
          .flatMap(ReplicaInfo::status)
          .ifPresent(status -> ledInTerm.put(each.shardId(), status.term()));
    }
    NodeProcess node = cluster.at(address());
    process = node;
    stage.say("   $ flotilla shard show " + shardId);
    stage.show(ShardTables.show(shard));
    stage.say("   Node " + nodeId + " leads shards " + ledInTerm.keySet());
    stage.say("   $ kill -9 " + node.pid().orElse(0));
    killedAt = stage.nanos();
    node.kill();
    Stage.check(node.exitCode().orElse(0) == KILLED, "it ended with exit code " + node.exitCode());
    return "the process is gone, without a chance to say goodbye";
  }

  private String address() {
    return admin.listNodes().nodes().stream()
        .filter(node -> node.nodeId() == nodeId)
        .map(NodeInfo::address)
        .findFirst()
        .orElseThrow(() -> new CommandFailure("NODE", "node " + nodeId + " is not listed"));
  }

  /** Waits until each shard has a leader on another node, in a later term where it lost its own. */
  String watchElection() throws InterruptedException {
    poll.until("a new leader of shard " + shardId, LIMIT, () -> newLeader(shardId));
    Duration took = stage.since(killedAt);
    for (long led : ledInTerm.keySet()) {
      ReplicaInfo now = poll.until("a new leader of " + led, LIMIT, () -> newLeader(led));
      stage.say(
          "   shard %d: node %d led in term %d, node %d leads in term %d"
              .formatted(
                  led,
                  nodeId,
                  ledInTerm.get(led),
                  now.nodeId(),
                  now.status().orElseThrow().term()));
    }
    stage.say("");
    stage.show(ShardTables.replicas(shard()));
    return "shard %d had a new leader %s after the kill, all shards after %s"
        .formatted(shardId, Durations.show(took), Durations.show(stage.since(killedAt)));
  }

  private Poll.Seen<ReplicaInfo> newLeader(long shard) {
    long oldTerm = ledInTerm.getOrDefault(shard, 0L);
    return admin
        .shard(shard)
        .flatMap(ClusterWatch::leading)
        .filter(replica -> replica.nodeId() != nodeId)
        .filter(replica -> replica.status().orElseThrow().term() > oldTerm)
        .map(Poll.Seen::of)
        .orElse(Poll.Seen.notYet("no node says that it leads shard " + shard));
  }

  private ShardInfo shard() {
    return admin
        .shard(shardId)
        .orElseThrow(() -> new CommandFailure("NOT_FOUND", "shard " + shardId + " is gone"));
  }

  /** Starts the node and shows how its replica of the shard comes to the others. */
  String restart(ClusterWatch watch) throws InterruptedException {
    stage.say("   What the leader of shard " + shardId + " knows of the others:");
    stage.show(ShardTables.followers(shard()));
    long begun = stage.nanos();
    cluster.start(Objects.requireNonNull(process));
    String[] last = {""};
    int[] shown = {0};
    poll.until(
        "the log of node " + nodeId + " to catch up",
        LIMIT,
        () -> {
          ShardInfo now = shard();
          String state = state(now);
          if (!state.equals(last[0]) && shown[0]++ < SHOWN_STATES) {
            stage.say("   after " + Durations.show(stage.since(begun)) + ": " + state);
          }
          last[0] = state;
          return caughtUp(now) ? Poll.Seen.of(now) : Poll.Seen.notYet(state);
        });
    watch.converged(cluster.nodes().size(), LIMIT);
    Duration took = stage.since(begun);
    stage.say("");
    stage.show(ShardTables.replicas(shard()));
    return "all its replicas stand where their leaders do, "
        + Durations.show(took)
        + " after the start";
  }

  private String state(ShardInfo shard) {
    long end = ClusterWatch.leader(shard).map(leader -> leader.log().last()).orElse(0L);
    return shard.replicas().stream()
        .filter(replica -> replica.nodeId() == nodeId)
        .flatMap(replica -> replica.status().stream())
        .map(ReplicaStatus::log)
        .map(
            log ->
                "its log ends at %d of %d, commit %d, applied %d"
                    .formatted(log.last(), end, log.commit(), log.applied()))
        .findFirst()
        .orElse("it does not answer yet");
  }

  private boolean caughtUp(ShardInfo shard) {
    long end = ClusterWatch.leader(shard).map(leader -> leader.log().last()).orElse(-1L);
    return shard.replicas().stream()
        .filter(replica -> replica.nodeId() == nodeId)
        .flatMap(replica -> replica.status().stream())
        .anyMatch(status -> status.log().applied() == end && status.log().commit() == end);
  }

  /** Moves the leadership of the shard back to the node. */
  String lead() throws InterruptedException {
    long before = ClusterWatch.leader(shard()).map(ReplicaStatus::term).orElse(0L);
    stage.say("   $ flotilla shard transfer " + shardId + " --to " + nodeId);
    long begun = stage.nanos();
    LeaderInfo told = admin.transferLeader(shardId, nodeId);
    Duration took = stage.since(begun);
    Stage.check(told.nodeId() == nodeId, "the answer names node " + told.nodeId());
    ShardInfo after =
        poll.until(
            "node " + nodeId + " to lead shard " + shardId,
            LIMIT,
            () -> {
              ShardInfo now = shard();
              boolean leads =
                  ClusterWatch.leading(now)
                      .filter(replica -> replica.nodeId() == nodeId)
                      .flatMap(ReplicaInfo::status)
                      .filter(status -> status.term() > before)
                      .isPresent();
              return leads ? Poll.Seen.of(now) : Poll.Seen.notYet("it does not say so");
            });
    stage.say("");
    stage.show(ShardTables.replicas(after));
    return "node %d leads shard %d again, in term %d, %s after it was asked to"
        .formatted(nodeId, shardId, told.term(), Durations.show(took));
  }
}
