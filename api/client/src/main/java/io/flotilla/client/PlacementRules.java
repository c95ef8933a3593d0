package io.flotilla.client;

import java.util.List;

/**
 * What holds for where replicas are, in the whole cluster.
 *
 * @param replicas voters of each shard, 1 to 7; with too few nodes, the next lower odd number
 * @param rebalance whether replicas and leaders are evened out over the nodes
 * @param ranges key ranges with another number of replicas, not overlapping; at most 1,000
 */
public record PlacementRules(int replicas, boolean rebalance, List<RangeRule> ranges) {
  /** Copies the list. */
  public PlacementRules {
    ranges = List.copyOf(ranges);
  }

  /**
   * Holds for shards that begin in the range.
   *
   * @param range of keys
   * @param replicas voters, 1 to 7
   */
  public record RangeRule(KeyRange range, int replicas) {}

  /** The same with rebalancing on or off. */
  public PlacementRules withRebalance(boolean on) {
    return new PlacementRules(replicas, on, ranges);
  }

  /** The same with another number of voters of each shard. */
  public PlacementRules withReplicas(int number) {
    return new PlacementRules(number, rebalance, ranges);
  }

  /** The same with other ranges. */
  public PlacementRules withRanges(List<RangeRule> others) {
    return new PlacementRules(replicas, rebalance, others);
  }
}
