package io.flotilla.shard;

import static io.flotilla.shard.Requesting.at;
import static io.flotilla.shard.Requesting.get;
import static io.flotilla.shard.Requesting.now;
import static io.flotilla.shard.Requesting.put;
import static io.flotilla.shard.Requesting.split;
import static io.flotilla.shard.Requesting.stale;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.Outcome;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Route;
import io.flotilla.raft.HardState;
import io.flotilla.shard.catalog.CatalogStateMachine;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.shard.support.Shards;
import io.flotilla.storage.JournalBatch;
import io.flotilla.storage.ReplicaKey;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A split is durable as a whole before anyone sees any of it. */
class HostSplitTest {
  private static final long CHILD = CatalogStateMachine.FIRST_ALLOCATED_ID;

  private final TestCluster cluster = new TestCluster(1);
  private final TestNode node = cluster.node(1);

  private void write() {
    cluster.ask(2, put("a", "1"));
    cluster.ask(2, put("z", "2"));
  }

  private CompletableFuture<Reply> splitHere() {
    cluster.settle();
    return node.host().execute(at(2, split("m")));
  }

  private long owner(String key) {
    return key.compareTo("m") < 0 || node.host().replica(CHILD).isEmpty() ? 2 : CHILD;
  }

  private void assertReadable() {
    assertThat(cluster.ask(owner("a"), get("a")).getGet().getFound()).isTrue();
    assertThat(cluster.ask(owner("z"), get("z")).getGet().getFound()).isTrue();
  }

  @Test
  void splitIsAnsweredWhenBothHalvesServe() {
    write();
    CompletableFuture<Reply> reply = splitHere();
    cluster.settle();

    ShardDescriptor left = Descriptors.fromProto(now(reply).getSplitShard().getLeft());
    ShardDescriptor right = Descriptors.fromProto(now(reply).getSplitShard().getRight());
    assertThat(left).isEqualTo(node.replica(2).descriptor());
    assertThat(right).isEqualTo(node.replica(CHILD).descriptor());
    assertThat(right.range()).isEqualTo(Shards.range("m", ""));
    assertThat(right.replicas().get(0).replicaId()).isEqualTo(CHILD + 1);
    assertReadable();
    assertThat(cluster.ask(2, get("z")).getError().getCode())
        .isEqualTo(ErrorCode.ERROR_CODE_STALE_ROUTE);
  }

  @Test
  void nothingIsSeenBeforeTheBarrierIsDurable() {
    write();
    node.holdState(true);
    CompletableFuture<Reply> reply = splitHere();
    cluster.settle();

    assertThat(reply).isNotDone();
    assertThat(node.replica(2).applier().isAtBarrier()).isTrue();
    assertThat(node.host().replica(CHILD)).isEmpty();
    Reply read = node.askHere(stale(2, get("a")));
    assertThat(read.getError().getCode()).isEqualTo(ErrorCode.ERROR_CODE_UNAVAILABLE);
    assertThat(read.getError().getOutcome()).isEqualTo(Outcome.OUTCOME_NOT_APPLIED);
    CompletableFuture<Reply> later = node.host().execute(at(2, put("a", "3")));
    CompletableFuture<Reply> linearizable = node.host().execute(at(2, get("a")));
    cluster.settle();
    assertThat(later).isNotDone();
    assertThat(linearizable).isNotDone();

    node.holdState(false);
    cluster.settle();

    assertThat(now(reply).hasSplitShard()).isTrue();
    assertThat(now(later).hasPut()).isTrue();
    assertThat(now(linearizable).hasGet()).isTrue();
  }

  @Test
  void crashBeforeTheBarrierReplaysTheSplit() {
    write();
    node.holdState(true);
    var unused = splitHere();
    cluster.settle();

    node.restart();
    cluster.settle();

    assertThat(node.replica(2).descriptor().range()).isEqualTo(Shards.range("", "m"));
    assertThat(node.replica(CHILD).descriptor().range()).isEqualTo(Shards.range("m", ""));
    assertReadable();
  }

