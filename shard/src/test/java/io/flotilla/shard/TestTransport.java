package io.flotilla.shard;

import io.flotilla.raft.Message;
import io.flotilla.raft.Payload;
import io.flotilla.shard.transport.PeerOutbox;
import io.flotilla.shard.transport.PeerTransport;
import io.flotilla.shard.transport.SnapshotIntake;
import io.flotilla.shard.transport.SnapshotOffer;
import io.flotilla.storage.StoreFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** From one node to the others of a {@link TestCluster}. */
final class TestTransport implements PeerTransport {
  private static final int CHUNK_BYTES = 1_000;

  private final long self;
  private final TestCluster cluster;

  TestTransport(long self, TestCluster cluster) {
    this.self = self;
    this.cluster = cluster;
  }

  @Override
  public PeerOutbox newOutbox() {
    List<Runnable> kept = new ArrayList<>();
    return new PeerOutbox() {
      @Override
      public void send(long nodeId, long shardId, Message message) {
        kept.add(
            () ->
                cluster.send(self, nodeId, () -> deliver(cluster.node(nodeId), shardId, message)));
      }

      @Override
      public void flush() {
        kept.forEach(Runnable::run);
        kept.clear();
      }
    };
  }

  private void deliver(TestNode to, long shardId, Message message) {
    if (to.isUp()) {
      to.host().receive(self, shardId, message);
    }
  }

  @Override
  public CompletableFuture<Boolean> sendSnapshot(
      long nodeId, SnapshotOffer offer, StoreFiles files, String file) {
    CompletableFuture<Boolean> arrived = new CompletableFuture<>();
    List<Payload> chunks = new ArrayList<>();
    for (long at = 0; at < offer.totalBytes(); at += CHUNK_BYTES) {
      chunks.add(files.read(file, at, CHUNK_BYTES));
    }
    cluster.send(
        self,
        nodeId,
        () -> {
          TestNode to = cluster.node(nodeId);
          Optional<SnapshotIntake> intake = to.isUp() ? to.host().accept(offer) : Optional.empty();
          if (intake.isEmpty()) {
            arrived.complete(false);
            return;
          }
          chunks.forEach(intake.get()::append);
          var unused =
              intake.get().finish().thenAccept(reason -> arrived.complete(reason.isEmpty()));
        });
    return arrived;
  }

  @Override
  public void updateNodes(Map<Long, String> addresses) {}

  @Override
  public void close() {}
}
