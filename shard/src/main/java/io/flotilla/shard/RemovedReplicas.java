package io.flotilla.shard;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.internal.v1.TombstoneRow;
import io.flotilla.raft.Payload;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.shard.kv.KeySpace;
import io.flotilla.storage.FlushBatch;
import io.flotilla.storage.JournalBatch;
import io.flotilla.storage.ReplicaKey;
import io.flotilla.storage.StateStore;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes replicas away from this node for good, and remembers which. Any thread.
 *
 * <p>One transaction deletes the replica's row and writes its tombstone; from then on nothing
 * brings it back: no message, no snapshot, no restart (M3, M8). Log and rows go after it, in
 * bounded steps, and a start finishes what a crash cut off. The keys stay reserved until the last
 * row is gone, so that no successor gets rows that are about to be erased.
 */
final class RemovedReplicas {
  private static final Logger LOG = LoggerFactory.getLogger(RemovedReplicas.class);

  private final HostParts parts;
  private final RangeBook ranges;
  private final Map<Long, Long> newestRemoved = new TreeMap<>();

  RemovedReplicas(HostParts parts, RangeBook ranges) {
    this.parts = parts;
    this.ranges = ranges;
  }

  /** Reads the tombstones, and goes on with what a crash cut off. Before any replica starts. */
  void recover() {
    Map<Long, TombstoneRow> unfinished = new TreeMap<>();
    parts
        .store()
        .state()
        .scanMeta(
            (key, value) -> {
              if (KeySpace.isTombstone(key)) {
                TombstoneRow tombstone = parse(value);
                newestRemoved.put(KeySpace.shardId(key), tombstone.getReplicaId());
                if (tombstone.hasErasing()) {
                  unfinished.put(KeySpace.shardId(key), tombstone);
                }
              }
            });
    unfinished.forEach(
        (shardId, tombstone) -> {
          ShardDescriptor shard = Descriptors.fromProto(tombstone.getErasing());
          ranges.holds(shard);
          erase(new ReplicaKey(shardId, tombstone.getReplicaId()), shard);
        });
  }

  /** Whether this replica was here and is gone for good; ids only rise (R37). */
  synchronized boolean contains(long shardId, long replicaId) {
    return replicaId <= newestRemoved.getOrDefault(shardId, 0L);
  }

  /**
   * Removes a replica that has stopped and that its loop does not know any more.
   *
   * @param shard what it was a replica of, with the range of its rows
   */
  void remove(ReplicaKey key, ShardDescriptor shard) {
    synchronized (this) {
      newestRemoved.put(key.shardId(), key.replicaId());
    }
    FlushBatch flush = new FlushBatch();
    flush.deleteMeta(KeySpace.replicaRow(key.shardId(), key.replicaId()));
    putTombstone(
        flush,
        key,
        TombstoneRow.newBuilder()
            .setReplicaId(key.replicaId())
            .setErasing(Descriptors.toProto(shard)));
    Logs.about(key, LOG.atInfo()).log("leaves this node");
    parts.store().state().flush(flush, () -> erase(key, shard));
  }

  private void erase(ReplicaKey key, ShardDescriptor shard) {
    JournalBatch log = new JournalBatch();
    log.remove(key);
    parts.store().journal().submit(log, () -> {});
    StateStore state = parts.store().state();
    var unused =
        state
            .destroyRange(KeySpace.rows(key.shardId(), shard.range()))
            .thenCompose(nothing -> state.destroyRange(KeySpace.sessions(key.shardId())))
            .whenComplete((nothing, failure) -> erased(key, failure == null));
  }

  private void erased(ReplicaKey key, boolean all) {
    if (!all) {
      Logs.about(key, LOG.atWarn()).log("not all of its rows are gone, the next start goes on");
      return;
    }
    FlushBatch flush = new FlushBatch();
    putTombstone(flush, key, TombstoneRow.newBuilder().setReplicaId(key.replicaId()));
    parts.store().state().flush(flush, () -> ranges.release(key.shardId()));
  }

  private static void putTombstone(FlushBatch flush, ReplicaKey key, TombstoneRow.Builder row) {
    flush.putMeta(KeySpace.tombstone(key.shardId()), Payload.of(row.build().toByteArray()));
  }

  private static TombstoneRow parse(Payload row) {
    try {
      return TombstoneRow.parseFrom(row.asReadOnlyByteBuffer());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a tombstone cannot be read", e);
    }
  }
}
