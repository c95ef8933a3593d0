package io.flotilla.shard.placement;

import io.flotilla.contract.v1.NodeMode;
import io.flotilla.shard.descriptor.KeyRange;
import io.flotilla.shard.placement.NodeView.Health;
import io.flotilla.shard.support.Shards;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Builds a view of a cluster for tests. */
final class Clusters {
  private final List<NodeView> nodes = new ArrayList<>();
  private final List<ShardView> shards = new ArrayList<>();
  private final List<Move> underWay = new ArrayList<>();
  private boolean rebalance = true;
  private ClusterView.Limits limits = ClusterView.Limits.NONE;

  /** Nodes 1 to n, all up, in no zone. */
  static Clusters of(int size) {
    Clusters cluster = new Clusters();
    for (long id = 1; id <= size; id++) {
      cluster.nodes.add(new NodeView(id, "", NodeMode.NODE_MODE_ACTIVE, Health.UP, 10));
    }
    return cluster;
  }

  Clusters zone(String zone, long... ids) {
    for (long id : ids) {
      set(id, n -> new NodeView(id, zone, n.mode(), n.health(), n.usedPercent()));
    }
    return this;
  }

  Clusters mode(long id, NodeMode mode) {
    set(id, n -> new NodeView(id, n.zone(), mode, n.health(), n.usedPercent()));
    return this;
  }

  Clusters health(long id, Health health) {
    set(id, n -> new NodeView(id, n.zone(), n.mode(), health, n.usedPercent()));
    return this;
  }

  Clusters used(long id, int percent) {
    set(id, n -> new NodeView(id, n.zone(), n.mode(), n.health(), percent));
    return this;
  }

  private void set(long id, UnaryOperator<NodeView> change) {
    nodes.replaceAll(node -> node.nodeId() == id ? change.apply(node) : node);
  }

  /** A shard that should have three voters, led by the first of these nodes. */
  Clusters shard(long id, long... on) {
    shards.add(new ShardView(Shards.of(id, KeyRange.ALL, on), on[0], 3, 100));
    return this;
  }

  Clusters underWay(Move move) {
    underWay.add(move);
    return this;
  }

  Clusters notRebalancing() {
    rebalance = false;
    return this;
  }

  Clusters limits(int perNode, int inAll) {
    limits = new ClusterView.Limits(perNode, inAll);
    return this;
  }

  ClusterView view() {
    return new ClusterView(nodes, shards, underWay, rebalance, limits);
  }
}
