package io.flotilla.cli;

import io.flotilla.client.AdminClient;
import io.flotilla.client.ReplicaInfo;
import io.flotilla.client.ShardInfo;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Moves the leader of a shard to the node with the fewest leaders among those with a replica. */
public final class LeaderSpread {
  private LeaderSpread() {}

  /** Moves the leader of the shard if another node that answers leads at least two shards less. */
  public static void move(AdminClient admin, long shardId) {
    List<ShardInfo> shards = admin.listShards(true).shards();
    Map<Long, Integer> leaders = new TreeMap<>();
    shards.forEach(shard -> leaders.merge(shard.leaderNodeId(), 1, Integer::sum));
    Optional<ShardInfo> wanted =
        shards.stream().filter(shard -> shard.shardId() == shardId).findFirst();
    if (wanted.isEmpty()) {
      return;
    }
    Optional<Long> fewest =
        wanted.get().replicas().stream()
            .filter(replica -> replica.voter() && replica.status().isPresent())
            .map(ReplicaInfo::nodeId)
            .min(Comparator.comparingInt(node -> leaders.getOrDefault(node, 0)));
    long leader = wanted.get().leaderNodeId();
    if (fewest.isPresent()
        && leaders.getOrDefault(fewest.get(), 0) + 1 < leaders.getOrDefault(leader, 0)) {
      admin.transferLeader(shardId, fewest.get());
    }
  }
}
