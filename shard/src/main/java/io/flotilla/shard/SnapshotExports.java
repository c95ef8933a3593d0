package io.flotilla.shard;

import io.flotilla.internal.v1.SnapshotMeta;
import io.flotilla.raft.Message;
import io.flotilla.raft.Payload;
import io.flotilla.raft.SnapshotMetadata;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.shard.kv.KeySpace;
import io.flotilla.storage.ExportSpec;
import io.flotilla.storage.FlushBatch;
import io.flotilla.storage.FrozenMemtable;
import io.flotilla.storage.ReplicaState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The files that snapshots are sent from, one for each shard. All who need one at the same time get
 * the same; and one whose transfer was cut off stays for a while, so that the next try goes on with
 * the very same bytes. As long as it stays, the log after it does (R29). On the snapshots' worker.
 */
final class SnapshotExports {
  static final String FILE_PREFIX = "out-";

  /** Bytes in files that wait for another try, all together. */
  private static final long MAX_IDLE_BYTES = 8L << 30;

  private final HostParts parts;
  private final Map<Long, Lease> newest = new HashMap<>();
  private final List<Lease> all = new ArrayList<>();
  private long files;

  SnapshotExports(HostParts parts) {
    this.parts = parts;
  }

  /** A share in a file; given back with {@link #release}. */
  static final class Lease {
    private final Replica replica;
    private final CompletableFuture<SnapshotExport> file = new CompletableFuture<>();
    private int users = 1;
    private long idleSince;
    // On the loop of the replica.
    private @Nullable SnapshotMetadata at;
    private @Nullable ShardDescriptor shard;

    Lease(Replica replica) {
      this.replica = replica;
    }

    /** The file, once it is there; fails if it cannot be made. Completes on any thread. */
    CompletableFuture<SnapshotExport> file() {
      return file;
    }

    /** Whether this has what a follower lacks, and of the shard as it is. On the loop. */
    private boolean fits(Message.InstallSnapshot wish) {
      return at != null
          && at.index() >= wish.snapshot().index()
          && replica.descriptor().equals(shard);
    }

    private Optional<SnapshotExport> made() {
      return file.isDone() && !file.isCompletedExceptionally()
          ? Optional.of(file.join())
          : Optional.empty();
    }
  }

  /**
   * A file with what a follower lacks: one that is there, or a new one.
   *
   * @return completes on the worker
   */
  CompletableFuture<Lease> acquire(Replica replica, Message.InstallSnapshot wish) {
    CompletableFuture<Lease> acquired = new CompletableFuture<>();
    Lease known = newest.get(replica.shardId());
    if (known == null || known.replica != replica) {
      acquired.complete(create(replica));
      return acquired;
    }
    known.users++;
    replica
        .loop()
        .enqueue(
            () -> {
              boolean fits = known.fits(wish);
              parts
                  .snapshotWorker()
                  .execute(
                      () -> {
                        if (fits && !known.file.isCompletedExceptionally()) {
                          acquired.complete(known);
                        } else {
                          Lease fresh = create(replica);
                          release(known, false);
                          acquired.complete(fresh);
                        }
                      });
            });
    return acquired;
  }

  private Lease create(Replica replica) {
    Lease lease = new Lease(replica);
    newest.put(replica.shardId(), lease);
    all.add(lease);
    String file = FILE_PREFIX + replica.shardId() + "-" + ++files;
    replica.loop().enqueue(() -> export(lease, file));
    return lease;
  }

  /** On the loop of the replica. */
  private void export(Lease lease, String file) {
    Replica replica = lease.replica;
    Applier applier = replica.applier();
    if (!replica.isLeader() || applier.isAtBarrier() || replica.isInstalling()) {
      lease.file.completeExceptionally(
          new IllegalStateException("shard " + replica.shardId() + " is busy, or led elsewhere"));
      return;
    }
    ShardDescriptor shard = replica.descriptor();
    SnapshotMetadata at =
        new SnapshotMetadata(
            applier.appliedIndex(), applier.appliedTerm(), replica.node().membership());
    FlushBatch barrier = new FlushBatch();
    FrozenMemtable frozen = applier.freezeInto(barrier);
    ReplicaState rows = applier.rows();
    SnapshotMeta meta = SnapshotMeta.newBuilder().setReplica(replica.row()).build();
    ExportSpec spec =
        new ExportSpec(
            file,
            Payload.of(meta.toByteArray()),
            List.of(
                KeySpace.rows(shard.shardId(), shard.range()), KeySpace.sessions(shard.shardId())));
    lease.at = at;
    lease.shard = shard;
    replica.keepLogFrom(at.index());
    var unused =
        parts
            .store()
            .state()
            .exportRange(spec, barrier, () -> replica.loop().enqueue(() -> rows.release(frozen)))
            .whenComplete(
                (info, failure) -> {
                  if (failure == null) {
                    lease.file.complete(
                        new SnapshotExport(file, shard, at, info.bytes(), info.sha256()));
                  } else {
                    replica.loop().enqueue(() -> replica.letLogGoFrom(at.index()));
                    lease.file.completeExceptionally(failure);
                  }
                });
  }

  /**
   * Gives a share back.
   *
   * @param arrived whether nobody will ask for this file again
   */
  void release(Lease lease, boolean arrived) {
    lease.users--;
    lease.idleSince = parts.clock().nanos();
    if (lease.users == 0 && (arrived || newest.get(lease.replica.shardId()) != lease)) {
      discard(lease);
    } else {
      discardTooMany();
    }
  }

  /** Lets go of files that nobody came back for. */
  void tick() {
    long now = parts.clock().nanos();
    for (Lease lease : List.copyOf(all)) {
      boolean old = now - lease.idleSince > parts.config().snapshots().keepExportNanos();
      if (lease.users == 0 && (old || lease.file.isCompletedExceptionally())) {
        discard(lease);
      }
    }
  }

  private void discardTooMany() {
    List<Lease> idle =
        all.stream()
            .filter(lease -> lease.users == 0)
            .sorted(Comparator.comparingLong(lease -> -lease.idleSince))
            .toList();
    long bytes = 0;
    int kept = 0;
    for (Lease lease : idle) {
      bytes += lease.made().map(SnapshotExport::bytes).orElse(0L);
      kept++;
      if (kept > parts.config().snapshots().atOnce() || bytes > MAX_IDLE_BYTES) {
        discard(lease);
      }
    }
  }

  private void discard(Lease lease) {
    all.remove(lease);
    newest.remove(lease.replica.shardId(), lease);
    lease.file.thenAccept(
        export ->
            parts
                .snapshotWorker()
                .execute(
                    () -> {
                      SnapshotFiles.discard(parts.store().snapshots(), export.file());
                      lease
                          .replica
                          .loop()
                          .enqueue(() -> lease.replica.letLogGoFrom(export.at().index()));
                    }));
  }
}
