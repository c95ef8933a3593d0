package io.flotilla.shard;

import io.flotilla.internal.v1.SnapshotMeta;
import io.flotilla.raft.Message;
import io.flotilla.raft.Payload;
import io.flotilla.raft.SnapshotMetadata;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.shard.kv.KeySpace;
import io.flotilla.shard.transport.SnapshotOffer;
import io.flotilla.storage.ExportSpec;
import io.flotilla.storage.FlushBatch;
import io.flotilla.storage.FrozenMemtable;
import io.flotilla.storage.ReplicaState;
import io.flotilla.storage.StoreFiles;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends snapshots to followers whose part of the log is gone: flush, copy to a file, stream, a few
 * at a time on the whole node (M21). Whoever finds no room asks again with the next heartbeat.
 */
final class SnapshotSender {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotSender.class);
  static final String FILE_PREFIX = "out-";

  private final HostParts parts;
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicLong files = new AtomicLong();

  SnapshotSender(HostParts parts) {
    this.parts = parts;
  }

  /** A leader wants a snapshot to go to a follower. On the loop of the leader's replica. */
  void send(Replica replica, Message.InstallSnapshot wish) {
    long nodeId = replica.descriptor().nodeOf(wish.to());
    boolean possible = nodeId != 0 && !replica.applier().isAtBarrier();
    if (!possible || underWay.incrementAndGet() > parts.config().snapshotsAtOnce()) {
      if (possible) {
        underWay.decrementAndGet();
      }
      replica.node().reportSnapshot(wish.to(), false);
      return;
    }
    Applier applier = replica.applier();
    ShardDescriptor shard = replica.descriptor();
    SnapshotMetadata at =
        new SnapshotMetadata(
            applier.appliedIndex(), applier.appliedTerm(), replica.node().membership());
    Message.InstallSnapshot message =
        new Message.InstallSnapshot(wish.from(), wish.to(), wish.term(), at);
    String file = FILE_PREFIX + shard.shardId() + "-" + wish.to() + "-" + files.incrementAndGet();
    FlushBatch barrier = new FlushBatch();
    FrozenMemtable frozen = applier.freezeInto(barrier);
    ReplicaState rows = applier.rows();
    SnapshotMeta meta = SnapshotMeta.newBuilder().setReplica(replica.row()).build();
    ExportSpec spec =
        new ExportSpec(
            file,
            Payload.of(meta.toByteArray()),
            List.of(
                KeySpace.rows(shard.shardId(), shard.range()), KeySpace.sessions(shard.shardId())));
    replica.snapshotLeaves(at.index());
    LOG.info(
        "shard {}: sends a snapshot at index {} to node {}", shard.shardId(), at.index(), nodeId);
    StoreFiles store = parts.store().snapshots();
    var unused =
        parts
            .store()
            .state()
            .exportRange(spec, barrier, () -> replica.loop().enqueue(() -> rows.release(frozen)))
            .thenCompose(
                info ->
                    parts
                        .transport()
                        .sendSnapshot(
                            nodeId, new SnapshotOffer(shard, message, info.bytes()), store, file))
            .whenComplete((arrived, failure) -> ended(replica, message, file, arrived, failure));
  }

  private void ended(
      Replica replica,
      Message.InstallSnapshot message,
      String file,
      @Nullable Boolean arrived,
      @Nullable Throwable failure) {
    underWay.decrementAndGet();
    SnapshotFiles.discard(parts.store().snapshots(), file);
    if (failure != null) {
      LOG.warn("shard {}: a snapshot could not be made", replica.shardId(), failure);
    }
    boolean ok = Boolean.TRUE.equals(arrived);
    replica
        .loop()
        .enqueue(() -> replica.snapshotLeft(message.snapshot().index(), message.to(), ok));
  }
}
