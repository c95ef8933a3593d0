package io.flotilla.shard.kv;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.contract.v1.GetReply;
import io.flotilla.contract.v1.Reply;
import io.flotilla.internal.v1.Command;
import io.flotilla.internal.v1.CommandBatch;
import io.flotilla.internal.v1.ReplicaRow;
import io.flotilla.raft.Payload;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.KeyRange;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.shard.support.HandDrivenStore;
import io.flotilla.shard.support.Shards;
import io.flotilla.storage.FlushBatch;
import io.flotilla.storage.FrozenMemtable;
import io.flotilla.storage.ReplicaKey;
import io.flotilla.storage.ReplicaState;
import io.flotilla.storage.RowRange;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/** One user shard on a disk of its own: applied to, flushed, killed and opened by hand. */
final class TestShard {
  static final long SHARD_ID = 2;

  private final HandDrivenStore disk;
  private final ReplicaKey key;
  private ReplicaState rows;
  private KvStateMachine machine;

  /** A shard of all keys, with replicas on nodes 1 to 3. */
  TestShard() {
    this(
        new HandDrivenStore(),
        ReplicaRow.newBuilder()
            .setShard(Descriptors.toProto(Shards.of(SHARD_ID, KeyRange.ALL, 1, 2, 3)))
            .build());
  }

  private TestShard(HandDrivenStore disk, ReplicaRow row) {
    this.disk = disk;
    this.key = new ReplicaKey(row.getShard().getShardId(), row.getShard().getShardId() * 10 + 1);
    this.rows = disk.store().state().open(key);
    this.machine = new KvStateMachine(rows, row);
  }

  /** The child of a split that was just applied and flushed here. */
  TestShard child(StateMachine.SplitResult split) {
    return new TestShard(disk, split.childRow());
  }

  KvStateMachine machine() {
    return machine;
  }

  ReplicaState rows() {
    return rows;
  }

  ShardDescriptor descriptor() {
    return machine.descriptor();
  }

  Reply apply(long stamp, Command command) {
    return applyAll(stamp, command).get(0);
  }

  List<Reply> applyAll(long stamp, Command... commands) {
    return machine.apply(
        CommandBatch.newBuilder().setStamp(stamp).addAllCommands(List.of(commands)).build());
  }

  GetReply get(String userKey) {
    return KvReader.get(rows, machine.lastRevision(), Commands.utf8(userKey));
  }

  /** The row as it would be flushed now. */
  ReplicaRow row() {
    ReplicaRow.Builder row = ReplicaRow.newBuilder();
    machine.fillRow(row);
    return row.build();
  }

  /** Everything applied becomes durable. */
  void flush() {
    FlushBatch batch = new FlushBatch();
    machine.saveToRows();
    FrozenMemtable frozen = rows.freeze();
    batch.add(frozen);
    batch.putMeta(
        KeySpace.replicaRow(key.shardId(), key.replicaId()), Payload.of(row().toByteArray()));
    disk.store().state().flush(batch, () -> rows.release(frozen));
    disk.settle();
  }

  /** The process dies and starts again from what was flushed. */
  void crash() {
    disk.crash();
    Payload stored =
        Objects.requireNonNull(
            disk.store().state().meta(KeySpace.replicaRow(key.shardId(), key.replicaId())));
    rows = disk.store().state().open(key);
    try {
      machine = new KvStateMachine(rows, ReplicaRow.parseFrom(stored.asReadOnlyByteBuffer()));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  void flushAndReopen() {
    flush();
    crash();
  }

  /** All rows of the shard, user keys and sessions, as a flush would leave them. */
  SortedMap<Payload, Payload> allRows() {
    machine.saveToRows();
    TreeMap<Payload, Payload> all = new TreeMap<>();
    for (RowRange range :
        List.of(
            KeySpace.rows(key.shardId(), descriptor().range()), KeySpace.sessions(key.shardId()))) {
      rows.scan(
          range,
          false,
          (rowKey, value) -> {
            all.put(rowKey, value);
            return true;
          });
    }
    return all;
  }
}
