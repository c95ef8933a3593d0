package io.flotilla.sim.invariants;

import io.flotilla.contract.v1.AsOf;
import io.flotilla.raft.Membership;
import io.flotilla.raft.Payload;
import io.flotilla.shard.kv.KeySpace;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** What clients were told. Invariants 17, 19, 26 and 29. */
final class ClientChecks {
  private final Tally tally;
  private final Disks disks;
  private final ExecutedWrites executed;
  private final Map<Long, ShardHistory> shards;
  private final Map<Payload, Long> acknowledged = new HashMap<>();
  private final Map<Payload, Long> deleted = new HashMap<>();
  private final Map<Long, ExecutedWrites.Place> newestAcknowledged = new TreeMap<>();

  ClientChecks(Tally tally, Disks disks, ExecutedWrites executed, Map<Long, ShardHistory> shards) {
    this.tally = tally;
    this.disks = disks;
    this.executed = executed;
    this.shards = shards;
  }

  /** A client hears that its write was executed. */
  void acknowledged(long session, long sequence, Payload key, long revision) {
    ExecutedWrites.Place place = executed.place(session, sequence);
    boolean durable = place != null && isOnQuorum(place);
    if (tally.breaks(Invariant.ACKNOWLEDGED_IS_COMMITTED, durable)) {
      String why = place == null ? " is not committed" : " is not on enough disks: " + place;
      tally.report(
          Invariant.ACKNOWLEDGED_IS_COMMITTED, "session " + session + "/" + sequence + why);
    }
    if (place == null) {
      return;
    }
    if (revision > 0) {
      acknowledged.merge(KeySpace.userRow(key), revision, Math::max);
    }
    boolean inside = model(place.shardId()).range(place.index() - 1).contains(key);
    if (tally.breaks(Invariant.REPLIES_STAY_IN_RANGE, inside)) {
      tally.report(Invariant.REPLIES_STAY_IN_RANGE, "key " + key.toUtf8() + " at " + place);
    }
    newestAcknowledged.merge(
        place.shardId(), place, (one, other) -> one.index() > other.index() ? one : other);
  }

  private ShardModel model(long shardId) {
    return Objects.requireNonNull(shards.get(shardId)).model;
  }

  private boolean isOnQuorum(ExecutedWrites.Place place) {
    Membership membership = model(place.shardId()).descriptor().membership();
    return disks.isInEachQuorum(place.shardId(), membership, place.index(), place.term());
  }

  /** Disks have lost power. */
  void powerIsLost() {
    for (ExecutedWrites.Place place : newestAcknowledged.values()) {
      if (tally.breaks(Invariant.SURVIVES_POWER_LOSS, isOnQuorum(place))) {
        tally.report(Invariant.SURVIVES_POWER_LOSS, "acknowledged, but lost: " + place);
      }
    }
  }

  /** A committed delete has removed the row. */
  void deleted(Payload rowKey, long revision) {
    deleted.merge(rowKey, revision, Math::max);
  }

  /** The revision that a read that begins now must see at least. */
  long floor(Payload key) {
    return acknowledged.getOrDefault(KeySpace.userRow(key), 0L);
  }

  /** A linearizable read has ended; revision 0: there is no such row. */
  void read(Payload key, long floor, long revision) {
    long seen = revision > 0 ? revision : deleted.getOrDefault(KeySpace.userRow(key), 0L);
    boolean nothingYet = floor == 0;
    if (tally.breaks(Invariant.READS_SEE_WRITES, nothingYet || seen >= floor)) {
      tally.report(
          Invariant.READS_SEE_WRITES,
          "key "
              + key.toUtf8()
              + " at revision "
              + revision
              + ", but revision "
              + floor
              + " was acknowledged before");
    }
  }

  /** A replica says of what state its answer is. */
  void answered(Payload key, AsOf asOf) {
    ShardHistory shard = shards.get(asOf.getShardId());
    boolean inside = shard != null && shard.model.range(asOf.getAppliedIndex()).contains(key);
    if (tally.breaks(Invariant.REPLIES_STAY_IN_RANGE, inside)) {
      tally.report(Invariant.REPLIES_STAY_IN_RANGE, "key " + key.toUtf8() + " in " + asOf);
    }
  }
}
