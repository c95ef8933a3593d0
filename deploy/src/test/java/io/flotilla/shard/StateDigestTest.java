package io.flotilla.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.internal.v1.ReplicaRow;
import io.flotilla.raft.Payload;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.KeyRange;
import io.flotilla.shard.descriptor.ReplicaDescriptor;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.shard.descriptor.ShardEpoch;
import io.flotilla.shard.kv.KeySpace;
import io.flotilla.storage.FlushBatch;
import io.flotilla.storage.NodeStore;
import io.flotilla.storage.ReplicaKey;
import io.flotilla.storage.ReplicaState;
import io.flotilla.storage.SimDisk;
import io.flotilla.storage.StepExecutor;
import io.flotilla.storage.StoreConfig;
import io.flotilla.storage.StoreExecutors;
import io.flotilla.storage.Table;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class StateDigestTest {
  private static final long SHARD = 2;
  private static final ShardDescriptor ALL_KEYS = shard(KeyRange.ALL, 1, 2, 3);
  private static final ReplicaRow ROW = row(ALL_KEYS).build();

  private final StepExecutor writer = new StepExecutor();
  private final StoreConfig config = StoreConfig.small();
  private final NodeStore store =
      new SimDisk(config)
          .open(
              config,
              new StoreExecutors(
                  writer,
                  writer,
                  writer,
                  (what, cause) -> {
                    throw new AssertionError(what, cause);
                  }));

  private static ShardDescriptor shard(KeyRange range, long... nodes) {
    List<ReplicaDescriptor> replicas =
        LongStream.of(nodes).mapToObj(node -> ReplicaDescriptor.voter(20 + node, node)).toList();
    return new ShardDescriptor(SHARD, range, ShardEpoch.FIRST, replicas);
  }

  private static ReplicaRow.Builder row(ShardDescriptor shard) {
    return ReplicaRow.newBuilder()
        .setShard(Descriptors.toProto(shard))
        .setMembership(Descriptors.bytes(shard.membership().encode()))
        .setAppliedIndex(9)
        .setAppliedTerm(7)
        .setLastRevision(100);
  }

  private ReplicaState rows(long replicaId, String... keysAndValues) {
    ReplicaState rows = store.state().open(new ReplicaKey(SHARD, replicaId));
    for (int i = 0; i < keysAndValues.length; i += 2) {
      put(rows, keysAndValues[i], keysAndValues[i + 1]);
    }
    return rows;
  }

  private static void put(ReplicaState rows, String key, String value) {
    rows.put(Table.DATA, KeySpace.userRow(Payload.utf8(key)), Payload.utf8(value));
  }

  private static void putSession(ReplicaState rows, long shardId, String value) {
    Payload key = Payload.of(ByteBuffer.allocate(16).putLong(shardId).putLong(77).array());
    rows.put(Table.SESSIONS, key, Payload.utf8(value));
  }

  @Test
  void sameState_sameDigest_whateverTheWayToIt() {
    ReplicaState written = rows(21, "b", "2", "a", "0", "a", "1", "c", "3");
    written.delete(Table.DATA, KeySpace.userRow(Payload.utf8("c")));
    Payload digest = StateDigest.of(ROW, written);
    assertThat(digest.size()).isEqualTo(32);
    assertThat(StateDigest.of(ROW, rows(22, "a", "1", "b", "2"))).isEqualTo(digest);

    FlushBatch flush = new FlushBatch();
    flush.add(written.freeze());
    store.state().flush(flush, () -> {});
    writer.runAll();
    assertThat(StateDigest.of(ROW, rows(21))).isEqualTo(digest);
  }

  @Test
  void whatBelongsToAnotherShard_doesNotCount() {
    ReplicaRow half =
        row(shard(new KeyRange(Payload.utf8("a"), Payload.utf8("m")), 1, 2, 3)).build();
    ReplicaState own = rows(21, "a", "1");
    Payload digest = StateDigest.of(half, own);
    put(own, "m", "2");
    putSession(own, SHARD + 1, "s");
    assertThat(StateDigest.of(half, own)).isEqualTo(digest);
  }

  @Test
  void anyDifference_showsInTheDigest() {
    ReplicaState session = rows(22, "a", "1");
    putSession(session, SHARD, "s");
    ReplicaState sameBytesElsewhere = rows(23, "a1", "");
    ReplicaState rows = rows(21, "a", "1");
    Set<Payload> digests = new HashSet<>();
    digests.add(StateDigest.of(ROW, rows));
    digests.add(StateDigest.of(ROW, session));
    digests.add(StateDigest.of(ROW, sameBytesElsewhere));
    digests.add(StateDigest.of(ROW, rows(24, "a", "1", "b", "2")));
    digests.add(StateDigest.of(ROW.toBuilder().setAppliedIndex(10).build(), rows));
    digests.add(StateDigest.of(ROW.toBuilder().setAppliedTerm(8).build(), rows));
    digests.add(StateDigest.of(ROW.toBuilder().setLastRevision(101).build(), rows));
    digests.add(StateDigest.of(ROW.toBuilder().setEvictedSessionMillis(1).build(), rows));
    digests.add(StateDigest.of(ROW.toBuilder().setMembershipUnconfirmed(true).build(), rows));
    digests.add(StateDigest.of(ROW.toBuilder().setMembershipFence(7).build(), rows));
    digests.add(StateDigest.of(row(shard(KeyRange.ALL, 1, 2)).build(), rows));
    ShardDescriptor later =
        new ShardDescriptor(SHARD, KeyRange.ALL, ALL_KEYS.epoch().nextRange(), ALL_KEYS.replicas());
    digests.add(StateDigest.of(row(later).build(), rows));
    assertThat(digests).hasSize(12);
  }
}
