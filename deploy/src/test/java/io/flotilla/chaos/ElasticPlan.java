package io.flotilla.chaos;

import java.time.Duration;

/**
 * What a run with shards that split and move does.
 *
 * @param seed of all that is chosen
 * @param load what clients do meanwhile
 * @param counts how often what happens
 */
record ElasticPlan(long seed, ChaosPlan.Load load, Counts counts) {
  static final int NODES = 4;

  /** Voters of each shard of the user; those of the catalog are the same on four nodes. */
  static final int REPLICAS = 3;

  static final ChaosPlan.Load LOAD = new ChaosPlan.Load(8, 4, 256, 200, Duration.ofSeconds(10));

  /**
   * How often what happens to the cluster, in an order that is chosen.
   *
   * @param splits of a shard
   * @param moves of a replica
   * @param transfers of a leader
   * @param kills of a node, which is started again, beside the others
   */
  record Counts(int splits, int moves, int transfers, int kills) {
    static final Counts DEFAULT = new Counts(20, 20, 20, 5);

    int changes() {
      return splits + moves + transfers;
    }
  }
}
