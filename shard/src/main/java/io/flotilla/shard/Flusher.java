package io.flotilla.shard;

import io.flotilla.raft.RaftStatus;
import io.flotilla.storage.FlushBatch;
import io.flotilla.storage.FrozenMemtable;
import io.flotilla.storage.ReplicaState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Brings what a loop's replicas have applied to the state store, and lets go of the log before it.
 * Confined to the loop.
 *
 * <p>All dirty replicas of the loop are flushed together, in one sorted transaction, when there is
 * enough or it is time. One flush at a time: the next one is then the larger.
 */
final class Flusher {
  /**
   * A replica in a flush.
   *
   * @param rows the rows it had then: a snapshot may have put others in their place meanwhile
   */
  private record Frozen(
      Replica replica, ReplicaState rows, FrozenMemtable memtable, long appliedIndex) {}

  private final ShardLoop loop;
  private final HostParts parts;
  private final Map<Replica, Long> flushedIndexes = new HashMap<>();
  private final long budgetBytes;
  private final int maxAgeTicks;
  private int age;
  private boolean underWay;

  Flusher(ShardLoop loop, HostParts parts) {
    this.loop = loop;
    this.parts = parts;
    this.budgetBytes = parts.config().memtableBytes() / parts.config().loops();
    this.maxAgeTicks = Math.max(1, parts.config().flushMillis() / parts.config().tickMillis());
  }

  /** Applied and durable in the state store; the log is needed from there on. */
  long flushedIndex(Replica replica) {
    return flushedIndexes.getOrDefault(replica, 0L);
  }

  void started(Replica replica) {
    flushedIndexes.put(replica, replica.applier().appliedIndex());
  }

  void removed(Replica replica) {
    flushedIndexes.remove(replica);
  }

  void tick() {
    age++;
    if (!underWay && (age >= maxAgeTicks || dirtyBytes() >= budgetBytes)) {
      flush();
    }
  }

  private long dirtyBytes() {
    long bytes = 0;
    for (Replica replica : loop.replicas()) {
      bytes += replica.isStopped() ? 0 : replica.rows().dirtyBytes();
    }
    return bytes;
  }

  private void flush() {
    age = 0;
    FlushBatch batch = new FlushBatch();
    List<Frozen> frozen = new ArrayList<>();
    for (Replica replica : loop.replicas()) {
      long applied = replica.applier().appliedIndex();
      boolean dirty = applied > flushedIndex(replica) && !replica.applier().isAtBarrier();
      if (dirty && !replica.isStopped()) {
        ReplicaState rows = replica.rows();
        frozen.add(new Frozen(replica, rows, replica.applier().freezeInto(batch), applied));
      }
    }
    if (!frozen.isEmpty()) {
      underWay = true;
      parts.store().state().flush(batch, () -> loop.enqueue(() -> flushed(frozen)));
    }
  }

  private void flushed(List<Frozen> frozen) {
    underWay = false;
    boolean journalIsLong = parts.store().journal().isOverTarget();
    for (Frozen f : frozen) {
      f.rows().release(f.memtable());
      if (f.rows() == f.replica().rows() && flushedIndexes.containsKey(f.replica())) {
        flushedIndexes.put(f.replica(), f.appliedIndex());
        compact(f.replica(), f.appliedIndex(), journalIsLong);
      }
    }
  }

  /**
   * Keeps what active followers lack, what a snapshot on its way out needs, and some more for those
   * that may come back; but when the journal is long, nobody is waited for (R29).
   */
  private void compact(Replica replica, long flushed, boolean journalIsLong) {
    if (replica.isStopped()) {
      return;
    }
    RaftStatus status = replica.node().status();
    long needed = flushed;
    if (!journalIsLong) {
      needed -= parts.config().retainedEntries();
      needed = Math.min(needed, replica.oldestSnapshotLeaving());
      for (RaftStatus.Follower follower : status.followers()) {
        if (follower.recentlyActive()) {
          needed = Math.min(needed, follower.matchIndex());
        }
      }
    }
    if (needed >= status.firstIndex()) {
      parts.store().journal().compact(replica.key(), needed);
    }
  }
}
