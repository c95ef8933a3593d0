package io.flotilla.shard;

import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.ShardLoad;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.kv.Boundaries;
import io.flotilla.shard.placement.LoadCut;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Size and load of a user shard, as its leader measures them; on others, and for the system shard,
 * nothing is measured. Confined to the loop.
 */
final class ShardMeter {
  private final Replica replica;
  private final HostParts parts;
  private final SizeMeter size;
  private final LoadMeter load;

  /** The range that the load is about. */
  private long rangeVersion;

  ShardMeter(Replica replica, HostParts parts, RandomGenerator random) {
    this.replica = replica;
    this.parts = parts;
    this.size = new SizeMeter(replica, parts);
    this.load = new LoadMeter(random, parts.clock().nanos());
  }

  /** A request is taken that this replica answers. */
  void taken(Request request) {
    if (replica.isLeader() && !replica.descriptor().isSystem()) {
      load.count(request);
    }
  }

  /** An entry with so many bytes was applied. */
  void applied(long bytes) {
    size.written(bytes);
  }

  /** Other rows took the place of these. */
  void rowsReplaced() {
    size.forget();
  }

  void tick() {
    if (replica.descriptor().isSystem()) {
      return;
    }
    long version = replica.descriptor().epoch().rangeVersion();
    if (!replica.isLeader() || rangeVersion != version) {
      rangeVersion = version;
      load.reset(parts.clock().nanos());
    }
    load.tick(parts.clock().nanos());
    size.tick();
  }

  LoadMeter load() {
    return load;
  }

  SizeMeter size() {
    return size;
  }

  /** Size and load, and where the shard would be split if there were too much of either. */
  ShardLoad describe() {
    SplitConfig splits = parts.config().scheduler().splits();
    Optional<Boundaries> measured = size.measured();
    long bytes = measured.map(Boundaries::bytes).orElse(0L);
    ShardLoad.Builder described =
        ShardLoad.newBuilder()
            .setShardId(replica.shardId())
            .setRangeVersion(replica.descriptor().epoch().rangeVersion())
            .setMeasured(measured.isPresent())
            .setBytes(bytes)
            .setReadsPerSecond(load.readsPerSecond())
            .setWritesPerSecond(load.writesPerSecond())
            .setCountedSeconds(load.countedSeconds());
    if (splits.bytes() > 0 && bytes > splits.bytes()) {
      measured.map(found -> found.cuts(2)).orElse(List.of()).stream()
          .findFirst()
          .ifPresent(key -> described.setSizeSplitKey(Descriptors.bytes(key)));
    }
    if (splits.load() > 0 && load.readsPerSecond() + load.writesPerSecond() > splits.load()) {
      LoadCut.of(load.samples()).ifPresent(cut -> fill(described, cut));
    }
    return described.build();
  }

  private static void fill(ShardLoad.Builder described, LoadCut cut) {
    described.setHottestKey(Descriptors.bytes(cut.hottest())).setHottestShare(cut.hottestShare());
    cut.key().ifPresent(key -> described.setLoadSplitKey(Descriptors.bytes(key)));
  }
}
