package io.flotilla.shard;

import io.flotilla.internal.v1.SnapshotDown;
import io.flotilla.internal.v1.SnapshotUp;
import io.flotilla.shard.descriptor.ReplicaDescriptor;
import io.flotilla.shard.transport.SnapshotOffer;
import io.flotilla.shard.transport.SnapshotPipe;
import io.flotilla.storage.ReplicaKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Takes in snapshots: into a file, and when that is whole and sound, to the replica they are for. A
 * replica that is not here yet comes to be by it, if none of its keys are held by another (M9). On
 * the snapshots' worker unless said otherwise.
 */
final class SnapshotReceiver {
  private final HostParts parts;
  private final ShardHost host;
  private final Capacity capacity;
  private final TokenBucket bucket;
  private final PartialSnapshots partials;
  private final Map<ReplicaKey, IncomingSnapshot> transfers = new TreeMap<>();

  SnapshotReceiver(HostParts parts, ShardHost host) {
    this.parts = parts;
    this.host = host;
    this.capacity = new Capacity(parts.nodeId(), parts.store());
    this.bucket =
        new TokenBucket(
            () -> parts.config().snapshots().receiveRate(),
            parts.config().tickNanos(),
            parts.clock());
    this.partials = new PartialSnapshots(parts);
  }

  /** Finds what a former life left; before anything else, on any thread. */
  void recover(Set<String> needed) {
    partials.recover(needed);
  }

  /** Another node begins a stream. Any thread. */
  SnapshotPipe<SnapshotUp> open(SnapshotPipe<SnapshotDown> answers) {
    return new IncomingSnapshot(answers, parts, this);
  }

  /** Once per tick. */
  void tick() {
    List.copyOf(transfers.values()).forEach(IncomingSnapshot::tick);
    partials.tick();
  }

  /** Why nothing may come for this replica now; empty: it may, and there is a place for it. */
  String begin(IncomingSnapshot transfer, ReplicaKey replica) {
    boolean fits =
        host.replica(replica.shardId()).map(here -> here.key().equals(replica)).orElse(true);
    if (!fits || host.removed().contains(replica.shardId(), replica.replicaId())) {
      return "there is another replica here, or this one was removed";
    }
    IncomingSnapshot before = transfers.get(replica);
    if (before != null && !before.giveWay()) {
      return "a snapshot for this replica is about to be installed";
    }
    if (transfers.size() >= parts.config().snapshots().atOnce()) {
      return "busy with " + transfers.size() + " other snapshots";
    }
    transfers.put(replica, transfer);
    return "";
  }

  /** Why this file is not taken; empty: it is, and the range is reserved if it must be. */
  String admit(SnapshotOffer offer) {
    long replicaId = offer.message().to();
    long shardId = offer.shard().shardId();
    boolean ours =
        offer.shard().replicaOn(parts.nodeId()).map(ReplicaDescriptor::replicaId).orElse(0L)
            == replicaId;
    Optional<Replica> present = host.replica(shardId);
    if (!ours || present.map(here -> here.key().replicaId() != replicaId).orElse(false)) {
      return "it is for another replica";
    }
    long toCome =
        transfers.values().stream().mapToLong(IncomingSnapshot::bytesToCome).sum()
            + offer.totalBytes()
            - partials.bytesHere(offer);
    String noRoom = capacity.snapshotRefusal(offer.totalBytes(), toCome, present.isEmpty());
    if (!noRoom.isEmpty()) {
      return noRoom;
    }
    if (present.isEmpty() && !host.ranges().reserve(offer.shard())) {
      // The parent here will split soon, or get a snapshot of its own.
      return "another replica here holds some of its keys";
    }
    return "";
  }

  void ended(ReplicaKey replica, IncomingSnapshot transfer) {
    transfers.remove(replica, transfer);
  }

  TokenBucket bucket() {
    return bucket;
  }

  PartialSnapshots partials() {
    return partials;
  }

  ShardHost host() {
    return host;
  }
}
