package io.flotilla.shard.catalog;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.contract.v1.CatalogUpdateRequest;
import io.flotilla.contract.v1.NodeInfo;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Route;
import io.flotilla.contract.v1.RouteReport;
import io.flotilla.internal.v1.Command;
import io.flotilla.internal.v1.CommandBatch;
import io.flotilla.internal.v1.ReplicaRow;
import io.flotilla.raft.Payload;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.KeyRange;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.shard.kv.KeySpace;
import io.flotilla.shard.support.HandDrivenStore;
import io.flotilla.shard.support.Shards;
import io.flotilla.storage.FlushBatch;
import io.flotilla.storage.FrozenMemtable;
import io.flotilla.storage.ReplicaKey;
import io.flotilla.storage.ReplicaState;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/** The catalog of a new cluster of nodes 1 to 3, on a disk of its own. */
final class TestCatalog {
  static final Payload CLUSTER = Payload.utf8("cluster");
  static final ShardDescriptor SYSTEM = Shards.of(1, KeyRange.ALL, 1, 2, 3);
  static final ShardDescriptor FIRST_USER = Shards.of(2, KeyRange.ALL, 1, 2, 3);
  private static final ReplicaKey KEY = new ReplicaKey(1, 11);
  private static final Payload META = KeySpace.replicaRow(1, 11);

  private final HandDrivenStore disk = new HandDrivenStore();
  private ReplicaState rows;
  private CatalogStateMachine machine;

  TestCatalog() {
    rows = disk.store().state().open(KEY);
    CatalogStateMachine.seed(
        rows,
        List.of(node("n1"), node("n2"), node("n3")),
        List.of(SYSTEM, FIRST_USER),
        Rules.DEFAULT);
    machine =
        new CatalogStateMachine(
            CLUSTER, rows, ReplicaRow.newBuilder().setShard(Descriptors.toProto(SYSTEM)).build());
  }

  /** Nodes n1, n2 … of the bootstrap have ids, others have none yet. */
  static NodeInfo node(String name) {
    NodeInfo.Builder node =
        NodeInfo.newBuilder()
            .setAddress(name + ":1")
            .setStoreId(ByteString.copyFromUtf8("store of " + name));
    return name.startsWith("n")
        ? node.setNodeId(Long.parseLong(name.substring(1))).build()
        : node.build();
  }

  CatalogStateMachine machine() {
    return machine;
  }

  Reply update(CatalogUpdateRequest.Builder update) {
    return machine
        .apply(
            CommandBatch.newBuilder()
                .setStamp(1)
                .addCommands(Command.newBuilder().setCatalogUpdate(update))
                .build())
        .get(0);
  }

  Reply register(NodeInfo node) {
    return update(CatalogUpdateRequest.newBuilder().setRegisterNode(node));
  }

  Reply allocate(int count) {
    return update(CatalogUpdateRequest.newBuilder().setAllocateIds(count));
  }

  Reply report(Collection<Route> routes) {
    return update(
        CatalogUpdateRequest.newBuilder()
            .setReportRoutes(RouteReport.newBuilder().addAllRoutes(routes)));
  }

  void flush() {
    ReplicaRow.Builder row = ReplicaRow.newBuilder();
    machine.saveToRows();
    machine.fillRow(row);
    FrozenMemtable frozen = rows.freeze();
    FlushBatch batch = new FlushBatch();
    batch.add(frozen);
    batch.putMeta(META, Payload.of(row.build().toByteArray()));
    disk.store().state().flush(batch, () -> rows.release(frozen));
    disk.settle();
  }

  void crash() {
    disk.crash();
    rows = disk.store().state().open(KEY);
    Payload row = Objects.requireNonNull(disk.store().state().meta(META));
    try {
      machine =
          new CatalogStateMachine(CLUSTER, rows, ReplicaRow.parseFrom(row.asReadOnlyByteBuffer()));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  void flushAndReopen() {
    flush();
    crash();
  }

  /** All rows of the catalog. */
  SortedMap<Payload, Payload> allRows() {
    TreeMap<Payload, Payload> all = new TreeMap<>();
    rows.scan(
        KeySpace.rows(1, KeyRange.ALL),
        false,
        (key, value) -> {
          all.put(key, value);
          return true;
        });
    return all;
  }
}
