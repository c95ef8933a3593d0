package io.flotilla.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.raft.Message;
import io.flotilla.raft.Payload;
import io.flotilla.raft.SnapshotMetadata;
import io.flotilla.shard.descriptor.KeyRange;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.shard.support.Shards;
import io.flotilla.shard.transport.SnapshotIntake;
import io.flotilla.shard.transport.SnapshotOffer;
import io.flotilla.storage.NodeStore;
import io.flotilla.storage.StepExecutor;
import io.flotilla.storage.StoreConfig;
import io.flotilla.storage.StoreException;
import io.flotilla.storage.StoreExecutors;
import io.flotilla.storage.StoreFiles;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SnapshotReceiverTest {
  private static final int AT_ONCE = TestNode.config().snapshotsAtOnce();

  private final TestCluster cluster = new TestCluster(1);
  private final TestNode node = cluster.node(1);

  private static SnapshotOffer offerOf(ShardDescriptor shard) {
    SnapshotMetadata at = new SnapshotMetadata(100, 5, shard.membership());
    long own = shard.replicas().get(0).replicaId();
    return new SnapshotOffer(shard, new Message.InstallSnapshot(own + 1, own, 5, at), 1_000);
  }

  private static ShardDescriptor present() {
    return Shards.of(2, KeyRange.ALL, 1);
  }

  @Test
  void onlySoManyAreTakenAtOnce() {
    cluster.settle();
    SnapshotIntake first = node.host().accept(offerOf(present())).orElseThrow();
    for (int i = 1; i < AT_ONCE; i++) {
      assertThat(node.host().accept(offerOf(present()))).isPresent();
    }
    assertThat(node.host().accept(offerOf(present()))).isEmpty();

    first.abort();

    assertThat(node.host().accept(offerOf(present()))).isPresent();
    assertThat(node.disk().store().snapshots().list()).hasSize(AT_ONCE);
  }

  @Test
  void snapshotForAnotherReplicaIsRefusedAndTakesNoRoom() {
    cluster.settle();
    ShardDescriptor elsewhere = Shards.of(2, KeyRange.ALL, 7);
    for (int i = 0; i < 2 * AT_ONCE; i++) {
      assertThat(node.host().accept(offerOf(elsewhere))).isEmpty();
    }
    assertThat(node.host().accept(offerOf(present()))).isPresent();
  }

  @Test
  void snapshotWhoseKeysAreHeldHereIsRefusedAndTakesNoRoom() {
    cluster.settle();
    ShardDescriptor overlapping = Shards.of(9, Shards.range("m", ""), 1);
    for (int i = 0; i < 2 * AT_ONCE; i++) {
      assertThat(node.host().accept(offerOf(overlapping))).isEmpty();
    }
    assertThat(node.host().accept(offerOf(present()))).isPresent();
  }

  @Test
  void fileThatIsNoSnapshotIsNotTakenAndIsDeleted() {
    cluster.settle();
    for (int i = 0; i < 2 * AT_ONCE; i++) {
      SnapshotIntake intake = node.host().accept(offerOf(present())).orElseThrow();
      intake.append(Payload.utf8("not a snapshot"));
      var reason = intake.finish();
      cluster.settle();
      assertThat(reason.join()).contains("not sound");
    }
    assertThat(node.disk().store().snapshots().list()).isEmpty();
  }

  @Test
  void snapshotLongerThanAnnouncedIsRefused() {
    cluster.settle();
    SnapshotIntake intake = node.host().accept(offerOf(present())).orElseThrow();
    intake.append(Payload.of(new byte[1_000]));

    assertThatThrownBy(() -> intake.append(Payload.of(new byte[1])))
        .isInstanceOf(IllegalArgumentException.class);
    intake.abort();
    assertThat(node.disk().store().snapshots().list()).isEmpty();
  }

  @Test
  void diskThatFailsTakesNoRoomForEver() {
    TestDiskFull files = new TestDiskFull(node.disk().store().snapshots());
    NodeStore store =
        NodeStore.over(
            new NodeStore.Parts(
                node.disk().disk().journal(),
                node.disk().disk().state(),
                node.disk().disk().root(),
                files),
            StoreConfig.small(),
            new StoreExecutors(
                new StepExecutor(), new StepExecutor(), new StepExecutor(), (what, cause) -> {}));
    ShardHost host = node.hostOver(store);
    ShardDescriptor absent = Shards.of(9, Shards.range("m", ""), 1);

    files.full = true;
    for (int i = 0; i < 2 * AT_ONCE; i++) {
      assertThatThrownBy(() -> host.accept(offerOf(absent))).isInstanceOf(StoreException.class);
    }
    files.full = false;
    for (int i = 0; i < 2 * AT_ONCE; i++) {
      SnapshotIntake intake = host.accept(offerOf(absent)).orElseThrow();
      files.full = true;
      assertThat(intake.finish().join()).contains("no space");
      files.full = false;
    }
    assertThat(files.list()).isEmpty();
  }

  /** Files on a disk that is full now and then. */
  private static final class TestDiskFull implements StoreFiles {
    private final StoreFiles files;
    boolean full;

    TestDiskFull(StoreFiles files) {
      this.files = files;
    }

    private void check() {
      if (full) {
        throw new StoreException("no space left");
      }
    }

    @Override
    public SortedSet<String> list() {
      return files.list();
    }

    @Override
    public long size(String name) {
      return files.size(name);
    }

    @Override
    public Appender create(String name) {
      check();
      Appender appender = files.create(name);
      return new Appender() {
        @Override
        public void append(Payload bytes) {
          check();
          appender.append(bytes);
        }

        @Override
        public void sync() {
          check();
          appender.sync();
        }

        @Override
        public void close() {
          appender.close();
        }
      };
    }

    @Override
    public Payload read(String name, long offset, int maxBytes) {
      return files.read(name, offset, maxBytes);
    }

    @Override
    public @Nullable Payload readAll(String name) {
      return files.readAll(name);
    }

    @Override
    public void replace(String name, Payload content) {
      check();
      files.replace(name, content);
    }

    @Override
    public void delete(String name) {
      files.delete(name);
    }
  }
}
