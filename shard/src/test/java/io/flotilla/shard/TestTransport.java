package io.flotilla.shard;

import io.flotilla.internal.v1.SnapshotDown;
import io.flotilla.internal.v1.SnapshotUp;
import io.flotilla.raft.Message;
import io.flotilla.shard.transport.PeerOutbox;
import io.flotilla.shard.transport.PeerTransport;
import io.flotilla.shard.transport.SnapshotPipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** From one node to the others of a {@link TestCluster}. */
final class TestTransport implements PeerTransport {
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
  public Optional<SnapshotPipe<SnapshotUp>> openSnapshot(
      long nodeId, SnapshotPipe<SnapshotDown> answers) {
    return Optional.of(new TestSnapshotStream(self, nodeId, cluster, answers));
  }

  @Override
  public void updateNodes(Map<Long, String> addresses) {}

  @Override
  public void close() {}
}
