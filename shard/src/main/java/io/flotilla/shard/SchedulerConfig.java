package io.flotilla.shard;

/**
 * How the scheduler goes about its work.
 *
 * @param automatic whether it begins operations and moves leaders on its own; else it only carries
 *     out what was asked for
 * @param roundTicks ticks between two looks at the cluster, from 1
 * @param silentMillis without an answer until a node counts as silent, from 1
 * @param giveUpMillis without an answer of the node a replica is on its way to, until the operation
 *     is taken back, more than silentMillis
 * @param deadMillis without an answer until a node's replicas are rebuilt elsewhere, more than
 *     silentMillis
 * @param movesPerNode moves at one time that concern one node, from 1
 * @param movesAtOnce moves at one time, from 1
 * @param splits when shards are split on their own
 */
public record SchedulerConfig(
    boolean automatic,
    int roundTicks,
    long silentMillis,
    long giveUpMillis,
    long deadMillis,
    int movesPerNode,
    int movesAtOnce,
    SplitConfig splits) {
  public SchedulerConfig {
    if (roundTicks < 1
        || silentMillis < 1
        || giveUpMillis <= silentMillis
        || deadMillis <= silentMillis) {
      throw new IllegalArgumentException(
          "times of the scheduler: %d ticks, %d ms, %d ms, %d ms"
              .formatted(roundTicks, silentMillis, giveUpMillis, deadMillis));
    }
    if (movesPerNode < 1 || movesAtOnce < 1) {
      throw new IllegalArgumentException(
          "moves at one time: %d and %d".formatted(movesPerNode, movesAtOnce));
    }
  }

  /** A look each second; silent after 3 s, dead after 5 min; 2 moves a node, 8 in all; splits. */
  public static SchedulerConfig defaults() {
    return new SchedulerConfig(true, 10, 3_000, 30_000, 300_000, 2, 8, SplitConfig.defaults());
  }
}
