package io.flotilla.shard;

import io.flotilla.raft.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sends snapshots to followers whose part of the log is gone, a few at a time on the whole node
 * (M21) and together at a bounded rate. Whoever finds no room asks again with the next heartbeat.
 * On the snapshots' worker unless said otherwise.
 */
final class SnapshotSender {
  /** After a refusal a follower is left alone for so many ticks. */
  private static final int REFUSED_TICKS = 10;

  private final HostParts parts;
  private final AtomicInteger underWay = new AtomicInteger();
  private final TokenBucket bucket;
  private final SnapshotExports exports;
  private final List<OutgoingSnapshot> transfers = new ArrayList<>();
  private final Map<Long, Integer> refused = new HashMap<>();

  SnapshotSender(HostParts parts) {
    this.parts = parts;
    this.bucket =
        new TokenBucket(
            () -> parts.config().snapshots().sendRate(), parts.config().tickNanos(), parts.clock());
    this.exports = new SnapshotExports(parts);
  }

  /** A leader wants a snapshot to go to a follower. On the loop of the leader's replica. */
  void send(Replica replica, Message.InstallSnapshot wish) {
    long nodeId = replica.descriptor().nodeOf(wish.to());
    boolean possible = nodeId != 0 && !replica.applier().isAtBarrier();
    if (!possible || underWay.incrementAndGet() > parts.config().snapshots().atOnce()) {
      if (possible) {
        underWay.decrementAndGet();
      }
      replica.node().reportSnapshot(wish.to(), false);
      return;
    }
    OutgoingSnapshot transfer = new OutgoingSnapshot(replica, nodeId, wish, parts, this);
    parts
        .snapshotWorker()
        .execute(
            () -> {
              transfers.add(transfer);
              if (refused.containsKey(wish.to())) {
                ended(transfer, replica, wish.to(), false);
              } else {
                transfer.start();
              }
            });
  }

  /** Once per tick. */
  void tick() {
    refused.replaceAll((replica, ticks) -> ticks - 1);
    refused.values().removeIf(ticks -> ticks <= 0);
    if (transfers.size() > 1) {
      transfers.add(transfers.remove(0)); // the rate goes to another one first each time
    }
    List.copyOf(transfers).forEach(OutgoingSnapshot::tick);
    exports.tick();
  }

  TokenBucket bucket() {
    return bucket;
  }

  SnapshotExports exports() {
    return exports;
  }

  /** The other side does not take it now. */
  void refused(long replicaId) {
    refused.put(replicaId, REFUSED_TICKS);
  }

  void ended(OutgoingSnapshot transfer, Replica replica, long toReplica, boolean arrived) {
    transfers.remove(transfer);
    underWay.decrementAndGet();
    replica.loop().enqueue(() -> replica.snapshotSent(toReplica, arrived));
  }
}
