package io.flotilla.shard.transport;

import io.flotilla.internal.v1.Handshake;
import io.flotilla.internal.v1.SnapshotChunk;
import io.flotilla.internal.v1.SnapshotHeader;
import io.flotilla.internal.v1.SnapshotResult;
import io.flotilla.raft.Membership;
import io.flotilla.raft.Message;
import io.flotilla.raft.SnapshotMetadata;
import io.flotilla.shard.descriptor.Descriptors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One snapshot on its way in. gRPC calls it from one thread at a time. */
final class SnapshotIn implements StreamObserver<SnapshotChunk> {
  private final Function<Handshake, PeerService.Member> welcome;
  private final StreamObserver<SnapshotResult> to;
  private @Nullable SnapshotIntake intake;
  private boolean ended;

  SnapshotIn(Function<Handshake, PeerService.Member> welcome, StreamObserver<SnapshotResult> to) {
    this.welcome = welcome;
    this.to = to;
  }

  @Override
  public void onNext(SnapshotChunk chunk) {
    if (ended) {
      return;
    }
    try {
      if (chunk.hasHeader()) {
        begin(chunk.getHeader());
      } else if (intake == null) {
        throw new IllegalArgumentException("the snapshot has no header");
      } else {
        intake.append(Descriptors.payload(chunk.getData()));
      }
    } catch (StatusRuntimeException e) {
      fail(e);
    } catch (RuntimeException e) {
      fail(Status.INTERNAL.withDescription(String.valueOf(e.getMessage())).asRuntimeException());
    }
  }

  private void begin(SnapshotHeader header) {
    if (intake != null) {
      throw new IllegalArgumentException("the snapshot has two headers");
    }
    intake = welcome.apply(header.getHandshake()).receiver().accept(offer(header)).orElse(null);
    if (intake == null) {
      answer(SnapshotResult.newBuilder().setReason("not now").build());
    }
  }

  private static SnapshotOffer offer(SnapshotHeader header) {
    SnapshotMetadata metadata =
        new SnapshotMetadata(
            header.getSnapshotIndex(),
            header.getSnapshotTerm(),
            Membership.decode(Descriptors.payload(header.getMembership())));
    return new SnapshotOffer(
        Descriptors.fromProto(header.getShard()),
        new Message.InstallSnapshot(
            header.getFromReplica(), header.getToReplica(), header.getTerm(), metadata),
        header.getTotalBytes());
  }

  private void answer(SnapshotResult result) {
    ended = true;
    to.onNext(result);
    to.onCompleted();
  }

  private void fail(StatusRuntimeException reason) {
    ended = true;
    abort();
    to.onError(reason);
  }

  private void abort() {
    if (intake != null) {
      intake.abort();
      intake = null;
    }
  }

  @Override
  public void onError(Throwable failure) {
    ended = true;
    abort();
  }

  @Override
  public void onCompleted() {
    SnapshotIntake complete = intake;
    if (ended || complete == null) {
      return;
    }
    ended = true;
    var unused =
        complete
            .finish()
            .thenAccept(
                reason -> {
                  to.onNext(
                      SnapshotResult.newBuilder()
                          .setAccepted(reason.isEmpty())
                          .setReason(reason)
                          .build());
                  to.onCompleted();
                });
  }
}
