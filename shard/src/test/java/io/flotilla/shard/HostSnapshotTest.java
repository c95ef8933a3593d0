package io.flotilla.shard;

import static io.flotilla.shard.Requesting.get;
import static io.flotilla.shard.Requesting.put;
import static io.flotilla.shard.Requesting.scan;
import static io.flotilla.shard.Requesting.stale;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.Reply;
import io.flotilla.internal.v1.ReplicaRow;
import io.flotilla.raft.Membership;
import io.flotilla.raft.Message;
import io.flotilla.raft.SnapshotMetadata;
import io.flotilla.shard.descriptor.Descriptors;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A follower whose part of the log is gone. */
class HostSnapshotTest {
  private static final int KEYS = 60;
  private static final String LARGE = "x".repeat(1_000);

  private TestCluster cluster = new TestCluster(3);
  private TestNode leader = cluster.leader(2);
  private TestNode late = other();

  private TestNode other() {
    return cluster.nodes().stream()
        .filter(node -> node != leader && node != cluster.leader(1))
        .findFirst()
        .orElseThrow();
  }

  private static String key(int number) {
    return "key%03d".formatted(number);
  }

  /** One node is away while the others go on and let go of their logs. */
  private void leaveOneBehind() {
    cluster.ask(2, put(key(0), "old"));
    cluster.tick(TestNode.FLUSH_TICKS);
    cluster.cutOff(late.id());
    cluster.askAll(2, IntStream.range(0, KEYS).mapToObj(i -> put(key(i), LARGE)).toList());
    cluster.tick(3 * TestNode.FLUSH_TICKS);
    leader = cluster.leader(2);
    assertThat(leader.status(2).getFirstIndex())
        .isGreaterThan(late.replica(2).applier().appliedIndex() + 1);
  }

  private int rowsOf(TestNode node) {
    return node.askHere(stale(2, scan())).getScan().getRowsCount();
  }

  private boolean caughtUp() {
    return late.isUp()
        && late.host().replica(2).isPresent()
        && late.replica(2).applier().appliedIndex() == leader.replica(2).applier().appliedIndex();
  }

  private boolean installs() {
    return late.host().replica(2).map(r -> r.applier().isAtBarrier()).orElse(false);
  }

  @Test
  void followerThatIsTooFarBehindGetsASnapshot() {
    leaveOneBehind();
    cluster.heal();
    cluster.tickUntil("the late node has caught up", this::caughtUp);

    assertThat(rowsOf(late)).isEqualTo(KEYS);
    assertThat(late.disk().store().snapshots().list()).isEmpty();
    assertThat(leader.disk().store().snapshots().list()).isEmpty();
    cluster.ask(2, put("after", "v"));
    cluster.tick(5);
    assertThat(late.askHere(stale(2, get("after"))).getGet().getFound()).isTrue();
  }

  /** Moves things until so many parts of snapshots have left. */
  private void untilChunksSent(int number) {
    for (int i = 0; cluster.chunks().size() < number; i++) {
      assertThat(i).as("passes").isLessThan(10_000);
      if (!cluster.pass()) {
        cluster.beginTick();
      }
    }
  }

  private long bytesSent() {
    return cluster.chunks().stream().mapToLong(chunk -> chunk.getData().size()).sum();
  }

  private long fileBytes() {
    return cluster.chunks().stream()
        .mapToLong(chunk -> chunk.getOffset() + chunk.getData().size())
        .max()
        .orElse(0);
  }

  @Test
  void afterACrashOfTheReceiverOnlyTheRestIsSent() {
    leaveOneBehind();
    cluster.heal();
    untilChunksSent(30);
    int before = cluster.chunks().size();

    late.restart();
    cluster.tickUntil("the late node has caught up", this::caughtUp);

    assertThat(rowsOf(late)).isEqualTo(KEYS);
    assertThat(cluster.chunks().get(before).getOffset()).isPositive();
    long twice = (TestNode.SNAPSHOTS.windowChunks() + 4L) * TestNode.SNAPSHOTS.chunkBytes();
    assertThat(bytesSent()).isBetween(fileBytes(), fileBytes() + twice);
    assertThat(late.disk().store().snapshots().list()).isEmpty();
    assertThat(leader.disk().store().snapshots().list()).isEmpty();
  }

  @Test
  void afterACutOnlyTheRestIsSent() {
    leaveOneBehind();
    cluster.heal();
    untilChunksSent(30);
    cluster.cutOff(late.id());
    cluster.tick(2 * TestNode.SNAPSHOTS.stallMillis() / TestNode.TICK_MILLIS);
    int before = cluster.chunks().size();
    cluster.heal();
    cluster.tickUntil("the late node has caught up", this::caughtUp);

    assertThat(rowsOf(late)).isEqualTo(KEYS);
    assertThat(cluster.chunks().get(before).getOffset()).isPositive();
    assertThat(bytesSent()).isLessThan(fileBytes() * 3 / 2);
  }

