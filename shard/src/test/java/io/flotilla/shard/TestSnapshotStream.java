package io.flotilla.shard;

import io.flotilla.internal.v1.SnapshotDown;
import io.flotilla.internal.v1.SnapshotUp;
import io.flotilla.shard.transport.SnapshotPipe;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot's stream between two nodes of a {@link TestCluster}; ends with either of their lives.
 */
final class TestSnapshotStream implements SnapshotPipe<SnapshotUp> {
  private final long from;
  private final long to;
  private final TestCluster cluster;
  private final SnapshotPipe<SnapshotDown> answers;
  private final ShardHost sender;
  private @Nullable ShardHost receiver;
  private @Nullable SnapshotPipe<SnapshotUp> there;

  TestSnapshotStream(long from, long to, TestCluster cluster, SnapshotPipe<SnapshotDown> answers) {
    this.from = from;
    this.to = to;
    this.cluster = cluster;
    this.answers = answers;
    this.sender = cluster.node(from).host();
  }

  @Override
  public void send(SnapshotUp word) {
    if (word.hasChunk()) {
      cluster.chunkSent(word.getChunk());
    }
    cluster.send(from, to, () -> arrive(word));
  }

  private void arrive(SnapshotUp word) {
    TestNode node = cluster.node(to);
    if (!node.isUp()) {
      return;
    }
    if (there == null) {
      receiver = node.host();
      there = node.host().openSnapshot(new Back());
    }
    if (receiver == node.host()) {
      there.send(word);
    }
  }

  @Override
  public void end(String reason) {
    cluster.send(
        from,
        to,
        () -> {
          TestNode node = cluster.node(to);
          if (there != null && node.isUp() && receiver == node.host()) {
            there.end(reason);
          }
        });
  }

  private final class Back implements SnapshotPipe<SnapshotDown> {
    @Override
    public void send(SnapshotDown word) {
      cluster.send(to, from, () -> run(() -> answers.send(word)));
    }

    @Override
    public void end(String reason) {
      cluster.send(to, from, () -> run(() -> answers.end(reason)));
    }

    private void run(Runnable action) {
      TestNode node = cluster.node(from);
      if (node.isUp() && node.host() == sender) {
        action.run();
      }
    }
  }
}
