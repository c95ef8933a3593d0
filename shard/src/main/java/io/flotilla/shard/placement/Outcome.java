package io.flotilla.shard.placement;

import io.flotilla.shard.descriptor.ReplicaDescriptor;
import io.flotilla.shard.descriptor.ShardDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a cluster looks like when moves are done. */
final class Outcome {
  /** No replica that exists has such an id. */
  private static final long FIRST_IMAGINED_ID = Long.MAX_VALUE / 2;

  private Outcome() {}

  static ClusterView of(ClusterView view, List<Move> done) {
    Map<Long, Move> byShard =
        done.stream().collect(Collectors.toMap(Move::shardId, Function.identity()));
    List<ShardView> shards =
        view.shards().stream()
            .map(s -> byShard.containsKey(s.shardId()) ? after(s, byShard.get(s.shardId())) : s)
            .toList();
    return new ClusterView(view.nodes(), shards, List.of(), view.rebalance(), view.limits());
  }

  private static ShardView after(ShardView shard, Move move) {
    ShardDescriptor before = shard.descriptor();
    List<ReplicaDescriptor> replicas = new ArrayList<>();
    for (ReplicaDescriptor replica : before.replicas()) {
      if (!move.concerns(replica.nodeId())) {
        replicas.add(replica);
      }
    }
    if (move.toNodeId() != 0) {
      replicas.add(ReplicaDescriptor.voter(FIRST_IMAGINED_ID + move.toNodeId(), move.toNodeId()));
    }
    ShardDescriptor after =
        new ShardDescriptor(before.shardId(), before.range(), before.epoch(), replicas);
    long leader = move.fromNodeId() == shard.leaderNodeId() ? 0 : shard.leaderNodeId();
    return new ShardView(after, leader, shard.wanted(), shard.bytes());
  }
}
