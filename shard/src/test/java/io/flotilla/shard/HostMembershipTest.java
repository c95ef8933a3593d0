package io.flotilla.shard;

import static io.flotilla.shard.Requesting.at;
import static io.flotilla.shard.Requesting.change;
import static io.flotilla.shard.Requesting.get;
import static io.flotilla.shard.Requesting.gone;
import static io.flotilla.shard.Requesting.learner;
import static io.flotilla.shard.Requesting.put;
import static io.flotilla.shard.Requesting.split;
import static io.flotilla.shard.Requesting.stale;
import static io.flotilla.shard.Requesting.transfer;
import static io.flotilla.shard.Requesting.voter;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.Outcome;
import io.flotilla.contract.v1.ReplicaChange;
import io.flotilla.contract.v1.Reply;
import io.flotilla.raft.Message;
import io.flotilla.raft.Payload;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.KeyRange;
import io.flotilla.shard.descriptor.ReplicaDescriptor;
import io.flotilla.shard.descriptor.ReplicaDescriptor.Role;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.shard.kv.KeySpace;
import io.flotilla.shard.support.Shards;
import io.flotilla.storage.ReplicaKey;
import io.flotilla.storage.Table;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Replicas come, get a vote, and go; node 4 begins without any. */
class HostMembershipTest {
  private static final long SHARD = 2;

  private final TestCluster cluster = new TestCluster(3, 1, TestNode.config());

  /** Asks until it is done, as a router does. */
  private ShardDescriptor changed(ReplicaChange... changes) {
    return changed(SHARD, changes);
  }

  private ShardDescriptor changed(long shardId, ReplicaChange... changes) {
    for (int i = 0; i < 50; i++) {
      Reply reply = cluster.ask(shardId, change(shardId, changes));
      if (reply.hasChangeReplicas()) {
        return Descriptors.fromProto(reply.getChangeReplicas().getShard());
      }
      assertThat(reply.getError().getCode())
          .as(reply.getError().getMessage())
          .isIn(
              ErrorCode.ERROR_CODE_UNAVAILABLE,
              ErrorCode.ERROR_CODE_NOT_LEADER,
              ErrorCode.ERROR_CODE_LEADERSHIP_LOST);
      cluster.tick(5);
    }
    throw new AssertionError("never done: " + List.of(changes));
  }

  private Reply refused(ReplicaChange... changes) {
    Reply reply = cluster.ask(SHARD, change(SHARD, changes));
    assertThat(reply.hasError()).as(reply.toString()).isTrue();
    return reply;
  }

  private static Role roleOn(ShardDescriptor shard, long node) {
    return shard.replicaOn(node).orElseThrow().role();
  }

  private boolean has(long node, String key, String value) {
    Reply read = cluster.node(node).askHere(stale(SHARD, get(key)));
    return read.getGet().getValue().toStringUtf8().equals(value);
  }

  private void makeVoterOf4() {
    changed(learner(4));
    cluster.tickUntil("node 4 has a replica", () -> holds(4));
    cluster.tickUntil("it has caught up", () -> has(4, "a", "1"));
    changed(voter(4));
  }

  private boolean holds(long node) {
    return cluster.node(node).host().replica(SHARD).isPresent();
  }

  /** A follower's node, and not node 4. */
  private long followerNode() {
    long leader = cluster.leader(SHARD).id();
    return LongStream.rangeClosed(1, 3).filter(id -> id != leader).findFirst().orElseThrow();
  }

  private boolean rowIsThere(long node, String key) {
    var rows = cluster.node(node).disk().store().state().open(new ReplicaKey(SHARD, 999));
    return rows.get(Table.DATA, KeySpace.userRow(Payload.utf8(key))) != null;
  }

  @Test
  void learnerReceivesTheDataAndDoesNotVote() {
    cluster.ask(SHARD, put("a", "1"));
    ShardDescriptor before = cluster.leader(SHARD).replica(SHARD).descriptor();

    ShardDescriptor after = changed(learner(4));

    assertThat(after.epoch()).isEqualTo(before.epoch().nextMembership());
    assertThat(roleOn(after, 4)).isEqualTo(Role.LEARNER);
    cluster.tickUntil("node 4 has the data", () -> holds(4) && has(4, "a", "1"));
    cluster.ask(SHARD, put("b", "2"));
    cluster.tickUntil("node 4 has what came later", () -> has(4, "b", "2"));
    assertThat(cluster.node(4).replica(SHARD).node().membership().learners())
        .containsExactly(after.replicaOn(4).orElseThrow().replicaId());
  }

