package io.flotilla.shard;

import io.flotilla.raft.Payload;
import io.flotilla.shard.transport.SnapshotOffer;
import io.flotilla.storage.ReplicaKey;
import io.flotilla.storage.StoreFiles;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files of which a part is here, one for each replica, with a small record each: which file, and
 * how much is durable. The record is written after the bytes are synced, so it never says too much.
 * What nobody goes on with is deleted after a while, and sooner where there are many. On the
 * snapshots' worker, but for {@link #recover}, before anything else.
 */
final class PartialSnapshots {
  private static final Logger LOG = LoggerFactory.getLogger(PartialSnapshots.class);
  static final String FILE_PREFIX = "in-";

  private final HostParts parts;
  private final StoreFiles files;
  private final Map<ReplicaKey, Idle> idle = new HashMap<>();
  private long fileNumber;

  private record Idle(PartialSnapshot part, long since) {}

  PartialSnapshots(HostParts parts) {
    this.parts = parts;
    this.files = parts.store().snapshots();
  }

  /**
   * Finds what a former life left, and deletes all files that are of no use.
   *
   * @param needed files of installs that were cut off
   */
  void recover(Set<String> needed) {
    Set<String> kept = new HashSet<>(needed);
    for (String name : files.list()) {
      if (PartialSnapshot.isRecord(name)) {
        find(name)
            .filter(part -> !needed.contains(part.file()) && !idle.containsKey(part.replica()))
            .ifPresent(
                part -> {
                  idle.put(part.replica(), new Idle(part, parts.clock().nanos()));
                  kept.add(name);
                  kept.add(part.file());
                });
      }
    }
    for (String name : files.list()) {
      if (!kept.contains(name)) {
        SnapshotFiles.discard(files, name);
      }
    }
    discardTooMany();
  }

  private Optional<PartialSnapshot> find(String name) {
    Payload record = files.readAll(name);
    return record == null
        ? Optional.empty()
        : PartialSnapshot.decode(name, record)
            .filter(part -> files.size(part.file()) >= part.durableBytes());
  }

  private static ReplicaKey replica(SnapshotOffer offer) {
    return new ReplicaKey(offer.shard().shardId(), offer.message().to());
  }

  /** How much of the offered file is here. */
  long bytesHere(SnapshotOffer offer) {
    Idle known = idle.get(replica(offer));
    return known != null && known.part.isOf(offer.sha256(), offer.totalBytes())
        ? known.part.durableBytes()
        : 0;
  }

  /** What is here of the offered file, or an empty new one. What is here of another goes. */
  PartialSnapshot take(SnapshotOffer offer) {
    ReplicaKey replica = replica(offer);
    Idle known = idle.remove(replica);
    if (known != null && known.part.isOf(offer.sha256(), offer.totalBytes())) {
      return known.part;
    }
    if (known != null) {
      Logs.about(replica, LOG.atInfo())
          .log("another snapshot is offered than the one that was begun");
      discard(known.part);
    }
    String file;
    do {
      file = FILE_PREFIX + replica.shardId() + "-" + replica.replicaId() + "-" + ++fileNumber;
    } while (files.size(file) >= 0); // an install may need one of a former life
    return new PartialSnapshot(replica, file, offer.sha256(), offer.totalBytes(), 0);
  }

  /** More of it is durable. */
  void write(PartialSnapshot part) {
    files.replace(PartialSnapshot.recordOf(part.file()), part.encode());
  }

  /** The rest may come another time. */
  void keep(PartialSnapshot part) {
    if (part.durableBytes() == 0) {
      discard(part);
      return;
    }
    idle.put(part.replica(), new Idle(part, parts.clock().nanos()));
    discardTooMany();
  }

  void discard(PartialSnapshot part) {
    forget(part);
    SnapshotFiles.discard(files, part.file());
  }

  /** The file belongs to somebody else now. */
  void forget(PartialSnapshot part) {
    String record = PartialSnapshot.recordOf(part.file());
    if (part.durableBytes() > 0 || files.size(record) >= 0) {
      SnapshotFiles.discard(files, record);
    }
  }

  void tick() {
    long now = parts.clock().nanos();
    long limit = parts.config().snapshots().keepPartNanos();
    idle.values()
        .removeIf(
            part -> {
              boolean old = now - part.since > limit;
              if (old) {
                discard(part.part);
              }
              return old;
            });
  }

  private void discardTooMany() {
    while (idle.size() > 2 * parts.config().snapshots().atOnce()) {
      idle.values().stream()
          .min(Comparator.comparingLong(Idle::since))
          .ifPresent(
              oldest -> {
                idle.remove(oldest.part.replica());
                discard(oldest.part);
              });
    }
  }
}
