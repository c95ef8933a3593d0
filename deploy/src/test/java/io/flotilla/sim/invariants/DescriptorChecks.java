package io.flotilla.sim.invariants;

import io.flotilla.contract.v1.Route;
import io.flotilla.raft.Payload;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.KeyRange;
import io.flotilla.shard.descriptor.ReplicaDescriptor;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.shard.descriptor.ShardEpoch;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Shards, their ranges, epochs and ids. Invariants 32 to 37. */
final class DescriptorChecks {
  private record Version(long shardId, ShardEpoch epoch) {}

  private record Home(long shardId, long nodeId) {}

  private final Tally tally;
  private final Map<Version, ShardDescriptor> versions = new HashMap<>();
  private final Map<Long, Home> homes = new HashMap<>();
  private final Map<Long, Payload> firstKeys = new HashMap<>();
  private final Map<Long, ShardDescriptor> newest = new TreeMap<>();

  DescriptorChecks(Tally tally) {
    this.tally = tally;
  }

  /** The newest committed descriptor of a shard, from its model. */
  void exists(ShardDescriptor shard) {
    boolean begins = !newest.containsKey(shard.shardId());
    newest.put(shard.shardId(), shard);
    seen(shard);
    if (begins) {
      Payload before = firstKeys.putIfAbsent(shard.shardId(), shard.range().start());
      if (tally.breaks(Invariant.IDS_ARE_NEW, before == null)) {
        tally.report(Invariant.IDS_ARE_NEW, "shard " + shard.shardId() + " begins twice");
      }
    }
  }

  /** A replica, or a model, says that the shard is like this at its epoch. */
  void seen(ShardDescriptor shard) {
    ShardDescriptor known =
        versions.putIfAbsent(new Version(shard.shardId(), shard.epoch()), shard);
    if (tally.breaks(Invariant.EPOCHS_RISE, known == null || known.equals(shard))) {
      tally.report(Invariant.EPOCHS_RISE, "one epoch, two descriptors: " + known + ", " + shard);
    }
    if (known != null) {
      return;
    }
    for (ReplicaDescriptor replica : shard.replicas()) {
      Home home = new Home(shard.shardId(), replica.nodeId());
      Home before = homes.putIfAbsent(replica.replicaId(), home);
      if (tally.breaks(Invariant.IDS_ARE_NEW, before == null || before.equals(home))) {
        tally.report(
            Invariant.IDS_ARE_NEW, "replica " + replica.replicaId() + ": " + before + ", " + home);
      }
    }
    boolean sound =
        !shard.membership().voters().isEmpty()
            && shard.replicas().stream().map(ReplicaDescriptor::nodeId).distinct().count()
                == shard.replicas().size()
            && shard.replicas().stream().map(ReplicaDescriptor::replicaId).distinct().count()
                == shard.replicas().size();
    if (tally.breaks(Invariant.MEMBERSHIPS_ARE_SOUND, sound)) {
      tally.report(Invariant.MEMBERSHIPS_ARE_SOUND, shard.toString());
    }
  }

  /** One committed step from a descriptor to the next. */
  void follows(ShardDescriptor before, ShardDescriptor after) {
    long ranges = after.epoch().rangeVersion() - before.epoch().rangeVersion();
    long members = after.epoch().membershipVersion() - before.epoch().membershipVersion();
    boolean split = !after.range().equals(before.range());
    boolean holds = split ? ranges == 1 && members == 0 : ranges == 0 && members == 1;
    if (tally.breaks(Invariant.EPOCHS_RISE, holds)) {
      tally.report(Invariant.EPOCHS_RISE, before + " became " + after);
    }
  }

  /** What a replica knew of its shard, and what it knows now. */
  void replaced(ShardDescriptor before, ShardDescriptor after) {
    boolean holds =
        after.epoch().rangeVersion() >= before.epoch().rangeVersion()
            && after.epoch().membershipVersion() >= before.epoch().membershipVersion()
            && !after.epoch().equals(before.epoch());
    if (tally.breaks(Invariant.EPOCHS_RISE, holds)) {
      tally.report(Invariant.EPOCHS_RISE, "a replica went from " + before + " to " + after);
    }
  }

  /** A split was committed; both halves exist. */
  void halves(ShardDescriptor whole, ShardDescriptor left, ShardDescriptor right) {
    boolean holds =
        left.range().start().equals(whole.range().start())
            && left.range().end().equals(right.range().start())
            && right.range().end().equals(whole.range().end());
    if (tally.breaks(Invariant.SPLITS_KEEP_ALL, holds)) {
      tally.report(Invariant.SPLITS_KEEP_ALL, whole + " became " + left + " and " + right);
    }
    List<KeyRange> ranges =
        newest.values().stream()
            .filter(shard -> !shard.isSystem())
            .map(ShardDescriptor::range)
            .toList();
    if (tally.breaks(Invariant.SHARDS_TILE, tile(ranges))) {
      tally.report(Invariant.SHARDS_TILE, "committed: " + newest.values());
    }
  }

  /** What the catalog shows to routers. */
  void shown(List<Route> routes) {
    List<KeyRange> ranges =
        routes.stream().map(route -> Descriptors.fromProto(route.getShard()).range()).toList();
    if (tally.breaks(Invariant.SHARDS_TILE, tile(ranges))) {
      tally.report(Invariant.SHARDS_TILE, "shown: " + ranges);
    }
  }

  private static boolean tile(List<KeyRange> ranges) {
    List<KeyRange> sorted = ranges.stream().sorted(Comparator.comparing(KeyRange::start)).toList();
    Payload expected = Payload.EMPTY;
    for (int i = 0; i < sorted.size(); i++) {
      KeyRange range = sorted.get(i);
      boolean last = i == sorted.size() - 1;
      if (!range.start().equals(expected) || last != range.end().isEmpty()) {
        return false;
      }
      expected = range.end();
    }
    return !sorted.isEmpty();
  }

  /** The replicas of one node. */
  void together(int place, List<ShardDescriptor> shards) {
    for (int i = 0; i < shards.size(); i++) {
      for (int k = 0; k < i; k++) {
        ShardDescriptor one = shards.get(i);
        ShardDescriptor other = shards.get(k);
        boolean apart = one.isSystem() || other.isSystem() || !one.range().overlaps(other.range());
        if (tally.breaks(Invariant.STORED_ONCE, apart)) {
          tally.report(Invariant.STORED_ONCE, "node " + place + ": " + one + " and " + other);
        }
      }
    }
  }

  /** A replica left its node for good. */
  void removed(ShardDescriptor own, long replicaId) {
    ShardDescriptor now = newest.get(own.shardId());
    boolean proven =
        now != null
            && now.nodeOf(replicaId) == 0
            && now.epoch().membershipVersion() >= own.epoch().membershipVersion();
    if (tally.breaks(Invariant.REMOVED_FOR_GOOD, proven)) {
      tally.report(
          Invariant.REMOVED_FOR_GOOD, "replica " + replicaId + " of " + own + " went, but " + now);
    }
  }
}