  @Test
  void followerThatIsBehindCatchesUpFromALeaderItHasNeverHeardOf() {
    cluster.ask(SHARD, put("a", "1"));
    long behind = followerNode();
    cluster.cutOff(behind);
    makeVoterOf4();
    cluster.ask(SHARD, put("b", "2"));
    cluster.ask(SHARD, transfer(SHARD, 4));
    cluster.tickUntil("node 4 leads", () -> cluster.leader(SHARD).id() == 4);

    cluster.reconnect(behind);

    cluster.tickUntil("the follower has the data", () -> has(behind, "b", "2"));
  }

  @Test
  void replicaIsReplacedByAnotherInOneChange() {
    cluster.ask(SHARD, put("a", "1"));
    changed(learner(4));
    cluster.tickUntil("node 4 has the data", () -> holds(4) && has(4, "a", "1"));
    long old = followerNode();
    ReplicaDescriptor oldReplica =
        cluster.node(old).replica(SHARD).descriptor().replicaOn(old).orElseThrow();

    ShardDescriptor after = changed(voter(4), gone(old));

    assertThat(roleOn(after, 4)).isEqualTo(Role.VOTER);
    assertThat(after.replicaOn(old)).isEmpty();
    assertThat(after.replicas()).hasSize(3);
    assertThat(after.isJoint()).isFalse();
    cluster.tickUntil("the old replica is gone", () -> !holds(old));
    cluster.settle();
    assertThat(rowIsThere(old, "a")).isFalse();
    assertThat(rowIsThere(4, "a") || has(4, "a", "1")).isTrue();
    assertThat(cluster.ask(SHARD, put("b", "2")).hasPut()).isTrue();

    cluster.node(old).restart();
    cluster.tick(30);
    assertThat(holds(old)).as("after a restart").isFalse();
    assertThat(cluster.node(old).host().removed().contains(SHARD, oldReplica.replicaId())).isTrue();
  }

  @Test
  void leaderThatIsRemovedHandsLeadershipOverFirst() {
    cluster.ask(SHARD, put("a", "1"));
    makeVoterOf4();
    long leader = cluster.leader(SHARD).id();

    ShardDescriptor after = changed(gone(leader));

    assertThat(after.replicaOn(leader)).isEmpty();
    cluster.tickUntil("its replica is gone", () -> !holds(leader));
    assertThat(cluster.ask(SHARD, get("a")).getGet().getValue().toStringUtf8()).isEqualTo("1");
  }

  @Test
  void whatIsSoAlreadyIsAnsweredWithoutAChange() {
    ShardDescriptor once = changed(learner(4));

    assertThat(changed(learner(4))).isEqualTo(once);
    assertThat(changed(voter(1), voter(2))).isEqualTo(once);
  }

  @Test
  void changesThatCannotBeAreRefusedInWords() {
    assertThat(refused(voter(4)).getError().getMessage()).contains("make it a learner first");
    assertThat(refused(gone(1), gone(2), gone(3)).getError().getMessage())
        .contains("without a voter");
    assertThat(refused(learner(9)).getError().getCode()).isEqualTo(ErrorCode.ERROR_CODE_NOT_FOUND);
    assertThat(refused(learner(4), learner(4)).getError().getCode())
        .isEqualTo(ErrorCode.ERROR_CODE_INVALID_ARGUMENT);
    assertThat(refused().getError().getMessage()).contains("0 entries");
    var expecting = change(SHARD, learner(4)).toBuilder();
    expecting.getChangeReplicasBuilder().setExpectedMembershipVersion(7);
    assertThat(cluster.ask(SHARD, expecting.build()).getError().getMessage())
        .contains("is 1, not 7");
  }

  @Test
  void changeThatTheLivingCouldNotCarryIsRefused() {
    changed(learner(4));
    long dead = followerNode();
    cluster.node(dead).crash();
    cluster.tick(60);
    long other =
        LongStream.rangeClosed(1, 3)
            .filter(id -> id != dead && id != cluster.leader(SHARD).id())
            .findFirst()
            .orElseThrow();

    Reply reply = refused(gone(other));

    assertThat(reply.getError().getMessage()).contains("would need 2 of the nodes");
    assertThat(changed(gone(dead)).replicaOn(dead)).as("the dead one may go").isEmpty();
  }

