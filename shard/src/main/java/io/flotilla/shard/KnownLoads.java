package io.flotilla.shard;

import io.flotilla.contract.v1.Route;
import io.flotilla.contract.v1.ShardLoad;
import java.util.Map;
import java.util.TreeMap;

/**
 * The load of each shard, as far as it is known. A leader that has just begun to count knows
 * nothing yet: until it does, what was known before goes on to count, so that a shard does not seem
 * idle because it was moved.
 */
final class KnownLoads {
  /** From then on a leader's own count is better than what was known before. */
  static final int TRUSTED_SECONDS = 5;

  private final Map<Long, Double> known = new TreeMap<>();

  /** What the leaders say now. */
  void update(Map<Long, ShardLoad> reported) {
    known.keySet().retainAll(reported.keySet());
    reported.forEach(
        (shardId, load) -> {
          int seconds = load.getCountedSeconds();
          if (seconds >= TRUSTED_SECONDS) {
            double rate = load.getReadsPerSecond() + load.getWritesPerSecond();
            known.put(shardId, LoadMeter.unbiased(rate, seconds));
          }
        });
  }

  /** Requests a second; 0 where nothing is known. */
  double of(Route route) {
    return known.getOrDefault(route.getShard().getShardId(), 0.0);
  }
}
