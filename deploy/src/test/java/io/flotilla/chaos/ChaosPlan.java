package io.flotilla.chaos;

import java.time.Duration;

/**
 * What a run does.
 *
 * @param seed of all that is chosen
 * @param time how long there are faults and calls
 * @param load what clients do
 * @param faults how often what is done to the cluster
 */
record ChaosPlan(long seed, Duration time, Load load, Every faults) {
  static final int NODES = 3;

  /**
   * What clients do.
   *
   * @param threads that call, each one call after the other
   * @param clients that they share
   * @param keys registers and counters together
   * @param callsPerSecond of all threads together, at most
   * @param deadline of each call
   */
  record Load(int threads, int clients, int keys, int callsPerSecond, Duration deadline) {
    static final Load DEFAULT = new Load(16, 4, 256, 400, Duration.ofSeconds(10));
  }

  /**
   * How often what is done to the cluster. A node is frozen half-way between two kills.
   *
   * @param transfer of a leader
   * @param split of a shard
   * @param kill of a node, which is started again
   * @param frozen how long a node is frozen
   */
  record Every(Duration transfer, Duration split, Duration kill, Duration frozen) {
    static final Every DEFAULT =
        new Every(
            Duration.ofSeconds(2),
            Duration.ofSeconds(10),
            Duration.ofSeconds(20),
            Duration.ofSeconds(5));

    Every frozenFor(Duration time) {
      return new Every(transfer, split, kill, time);
    }
  }

  /** Whether there is time enough for each kind of fault, so that its absence is a failure. */
  boolean mustHaveAllFaults() {
    return time.compareTo(faults.kill().multipliedBy(2)) >= 0;
  }
}