  /** M6: nobody could tell it, so it asks. */
  /** Simulation seed 4624: the child's newest replica got an id that nobody had given out. */
  @Test
  void splitWhoseIdsWereCountedBeforeAReplicaCameIsRefused() {
    cluster.ask(SHARD, put("a", "1"));
    CompletableFuture<Boolean> ids = new CompletableFuture<>();
    cluster.delayIds(ids);
    CompletableFuture<Reply> early = cluster.leader(SHARD).host().execute(at(SHARD, split("m")));
    changed(learner(4));
    ids.complete(true);
    cluster.tickUntil("the split is answered", early::isDone);

    assertThat(early.join().getError().getMessage())
        .contains("another change of shard 2 came first");
    assertThat(cluster.ask(SHARD, split("m")).hasSplitShard()).isTrue();
  }

  @Test
  void replicaRemovedWhileCutOffGoesWhenItComesBack() {
    cluster.ask(SHARD, put("a", "1"));
    makeVoterOf4();
    long absent = followerNode();
    cluster.cutOff(absent);

    changed(gone(absent));
    cluster.tick(60);
    assertThat(holds(absent)).as("nobody told it, and it has no proof").isTrue();

    cluster.heal();
    cluster.tickUntil("it is gone", () -> !holds(absent));
    assertThat(cluster.ask(SHARD, put("b", "2")).hasPut()).isTrue();
  }

  /** M2: the replica of the child that the late split makes was replaced long before. */
  @Test
  void lateSplitMakesNoReplicaThatOutlivesItsRemoval() {
    cluster.ask(SHARD, put("a", "1"));
    cluster.ask(SHARD, put("x", "2"));
    long absent = followerNode();
    cluster.cutOff(absent);
    cluster.tick(60); // it may have led the catalog
    Reply split = cluster.ask(SHARD, split("m"));
    assertThat(split.hasSplitShard()).as(split.toString()).isTrue();
    long child = split.getSplitShard().getRight().getShardId();
    cluster.tickUntil("the child is led", () -> isLed(child));
    changed(child, learner(4));
    cluster.tickUntil("it has caught up", () -> hasStale(4, child, "x", "2"));
    changed(child, voter(4), gone(absent));

    cluster.heal();
    cluster.tickUntil(
        "the split is applied",
        () ->
            cluster
                .node(absent)
                .replica(SHARD)
                .descriptor()
                .range()
                .end()
                .equals(Payload.utf8("m")));
    cluster.tickUntil(
        "no replica of the child is left",
        () -> cluster.node(absent).host().replica(child).isEmpty() && !rowIsThere(absent, "x"));

    assertThat(rowIsThere(absent, "a")).as("the parent's rows stay").isTrue();
    assertThat(cluster.ask(child, get("x")).getGet().getValue().toStringUtf8()).isEqualTo("2");
  }

  private boolean isLed(long shardId) {
    return cluster.nodes().stream()
        .anyMatch(node -> node.host().replica(shardId).map(Replica::isLeader).orElse(false));
  }

  private boolean hasStale(long node, long shardId, String key, String value) {
    return cluster.node(node).host().replica(shardId).isPresent()
        && cluster
            .node(node)
            .askHere(stale(shardId, get(key)))
            .getGet()
            .getValue()
            .toStringUtf8()
            .equals(value);
  }

  /** M5: only a membership at least as new as the replica's own, without it, is proof. */
  @Test
  void onlyANewerMembershipWithoutTheReplicaIsProof() {
    ShardDescriptor own = Shards.of(SHARD, KeyRange.ALL, 1, 2, 3);
    long replica = own.replicaOn(3).orElseThrow().replicaId();
    ShardDescriptor without =
        new ShardDescriptor(
            SHARD,
            KeyRange.ALL,
            own.epoch().nextMembership(),
            own.replicas().stream().filter(r -> r.nodeId() != 3).toList());
    ShardDescriptor afterwards =
        new ShardDescriptor(
            SHARD, KeyRange.ALL, own.epoch().nextMembership().nextMembership(), own.replicas());

    assertThat(StaleReplicas.isProof(without, own, replica)).isTrue();
    assertThat(StaleReplicas.isProof(own, own, replica)).isFalse();
    assertThat(StaleReplicas.isProof(without, afterwards, replica))
        .as("the catalog is behind the replica")
        .isFalse();
  }

