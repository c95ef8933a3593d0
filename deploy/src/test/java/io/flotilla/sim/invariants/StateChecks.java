package io.flotilla.sim.invariants;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.internal.v1.ReplicaRow;
import io.flotilla.internal.v1.TombstoneRow;
import io.flotilla.raft.Payload;
import io.flotilla.shard.StateDigest;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.KeyRange;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.shard.kv.KeySpace;
import io.flotilla.storage.InstallSpec;
import io.flotilla.storage.NodeStore;
import io.flotilla.storage.ReplicaKey;
import io.flotilla.storage.ReplicaState;
import io.flotilla.storage.RowRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/** What is in the state stores. Invariants 20 to 22, 35, 37 and 39. */
final class StateChecks {
  private record Point(long shardId, long index) {}

  private static final KeyRange ALL_KEYS = KeyRange.ALL;

  private final Tally tally;
  private final Disks disks;
  private final Map<Long, ShardHistory> shards;
  private final Marks marks = new Marks();
  private final Map<Point, Payload> digests = new HashMap<>();
  private boolean starting;

  StateChecks(Tally tally, Disks disks, Map<Long, ShardHistory> shards) {
    this.tally = tally;
    this.disks = disks;
    this.shards = shards;
  }

  /**
   * A commit of a state store, or a start over it.
   *
   * @param seen replica rows as they were looked at last, and are now
   * @param skips replicas whose rows are between two states
   */
  void look(int place, NodeStore store, Map<Payload, Payload> seen, Predicate<ReplicaKey> skips) {
    store
        .state()
        .scanMeta(
            (key, value) -> {
              if (KeySpace.isReplicaRow(key) && !Objects.equals(value, seen.get(key))) {
                var replica = new ReplicaKey(KeySpace.shardId(key), KeySpace.replicaId(key));
                if (!skips.test(replica)) {
                  seen.put(key, value);
                  look(place, store, replica, parse(value));
                }
              } else if (KeySpace.isTombstone(key)) {
                long removed = tombstone(value).getReplicaId();
                disks.buries(place, KeySpace.shardId(key), removed);
              }
            });
  }

  static ReplicaRow parse(Payload value) {
    try {
      return ReplicaRow.parseFrom(value.asReadOnlyByteBuffer());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("the row of a replica cannot be read", e);
    }
  }

  private void look(int place, NodeStore store, ReplicaKey key, ReplicaRow row) {
    long applied = row.getAppliedIndex();
    disks.at(key, place).applied = applied;
    ReplicaState rows = store.state().open(key);
    ShardHistory shard = shards.get(key.shardId());
    ShardDescriptor descriptor = Descriptors.fromProto(row.getShard());
    if (shard != null && shard.model.reaches(applied) && !descriptor.isSystem()) {
      asTheModel(place, shard, descriptor, applied, rows);
    }
    alike(key, place, applied, StateDigest.of(row, rows));
  }

  private void asTheModel(
      int place, ShardHistory shard, ShardDescriptor descriptor, long applied, ReplicaState rows) {
    long[] mark = new long[1];
    rows.scan(
        KeySpace.rows(shard.shardId, descriptor.range()),
        false,
        (key, value) -> {
          mark[0] += Marks.row(key, value);
          return true;
        });
    rows.scan(
        KeySpace.sessions(shard.shardId),
        false,
        (key, value) -> {
          mark[0] += marks.session(key.asReadOnlyByteBuffer().getLong(8), value);
          return true;
        });
    boolean holds =
        mark[0] == shard.model.mark(applied)
            && shard.model.range(applied).equals(descriptor.range());
    String where = "shard " + shard.shardId + " on node " + place + " at index " + applied;
    boolean begins = !starting && applied == ShardHistory.FIRST_INDEX;
    if (begins && tally.breaks(Invariant.SPLITS_KEEP_ALL, holds)) {
      tally.report(Invariant.SPLITS_KEEP_ALL, where);
    } else if (tally.breaks(Invariant.APPLIES_AS_THE_MODEL, holds)) {
      tally.report(Invariant.APPLIES_AS_THE_MODEL, where);
    }
    if (tally.breaks(Invariant.APPLIED_WITH_ITS_ROWS, holds)) {
      tally.report(Invariant.APPLIED_WITH_ITS_ROWS, where);
    }
    if (starting && tally.breaks(Invariant.SNAPSHOTS_ARE_WHOLE, holds)) {
      tally.report(Invariant.SNAPSHOTS_ARE_WHOLE, where + " after a start");
    }
  }

  /** Whoever comes to the same point has the same state. */
  void alike(ReplicaKey key, int place, long applied, Payload digest) {
    Payload known = digests.putIfAbsent(new Point(key.shardId(), applied), digest);
    if (known != null && tally.breaks(Invariant.REPLICAS_ARE_ALIKE, known.equals(digest))) {
      tally.report(
          Invariant.REPLICAS_ARE_ALIKE, key + " on node " + place + " at index " + applied);
    }
  }

  /** After a start: snapshots are there or not, and each row stored belongs to one replica. */
  void started(int place, NodeStore store, Map<Payload, Payload> seen) {
    Set<ReplicaKey> unfinished = new HashSet<>();
    List<KeyRange> owners = new ArrayList<>();
    List<RowRange> marked = new ArrayList<>();
    for (InstallSpec install : store.state().unfinishedInstalls()) {
      unfinished.add(install.replica());
      marked.addAll(install.ranges());
    }
    store
        .state()
        .scanMeta(
            (key, value) -> {
              if (KeySpace.isReplicaRow(key)) {
                ShardDescriptor shard = Descriptors.fromProto(parse(value).getShard());
                if (!shard.isSystem()) {
                  owners.add(shard.range());
                }
              } else if (KeySpace.isTombstone(key)) {
                erasing(value, marked);
              }
            });
    store
        .state()
        .open(new ReplicaKey(1, 1))
        .scan(
            KeySpace.rows(2, ALL_KEYS),
            false,
            (key, value) -> {
              belongs(place, key, owners, marked);
              return true;
            });
    starting = true;
    look(place, store, seen, unfinished::contains);
    starting = false;
  }

  private static void erasing(Payload value, List<RowRange> marked) {
    TombstoneRow tombstone = tombstone(value);
    if (tombstone.hasErasing()) {
      ShardDescriptor shard = Descriptors.fromProto(tombstone.getErasing());
      marked.add(KeySpace.rows(shard.shardId(), shard.range()));
    }
  }

  private static TombstoneRow tombstone(Payload value) {
    try {
      return TombstoneRow.parseFrom(value.asReadOnlyByteBuffer());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a tombstone cannot be read", e);
    }
  }

  private void belongs(int place, Payload key, List<KeyRange> owners, List<RowRange> marked) {
    long owned = 0;
    for (KeyRange range : owners) {
      owned += KeySpace.rows(2, range).contains(key) ? 1 : 0;
    }
    boolean isMarked = marked.stream().anyMatch(range -> range.contains(key));
    if (tally.breaks(Invariant.STORED_ONCE, isMarked || owned == 1)) {
      tally.report(
          Invariant.STORED_ONCE, "a row on node " + place + " belongs to " + owned + " replicas");
    }
  }
}