  @Test
  void fileThatNobodyComesBackForIsDeletedAndTheLogGoes() {
    leaveOneBehind();
    cluster.heal();
    untilChunksSent(30);
    cluster.cutOff(late.id());
    cluster.tick(2 * TestNode.SNAPSHOTS.stallMillis() / TestNode.TICK_MILLIS);
    assertThat(leader.disk().store().snapshots().list()).hasSize(1);
    assertThat(leader.replica(2).oldestSnapshotLeaving()).isLessThan(Long.MAX_VALUE);

    cluster.tick(TestNode.SNAPSHOTS.keepMillis() / TestNode.TICK_MILLIS + 2);

    assertThat(leader.disk().store().snapshots().list()).isEmpty();
    assertThat(leader.replica(2).oldestSnapshotLeaving()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void afterACrashOfTheSenderTheFollowerCatchesUpAnyhowAndNothingStays() {
    leaveOneBehind();
    cluster.heal();
    untilChunksSent(30);

    leader.restart();
    cluster.tickUntil("there is a leader", this::leads);
    leader = cluster.leader(2);
    cluster.tickUntil("the late node has caught up", this::caughtUp);

    assertThat(rowsOf(late)).isEqualTo(KEYS);
    cluster.tick((int) (TestNode.SNAPSHOTS.keepPartNanos() / 1_000_000) / TestNode.TICK_MILLIS);
    cluster.tick(2 * TestNode.SNAPSHOTS.stallMillis() / TestNode.TICK_MILLIS);
    cluster.nodes().forEach(n -> assertThat(n.disk().store().snapshots().list()).isEmpty());
  }

  private boolean leads() {
    return cluster.nodes().stream().anyMatch(node -> node.replica(2).isLeader());
  }

  @Test
  void fileThatCannotBeDeletedAfterTheInstallHarmsNobody() {
    leaveOneBehind();
    late.holdState(true);
    cluster.heal();
    cluster.tickUntil("the install has begun", this::installs);
    late.disk().disk().snapshots().failAtStep(1);
    late.holdState(false);
    cluster.tickUntil("the late node has caught up", this::caughtUp);

    assertThat(late.disk().disk().snapshots().struck()).isEqualTo(1);
    assertThat(late.replica(2).isStopped()).isFalse();
    assertThat(late.disk().store().snapshots().list()).hasSize(1);
    late.restart();
    assertThat(late.disk().store().snapshots().list()).isEmpty();
  }

  @Test
  void nothingIsReadWhileASnapshotIsInstalled() {
    leaveOneBehind();
    late.holdState(true);
    cluster.heal();
    cluster.tickUntil("the install has begun", this::installs);

    Reply read = late.askHere(stale(2, get(key(0))));
    assertThat(read.getError().getCode()).isEqualTo(ErrorCode.ERROR_CODE_UNAVAILABLE);
    // Also half-way through, when rows of both are there.
    for (int i = 0; i < 2; i++) {
      assertThat(late.disk().stateWriter().runOne()).isTrue();
      late.turns();
      assertThat(late.askHere(stale(2, get(key(0)))).hasError()).isTrue();
    }
    late.holdState(false);
    cluster.tickUntil("the late node has caught up", this::caughtUp);
    assertThat(late.askHere(stale(2, get(key(0)))).getGet().getValue())
        .isEqualTo(Requesting.utf8(LARGE));
  }

  @Test
  void installThatACrashCutOffIsFinishedAtTheNextStart() {
    int unfinished = 0;
    for (int steps = 0; steps < 6; steps++) {
      cluster = new TestCluster(3);
      leader = cluster.leader(2);
      late = other();
      leaveOneBehind();
      late.holdState(true);
      cluster.heal();
      cluster.tickUntil("the install has begun", this::installs);
      for (int i = 0; i < steps; i++) {
        late.disk().stateWriter().runOne();
      }
      late.crash();
      int found = late.disk().store().state().unfinishedInstalls().size();
      unfinished += found;
      cluster.cutOff(late.id());
      late.begin();
      late.host().start();
      cluster.settle();

      if (found > 0) {
        assertThat(rowsOf(late)).as("by itself, after %s steps", steps).isEqualTo(KEYS);
      }
      cluster.heal();
      cluster.tickUntil("the late node has caught up", this::caughtUp);
      assertThat(rowsOf(late)).isEqualTo(KEYS);
      assertThat(late.disk().store().snapshots().list()).isEmpty();
    }
    assertThat(unfinished).isPositive();
  }

  @Test
  void filesThatNobodyNeedsAreDeletedAtStart() {
    var file = late.disk().store().snapshots().create("in-2-21-7");
    file.sync();
    file.close();

    late.restart();

    assertThat(late.disk().store().snapshots().list()).isEmpty();
  }

  @Test
  void snapshotThatComesWhileAnotherWaitsIsRefused() {
    Replica replica = late.replica(2);
    StagedSnapshot first = staged(replica, "in-first", 1_000);
    StagedSnapshot second = staged(replica, "in-second", 900);

    List<String> reasons = new ArrayList<>();
    replica
        .loop()
        .enqueue(
            () -> {
              reasons.add(replica.receiveSnapshot(first));
              reasons.add(replica.receiveSnapshot(second));
            });
    assertThat(late.turns()).isTrue();

    assertThat(reasons).containsExactly("", "the replica is busy");
    assertThat(replica.isStopped()).as("before the first one is found to be no file").isFalse();
    assertThat(replica.applier().isAtBarrier()).isTrue();
  }

  private static StagedSnapshot staged(Replica replica, String file, long index) {
    Membership membership = replica.descriptor().membership();
    long from = replica.node().leaderId();
    long to = replica.key().replicaId();
    long term = replica.node().term();
    ReplicaRow row =
        ReplicaRow.newBuilder()
            .setShard(Descriptors.toProto(replica.descriptor()))
            .setMembership(Descriptors.bytes(membership.encode()))
            .setAppliedIndex(index)
            .setAppliedTerm(term)
            .build();
    return new StagedSnapshot(
        file,
        row,
        new Message.InstallSnapshot(
            from == to ? replica.descriptor().replicas().get(1).replicaId() : from,
            to,
            term,
            new SnapshotMetadata(index, term, membership)));
  }
}
