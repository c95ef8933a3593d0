package io.flotilla.server.local;

import io.flotilla.client.AdminClient;
import io.flotilla.client.NodeInfo;
import io.flotilla.client.NodeList;
import io.flotilla.client.ReplicaInfo;
import io.flotilla.client.ReplicaStatus;
import io.flotilla.client.ShardInfo;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Waits for states of a cluster, as its own nodes tell them. */
public final class ClusterWatch {
  private final AdminClient admin;
  private final Poll poll;

  /** Asks through a client. */
  public ClusterWatch(AdminClient admin, Poll poll) {
    // A question to a cluster that is not there yet is asked again soon.
    this.admin = admin.withTimeout(Duration.ofSeconds(3));
    this.poll = poll;
  }

  /** Waits until so many nodes answer and every shard, the system's too, has a leader. */
  public List<ShardInfo> allLed(int nodes, Duration limit, Runnable check)
      throws InterruptedException {
    return poll.until(
        nodes + " nodes and a leader of each shard",
        limit,
        () -> {
          check.run();
          NodeList list = admin.listNodes();
          long up = list.nodes().stream().filter(NodeInfo::reachable).count();
          if (up < nodes) {
            return Poll.Seen.notYet(up + " nodes answer");
          }
          return shardsLed();
        });
  }

  private Poll.Seen<List<ShardInfo>> shardsLed() {
    List<ShardInfo> shards = admin.listShards(true).shards();
    for (ShardInfo shard : shards) {
      if (leader(shard).isEmpty()) {
        return Poll.Seen.notYet("shard " + shard.shardId() + " has no leader");
      }
    }
    boolean any = shards.stream().anyMatch(shard -> shard.shardId() != 1);
    return any ? Poll.Seen.of(shards) : Poll.Seen.notYet("there is no shard yet");
  }

  /** Waits until all replicas of every shard, so many each, stand at the same place. */
  public List<ShardInfo> converged(int replicas, Duration limit) throws InterruptedException {
    return poll.until(
        "replicas that agree",
        limit,
        () -> {
          List<ShardInfo> shards = admin.listShards(true).shards();
          for (ShardInfo shard : shards) {
            if (shard.replicas().size() != replicas || !agree(shard)) {
              return Poll.Seen.notYet("those of shard " + shard.shardId() + " do not");
            }
          }
          return Poll.Seen.of(shards);
        });
  }

  /** Whether one replica leads and all have its term and its last, commit and applied index. */
  private static boolean agree(ShardInfo shard) {
    long leaders =
        shard.replicas().stream()
            .flatMap(replica -> replica.status().stream())
            .filter(status -> status.role() == ReplicaStatus.Role.LEADER)
            .count();
    Set<List<Long>> places =
        shard.replicas().stream()
            .map(replica -> replica.status().map(ClusterWatch::place).orElse(List.of()))
            .collect(Collectors.toSet());
    return leaders == 1 && places.size() == 1 && !places.contains(List.<Long>of());
  }

  private static List<Long> place(ReplicaStatus status) {
    ReplicaStatus.LogIndexes log = status.log();
    return log.commit() == log.applied()
        ? List.of(status.term(), log.last(), log.commit(), log.applied())
        : List.of();
  }

  /** The state of the replica that leads, as it says itself; of two the one of the later term. */
  public static Optional<ReplicaStatus> leader(ShardInfo shard) {
    return leading(shard).flatMap(ReplicaInfo::status);
  }

  /** The replica that leads, as it says itself; of two the one of the later term. */
  public static Optional<ReplicaInfo> leading(ShardInfo shard) {
    return shard.replicas().stream()
        .filter(
            replica ->
                replica
                    .status()
                    .filter(status -> status.role() == ReplicaStatus.Role.LEADER)
                    .isPresent())
        .max(Comparator.comparingLong(replica -> replica.status().orElseThrow().term()));
  }
}
