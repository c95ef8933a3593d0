package io.flotilla.shard.transport;

import io.flotilla.internal.v1.Handshake;
import io.flotilla.internal.v1.PeerGrpc;
import io.flotilla.internal.v1.SnapshotChunk;
import io.flotilla.internal.v1.SnapshotHeader;
import io.flotilla.internal.v1.SnapshotResult;
import io.flotilla.raft.Payload;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.storage.StoreFiles;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One snapshot on its way out: a chunk is read when the stream has room for it, so memory holds one
 * chunk. Runs on the executor of the channel.
 */
final class SnapshotSend implements ClientResponseObserver<SnapshotChunk, SnapshotResult> {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotSend.class);
  private static final int CHUNK_BYTES = 256 << 10;
  private static final int DEADLINE_MINUTES = 60;

  private final Handshake handshake;
  private final SnapshotOffer offer;
  private final StoreFiles files;
  private final String file;
  private final CompletableFuture<Boolean> done = new CompletableFuture<>();
  private boolean headerSent;
  private long offset;

  SnapshotSend(Handshake handshake, SnapshotOffer offer, StoreFiles files, String file) {
    this.handshake = handshake;
    this.offer = offer;
    this.files = files;
    this.file = file;
  }

  CompletableFuture<Boolean> start(ManagedChannel channel) {
    var unused =
        PeerGrpc.newStub(channel)
            .withDeadlineAfter(DEADLINE_MINUTES, TimeUnit.MINUTES)
            .snapshot(this);
    return done;
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<SnapshotChunk> out) {
    out.setOnReadyHandler(() -> sendSome(out));
  }

  private void sendSome(ClientCallStreamObserver<SnapshotChunk> out) {
    try {
      while (out.isReady() && offset <= offer.totalBytes() && !done.isDone()) {
        if (!headerSent) {
          headerSent = true;
          out.onNext(SnapshotChunk.newBuilder().setHeader(header()).build());
          continue;
        }
        Payload chunk = files.read(file, offset, CHUNK_BYTES);
        if (chunk.isEmpty()) {
          offset = Long.MAX_VALUE;
          out.onCompleted();
          return;
        }
        offset += chunk.size();
        out.onNext(SnapshotChunk.newBuilder().setData(Descriptors.bytes(chunk)).build());
      }
    } catch (RuntimeException e) {
      LOG.warn("shard {}: the snapshot could not be sent", offer.shard().shardId(), e);
      out.cancel("the file could not be read", e);
      done.complete(false);
    }
  }

  private SnapshotHeader header() {
    var message = offer.message();
    return SnapshotHeader.newBuilder()
        .setHandshake(handshake)
        .setShard(Descriptors.toProto(offer.shard()))
        .setFromReplica(message.from())
        .setToReplica(message.to())
        .setTerm(message.term())
        .setSnapshotIndex(message.snapshot().index())
        .setSnapshotTerm(message.snapshot().term())
        .setMembership(Descriptors.bytes(message.snapshot().membership().encode()))
        .setTotalBytes(offer.totalBytes())
        .build();
  }

  @Override
  public void onNext(SnapshotResult result) {
    if (!result.getAccepted()) {
      LOG.info(
          "shard {}: the snapshot for replica {} was refused: {}",
          offer.shard().shardId(),
          offer.message().to(),
          result.getReason());
    }
    done.complete(result.getAccepted());
  }

  @Override
  public void onError(Throwable failure) {
    LOG.debug("shard {}: the snapshot did not arrive", offer.shard().shardId(), failure);
    done.complete(false);
  }

  @Override
  public void onCompleted() {
    done.complete(false);
  }
}
