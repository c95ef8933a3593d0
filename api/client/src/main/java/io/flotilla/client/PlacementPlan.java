package io.flotilla.client;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Moves, done or to be done.
 *
 * @param moves in the order in which they begin
 * @param stuck by shard, why it should move and cannot
 * @param estimate how long the copying takes at least, at the rate that snapshots are sent with
 */
public record PlacementPlan(List<PlannedMove> moves, Map<Long, String> stuck, Duration estimate) {

  /** Bytes of keys and values to be copied, as far as known. */
  public long bytes() {
    return moves.stream().mapToLong(PlannedMove::bytes).sum();
  }
}