  @Test
  void crashAtAnyStepOfTheDiskLeavesBothHalvesOrNone() {
    boolean whole = false;
    boolean none = false;
    for (int steps = 0; !whole || steps < 12; steps++) {
      TestCluster world = new TestCluster(1);
      TestNode alone = world.node(1);
      world.ask(2, put("a", "1"));
      world.ask(2, put("z", "2"));
      CompletableFuture<Reply> reply = alone.host().execute(at(2, split("m")));
      for (int i = 0; i < steps; i++) {
        runTurns(alone);
        var unused = alone.disk().runOne();
      }
      alone.restart();
      world.settle();

      boolean split = alone.host().replica(CHILD).isPresent();
      long owner = split ? CHILD : 2;
      String where = "after " + steps + " steps";
      if (reply.isDone()) {
        assertThat(split).as(where).isTrue();
      }
      assertThat(world.ask(2, get("a")).getGet().getFound()).as(where).isTrue();
      assertThat(world.ask(owner, get("z")).getGet().getFound()).as(where).isTrue();
      assertThat(alone.replica(2).descriptor().range())
          .as(where)
          .isEqualTo(split ? Shards.range("", "m") : Shards.range("", ""));
      whole |= reply.isDone();
      none |= !split;
    }
    assertThat(none).isTrue();
  }

  private static void runTurns(TestNode node) {
    boolean moved;
    do {
      moved = node.turns();
    } while (moved);
  }

  /** M1: the child is asked for its vote before the split is applied here. */
  @Test
  void voteThatTheChildGaveBeforeIsKept() {
    write();
    JournalBatch batch = new JournalBatch();
    batch.reset(new ReplicaKey(CHILD, CHILD + 1), 1, 1);
    batch.hardState(new ReplicaKey(CHILD, CHILD + 1), new HardState(9, 77, 1));
    node.disk().store().journal().submit(batch, () -> {});
    cluster.settle();

    var unused = splitHere();
    cluster.settle();

    assertThat(node.replica(CHILD).node().term()).as("not in a term it voted in").isGreaterThan(9);
  }

  @Test
  void splitOnAWrongKeyAsksForNothing() {
    write();
    var unused = splitHere();
    cluster.settle();
    long nextId = cluster.ask(CHILD, split("p")).getSplitShard().getRight().getShardId();

    Reply atStart = cluster.ask(CHILD, split("m"));
    Reply outside = cluster.ask(CHILD, split("a"));

    assertThat(atStart.getError().getCode()).isEqualTo(ErrorCode.ERROR_CODE_FAILED_PRECONDITION);
    assertThat(outside.getError().getCode()).isEqualTo(ErrorCode.ERROR_CODE_STALE_ROUTE);
    assertThat(cluster.ask(2, split("c")).getSplitShard().getRight().getShardId())
        .as("one shard and one replica since")
        .isEqualTo(nextId + 2);
  }

  /** M11: a split is checked when it is proposed and again when it is applied. */
  @Test
  void twoSplitsOfOneEpochDoNotBothHappen() {
    write();
    CompletableFuture<Reply> first = splitHere();
    CompletableFuture<Reply> second = node.host().execute(at(2, split("g")));
    cluster.settle();

    assertThat(List.of(now(first), now(second))).filteredOn(Reply::hasSplitShard).hasSize(1);
    assertThat(List.of(now(first), now(second)))
        .filteredOn(Reply::hasError)
        .extracting(reply -> reply.getError().getCode())
        .containsExactly(ErrorCode.ERROR_CODE_STALE_ROUTE);
  }

  @Test
  void catalogLearnsOfBothHalves() {
    write();
    var unused = splitHere();
    cluster.tick(2);

    CatalogStateMachine catalog = (CatalogStateMachine) node.replica(1).machine();
    assertThat(catalog.routes())
        .extracting(Route::getShard)
        .containsExactly(
            Descriptors.toProto(node.replica(2).descriptor()),
            Descriptors.toProto(node.replica(CHILD).descriptor()));
    assertThat(catalog.routes()).extracting(Route::getLeaderNodeId).containsExactly(1L, 1L);
  }

  @Test
  void everyNodeHasItsReplicaOfTheChild() {
    TestCluster three = new TestCluster(3);
    three.ask(2, put("z", "1"));
    Reply reply = three.ask(2, split("m"));
    three.tick(30);

    long child = reply.getSplitShard().getRight().getShardId();
    assertThat(three.nodes())
        .allSatisfy(
            each -> {
              assertThat(each.replica(child).descriptor().range()).isEqualTo(Shards.range("m", ""));
              assertThat(each.askHere(stale(child, get("z"))).getGet().getFound()).isTrue();
            });
    assertThat(three.leader(child)).isSameAs(three.leader(2));
  }
}
