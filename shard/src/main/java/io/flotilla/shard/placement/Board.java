package io.flotilla.shard.placement;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The cluster as it will be when all moves are done: those under way, and those planned so far.
 * Confined to one plan.
 */
final class Board {
  private final ClusterView view;
  private final Map<Long, NodeView> nodes = new TreeMap<>();
  private final Map<Long, Set<Long>> voters = new TreeMap<>();
  private final Map<Long, Integer> held = new TreeMap<>();
  private final Map<Long, Integer> moving = new TreeMap<>();
  private final Map<Long, Move> byShard = new TreeMap<>();

  Board(ClusterView view) {
    this.view = view;
    for (NodeView node : view.nodes()) {
      nodes.put(node.nodeId(), node);
      held.put(node.nodeId(), 0);
    }
    for (ShardView shard : view.shards()) {
      voters.put(shard.shardId(), shard.voterNodes());
      shard.voterNodes().forEach(node -> held.merge(node, 1, Integer::sum));
    }
    view.underWay().forEach(this::add);
  }

  /** From now on the move counts as done. */
  void add(Move move) {
    byShard.put(move.shardId(), move);
    // Of one under way a part, or all, may have happened already.
    Set<Long> holding = voters.getOrDefault(move.shardId(), new TreeSet<>());
    if (move.toNodeId() != 0 && holding.add(move.toNodeId())) {
      held.merge(move.toNodeId(), 1, Integer::sum);
    }
    if (holding.remove(move.fromNodeId())) {
      held.merge(move.fromNodeId(), -1, Integer::sum);
    }
    moving.merge(move.toNodeId(), 1, Integer::sum);
    moving.merge(move.fromNodeId(), 1, Integer::sum);
  }

  ClusterView view() {
    return view;
  }

  Optional<Move> moveOf(long shardId) {
    return Optional.ofNullable(byShard.get(shardId));
  }

  int replicasOn(long nodeId) {
    return held.getOrDefault(nodeId, 0);
  }

  Optional<NodeView> node(long nodeId) {
    return Optional.ofNullable(nodes.get(nodeId));
  }

  boolean isGone(long nodeId) {
    return node(nodeId).map(NodeView::isGone).orElse(true);
  }

  boolean isUp(long nodeId) {
    return node(nodeId).filter(n -> n.health() == NodeView.Health.UP).isPresent();
  }

  /** The node's zone; nodes without one, and those that are not known, are in one of that name. */
  String zone(long nodeId) {
    return node(nodeId).map(NodeView::zone).orElse("");
  }

  /** How many voters can be placed, at most as many as wanted: an odd number if they are fewer. */
  int possible(int wanted) {
    int there = (int) nodes.values().stream().filter(NodeView::stays).count();
    return there >= wanted ? wanted : Math.max(1, there % 2 == 0 ? there - 1 : there);
  }

  /** Why the move may not begin now, though it should; empty if it may. */
  String whyNotNow(Move move) {
    if (byShard.size() >= view.limits().inAll()) {
      return byShard.size() + " moves are under way already";
    }
    for (long node : List.of(move.toNodeId(), move.fromNodeId())) {
      boolean counts = node != 0 && !isGone(node);
      if (counts && moving.getOrDefault(node, 0) >= view.limits().perNode()) {
        return "node " + node + " has " + moving.get(node) + " moves under way already";
      }
    }
    return "";
  }

  /**
   * Nodes that could get a replica of the shard, the best first: in the zone with the fewest voters
   * of the shard, then with the fewest replicas.
   *
   * @param leaving a node whose replica goes, which does not count; 0: none
   */
  List<NodeView> targets(ShardView shard, long leaving) {
    Map<String, Integer> zones = zones(shard, leaving);
    return nodes.values().stream()
        .filter(node -> node.whyNotReceiving().isEmpty() && !holds(shard, node.nodeId()))
        .sorted(
            Comparator.comparingInt((NodeView node) -> zones.getOrDefault(node.zone(), 0))
                .thenComparingInt(node -> replicasOn(node.nodeId()))
                .thenComparingLong(NodeView::nodeId))
        .toList();
  }

  private static boolean holds(ShardView shard, long nodeId) {
    return shard.voterNodes().contains(nodeId);
  }

  /** Voters of the shard by zone. */
  Map<String, Integer> zones(ShardView shard, long leaving) {
    Map<String, Integer> zones = new TreeMap<>();
    for (long node : shard.voterNodes()) {
      if (node != leaving) {
        zones.merge(zone(node), 1, Integer::sum);
      }
    }
    return zones;
  }

  /** Why no node can take a replica of the shard. */
  String whyNobody(ShardView shard) {
    List<String> reasons = new ArrayList<>();
    for (NodeView node : nodes.values()) {
      String reason =
          holds(shard, node.nodeId()) ? "has a replica already" : node.whyNotReceiving();
      reasons.add("node " + node.nodeId() + " " + reason);
    }
    return reasons.isEmpty() ? "there are no nodes" : String.join(", ", reasons);
  }

  /** The one of these nodes to lose a replica: crowded zone first, then most replicas. */
  Optional<Long> mostDispensable(ShardView shard, Collection<Long> among) {
    Map<String, Integer> zones = zones(shard, 0);
    Set<Long> candidates = new TreeSet<>(among);
    return candidates.stream()
        .max(
            Comparator.comparingInt((Long node) -> isGone(node) ? 1 : 0)
                .thenComparingInt(node -> node(node).filter(NodeView::stays).isPresent() ? 0 : 1)
                .thenComparingInt(node -> zones.getOrDefault(zone(node), 0))
                .thenComparingInt(this::replicasOn)
                .thenComparingInt(node -> node == shard.leaderNodeId() ? 0 : 1)
                .thenComparingLong(node -> node));
  }

  static String list(Collection<Long> nodes) {
    return nodes.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }
}
