package io.flotilla.shard.placement;

import java.util.List;

/**
 * What is known of the cluster at one moment.
 *
 * @param nodes all of them
 * @param shards all of them, the system shard too
 * @param underWay moves that have begun and not ended
 * @param rebalance whether replicas may move for the sake of evenness
 * @param limits of what may be under way at one time
 */
public record ClusterView(
    List<NodeView> nodes,
    List<ShardView> shards,
    List<Move> underWay,
    boolean rebalance,
    Limits limits) {
  public ClusterView {
    nodes = List.copyOf(nodes);
    shards = List.copyOf(shards);
    underWay = List.copyOf(underWay);
  }

  /**
   * How much may be under way.
   *
   * @param perNode moves that concern one node, from 1
   * @param inAll moves, from 1
   */
  public record Limits(int perNode, int inAll) {
    /** For plans that are shown, not begun. */
    public static final Limits NONE = new Limits(Integer.MAX_VALUE, Integer.MAX_VALUE);
  }

  /** The same with other limits. */
  public ClusterView with(Limits other) {
    return new ClusterView(nodes, shards, underWay, rebalance, other);
  }

  /** The same as if rebalancing were on. */
  public ClusterView rebalancing() {
    return new ClusterView(nodes, shards, underWay, true, limits);
  }

  /** The same with another node in the place of the one with its id. */
  public ClusterView with(NodeView changed) {
    return new ClusterView(
        nodes.stream().map(n -> n.nodeId() == changed.nodeId() ? changed : n).toList(),
        shards,
        underWay,
        rebalance,
        limits);
  }
}
