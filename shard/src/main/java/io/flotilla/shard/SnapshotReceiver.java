package io.flotilla.shard;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.internal.v1.ReplicaRow;
import io.flotilla.internal.v1.SnapshotMeta;
import io.flotilla.raft.Message;
import io.flotilla.raft.Payload;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.ReplicaDescriptor;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.shard.transport.SnapshotIntake;
import io.flotilla.shard.transport.SnapshotOffer;
import io.flotilla.storage.SnapshotInfo;
import io.flotilla.storage.StoreException;
import io.flotilla.storage.StoreFiles;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes in snapshots: into a file, and when that is whole and sound, to the replica they are for. A
 * replica that is not here yet comes to be by it, if none of its keys are held by another (M9). Any
 * thread.
 */
final class SnapshotReceiver {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotReceiver.class);
  static final String FILE_PREFIX = "in-";

  private final HostParts parts;
  private final ShardHost host;
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicLong fileNumber = new AtomicLong();

  SnapshotReceiver(HostParts parts, ShardHost host) {
    this.parts = parts;
    this.host = host;
  }

  Optional<SnapshotIntake> accept(SnapshotOffer offer) {
    long shardId = offer.shard().shardId();
    long replicaId = offer.message().to();
    boolean ours =
        offer.shard().replicaOn(parts.nodeId()).map(ReplicaDescriptor::replicaId).orElse(0L)
                == replicaId
            && !host.removed().contains(shardId, replicaId);
    Optional<Replica> present = host.replica(shardId);
    boolean fits = present.map(replica -> replica.key().replicaId() == replicaId).orElse(true);
    if (!ours || !fits || underWay.incrementAndGet() > parts.config().snapshotsAtOnce()) {
      if (ours && fits) {
        underWay.decrementAndGet();
      }
      return Optional.empty();
    }
    if (present.isEmpty() && !host.ranges().reserve(offer.shard())) {
      underWay.decrementAndGet();
      return Optional.empty(); // the parent here will split soon, or get a snapshot of its own
    }
    try {
      return Optional.of(new Intake(offer, present));
    } catch (StoreException e) {
      underWay.decrementAndGet();
      if (present.isEmpty()) {
        host.ranges().release(shardId);
      }
      throw e;
    }
  }

  /** One file on its way in. */
  private final class Intake implements SnapshotIntake {
    private final SnapshotOffer offer;
    private final Optional<Replica> present;
    private final String file;
    private final StoreFiles.Appender out;
    private long bytes;

    Intake(SnapshotOffer offer, Optional<Replica> present) {
      this.offer = offer;
      this.present = present;
      this.file =
          FILE_PREFIX
              + offer.shard().shardId()
              + "-"
              + offer.message().to()
              + "-"
              + fileNumber.incrementAndGet();
      this.out = parts.store().snapshots().create(file);
    }

    @Override
    public void append(Payload chunk) {
      bytes += chunk.size();
      if (bytes > offer.totalBytes()) {
        throw new IllegalArgumentException("the snapshot is longer than announced");
      }
      out.append(chunk);
    }

    @Override
    public CompletableFuture<String> finish() {
      return closed()
          .thenCompose(nothing -> parts.store().state().verify(file))
          .thenCompose(this::handOver)
          .exceptionally(failure -> "the file is not sound: " + failure.getMessage())
          .whenComplete((reason, none) -> ended(reason == null || !reason.isEmpty()));
    }

    private CompletableFuture<Void> closed() {
      try (out) {
        out.sync();
        return CompletableFuture.completedFuture(null);
      } catch (StoreException e) {
        return CompletableFuture.failedFuture(e);
      }
    }

    @Override
    public void abort() {
      out.close();
      ended(true);
    }

    private void ended(boolean inVain) {
      underWay.decrementAndGet();
      if (inVain) {
        SnapshotFiles.discard(parts.store().snapshots(), file);
        if (present.isEmpty()) {
          host.ranges().release(offer.shard().shardId());
        }
      }
    }

    private CompletableFuture<String> handOver(SnapshotInfo info) {
      ReplicaRow row = row(info);
      Message.InstallSnapshot message = offer.message();
      ShardDescriptor shard = Descriptors.fromProto(row.getShard());
      boolean same =
          shard.equals(offer.shard())
              && row.getAppliedIndex() == message.snapshot().index()
              && row.getAppliedTerm() == message.snapshot().term();
      if (!same) {
        return CompletableFuture.completedFuture("the file is of another snapshot");
      }
      StagedSnapshot staged = new StagedSnapshot(file, row, message);
      LOG.info(
          "shard {}: received a snapshot at index {} with {} rows",
          shard.shardId(),
          message.snapshot().index(),
          info.rows());
      if (present.isEmpty()) {
        host.installNew(staged);
        return CompletableFuture.completedFuture("");
      }
      CompletableFuture<String> taken = new CompletableFuture<>();
      Replica replica = present.get();
      replica.loop().enqueue(() -> taken.complete(replica.receiveSnapshot(staged)));
      return taken;
    }

    private static ReplicaRow row(SnapshotInfo info) {
      try {
        return SnapshotMeta.parseFrom(info.metadata().asReadOnlyByteBuffer()).getReplica();
      } catch (InvalidProtocolBufferException e) {
        throw new IllegalStateException("the snapshot's metadata cannot be read", e);
      }
    }
  }
}
