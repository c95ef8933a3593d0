package io.flotilla.shard;

import io.flotilla.shard.descriptor.KeyRange;
import io.flotilla.shard.descriptor.ShardDescriptor;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which keys the replicas of this node hold, so that no two ever hold the same (M9). Any thread.
 *
 * <p>Ranges only shrink, so a range that is free stays free until it is reserved.
 */
final class RangeBook {
  private final Map<Long, KeyRange> ranges = new TreeMap<>();

  /** The replica of a shard holds this range from now on: it started, or a split made it less. */
  synchronized void holds(ShardDescriptor shard) {
    ranges.put(shard.shardId(), shard.range());
  }

  /** Takes the range for a replica that is not here yet, if no other holds any of it. */
  synchronized boolean reserve(ShardDescriptor shard) {
    boolean taken =
        ranges.entrySet().stream()
            .anyMatch(held -> held.getKey() == shard.shardId() || overlap(held, shard));
    if (!taken) {
      holds(shard);
    }
    return !taken;
  }

  /** The system shard's range is not part of the users' key space. */
  private static boolean overlap(Map.Entry<Long, KeyRange> held, ShardDescriptor shard) {
    return held.getKey() != ShardDescriptor.SYSTEM_SHARD_ID
        && !shard.isSystem()
        && held.getValue().overlaps(shard.range());
  }

  /** The replica did not come to be, or is gone with all its rows. */
  synchronized void release(long shardId) {
    ranges.remove(shardId);
  }
}
