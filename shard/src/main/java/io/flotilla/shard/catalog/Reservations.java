package io.flotilla.shard.catalog;

import io.flotilla.contract.v1.ReserveReplicas;
import io.flotilla.contract.v1.ShardDescriptor;
import io.flotilla.internal.v1.ReservationRow;
import io.flotilla.shard.kv.Stamps;
import io.flotilla.storage.ReplicaState;
import io.flotilla.storage.Table;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Nodes that are about to get a replica. Rows: {@code P} + replica id → ReservationRow.
 *
 * <p>Between the moment in which a leader is told that a node exists and its report that a replica
 * is there, the node must not be removed. A reservation ends with the report of a later membership
 * of its shard, or, if its change came to nothing, with time: that of the entries' stamps, so that
 * all replicas agree.
 */
final class Reservations {
  static final char ROW = 'P';

  /** Far longer than a call may take. */
  private static final long LIFETIME_STAMPS = Stamps.of(600_000);

  private final ReplicaState rows;
  private final Map<Long, ReservationRow> byReplica = new TreeMap<>();

  Reservations(ReplicaState rows) {
    this.rows = rows;
  }

  void load(long replicaId, ReservationRow row) {
    byReplica.put(replicaId, row);
  }

  /** The nodes get replicas with the ids from this one on. */
  void reserve(ReserveReplicas request, long firstId, long stamp) {
    dropOlderThan(stamp - LIFETIME_STAMPS);
    for (int i = 0; i < request.getNodeIdsCount(); i++) {
      ReservationRow row =
          ReservationRow.newBuilder()
              .setNodeId(request.getNodeIds(i))
              .setShardId(request.getShardId())
              .setMembershipVersion(request.getMembershipVersion())
              .setStamp(stamp)
              .build();
      byReplica.put(firstId + i, row);
      rows.put(
          Table.DATA, CatalogStateMachine.row(ROW, firstId + i), CatalogStateMachine.encode(row));
    }
  }

  /** A leader reported its shard as it is now. */
  void settle(ShardDescriptor shard) {
    long version = shard.getEpoch().getMembershipVersion();
    drop(row -> row.getShardId() == shard.getShardId() && row.getMembershipVersion() < version);
  }

  /** A shard that may be about to place a replica on the node. */
  OptionalLong shardFor(long nodeId, long stamp) {
    dropOlderThan(stamp - LIFETIME_STAMPS);
    return byReplica.values().stream()
        .filter(row -> row.getNodeId() == nodeId)
        .mapToLong(ReservationRow::getShardId)
        .findFirst();
  }

  private void dropOlderThan(long stamp) {
    drop(row -> row.getStamp() < stamp);
  }

  private void drop(Predicate<ReservationRow> which) {
    byReplica
        .entrySet()
        .removeIf(
            entry -> {
              boolean over = which.test(entry.getValue());
              if (over) {
                rows.delete(Table.DATA, CatalogStateMachine.row(ROW, entry.getKey()));
              }
              return over;
            });
  }
}