  /** M4, M8: a replica that comes back is another one, and finds nothing of the old one. */
  @Test
  void nodeThatGetsAReplicaAgainStartsFromNothing() {
    cluster.ask(SHARD, put("a", "1"));
    makeVoterOf4();
    long node = followerNode();
    long oldId = cluster.node(node).replica(SHARD).key().replicaId();
    changed(gone(node));
    cluster.tickUntil("it is gone", () -> !holds(node));
    cluster.ask(SHARD, put("a", "new"));

    changed(learner(node));

    cluster.tickUntil("it is back", () -> holds(node) && has(node, "a", "new"));
    assertThat(cluster.node(node).replica(SHARD).key().replicaId()).isGreaterThan(oldId);
  }

  /** M3: late messages and snapshots for a removed replica bring nothing back. */
  @Test
  void removedReplicaIsNotAnswered() {
    cluster.ask(SHARD, put("a", "1"));
    makeVoterOf4();
    long node = followerNode();
    long oldId = cluster.node(node).replica(SHARD).key().replicaId();
    long leaderId = cluster.leader(SHARD).replica(SHARD).key().replicaId();
    changed(gone(node));
    cluster.tickUntil("it is gone", () -> !holds(node));

    for (int i = 0; i < 60; i++) {
      cluster.node(node).host().receive(4, SHARD, new Message.Heartbeat(leaderId, oldId, 9, 0, 0));
      cluster.tick();
    }

    assertThat(holds(node)).isFalse();
  }

  /** M8: a crash at any step of the removal leaves a replica or none, and a start finishes it. */
  @Test
  void removalIsFinishedAfterACrashAtAnyStep() {
    for (int steps = 0; steps < 8; steps++) {
      HostMembershipTest world = new HostMembershipTest();
      world.cluster.ask(SHARD, put("a", "1"));
      world.makeVoterOf4();
      long node = world.followerNode();
      TestNode leaving = world.cluster.node(node);
      world.changed(gone(node));
      leaving.holdState(true);
      world.cluster.tickUntil("it is stopped", () -> !world.holds(node));
      for (int i = 0; i < steps; i++) {
        leaving.disk().stateWriter().runOne();
        leaving.disk().background().runOne();
      }

      leaving.restart();

      world.cluster.tickUntil("it is gone", () -> !world.holds(node));
      world.cluster.tick(20);
      assertThat(world.rowIsThere(node, "a")).as("after " + steps + " steps").isFalse();
    }
  }

  /** M7: whoever still asks the removed replica is sent away. */
  @Test
  void callsOfARemovedReplicaAreAnswered() {
    cluster.ask(SHARD, put("a", "1"));
    makeVoterOf4();
    long node = followerNode();
    changed(gone(node));
    cluster.tickUntil("it is gone", () -> !holds(node));

    Reply read = cluster.node(node).askHere(stale(SHARD, get("a")));

    assertThat(read.getError().getCode()).isEqualTo(ErrorCode.ERROR_CODE_STALE_ROUTE);
  }

  @Test
  void systemShardMovesLikeAnyOther() {
    changed(ShardDescriptor.SYSTEM_SHARD_ID, learner(4));
    cluster.tickUntil(
        "node 4 has the catalog", () -> cluster.node(4).host().replica(1).isPresent());
    cluster.tick(20);
    long leader = cluster.leader(1).id();
    long old = LongStream.rangeClosed(1, 3).filter(i -> i != leader).findFirst().orElseThrow();

    ShardDescriptor after = changed(1, voter(4), gone(old));

    assertThat(after.replicaOn(4)).isPresent();
    cluster.tickUntil(
        "the old replica is gone", () -> cluster.node(old).host().replica(1).isEmpty());
    assertThat(cluster.ask(SHARD, split("m")).hasSplitShard()).as("ids are handed out").isTrue();
  }

  @Test
  void splitAndChangeAtOnceLeaveNothingHalfDone() {
    cluster.ask(SHARD, put("a", "1"));
    makeVoterOf4();
    TestNode leader = cluster.leader(SHARD);
    CompletableFuture<Reply> change = leader.host().execute(change(SHARD, learner(followerNode())));
    leader.turns();
    Reply reply = cluster.ask(SHARD, split("m"));

    assertThat(
            reply.hasSplitShard() || reply.getError().getOutcome() == Outcome.OUTCOME_NOT_APPLIED)
        .isTrue();
    cluster.tickUntil("the change is done", change::isDone);
    changed(voter(1));
    assertThat(cluster.ask(SHARD, split("c")).hasSplitShard()).isTrue();
  }
}
