package io.flotilla.shard;

import static io.flotilla.shard.Requesting.at;
import static io.flotilla.shard.Requesting.get;
import static io.flotilla.shard.Requesting.now;
import static io.flotilla.shard.Requesting.put;
import static io.flotilla.shard.Requesting.stale;
import static io.flotilla.shard.Requesting.transfer;
import static io.flotilla.shard.Requesting.within;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.contract.v1.Context;
import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.GetCatalogRequest;
import io.flotilla.contract.v1.Outcome;
import io.flotilla.contract.v1.RaftRole;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.shard.descriptor.ShardDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Calls of clients, from arrival to answer. */
class HostCallsTest {
  private static final int TIMEOUT_MILLIS = 50;

  private final TestCluster cluster = new TestCluster(3);
  private final TestNode leader = cluster.leader(2);

  private static void assertError(Reply reply, ErrorCode code, Outcome outcome) {
    assertThat(reply.getError().getCode()).isEqualTo(code);
    assertThat(reply.getError().getOutcome()).isEqualTo(outcome);
    assertThat(reply.getError().getMessage()).isNotEmpty();
  }

  private TestNode follower() {
    return cluster.nodes().stream().filter(node -> node != leader).findFirst().orElseThrow();
  }

  @Test
  void writesOfOneTurnBecomeOneEntry() {
    long before = leader.status(2).getLastIndex();

    List<Reply> replies = cluster.askAll(2, List.of(put("a", "1"), put("b", "2"), put("c", "3")));

    assertThat(replies).allMatch(Reply::hasPut);
    assertThat(leader.status(2).getLastIndex()).isEqualTo(before + 1);
  }

  @Test
  void largeWritesAreSpreadOverEntries() {
    String large = "x".repeat(700_000);
    long before = leader.status(2).getLastIndex();

    cluster.askAll(2, List.of(put("a", large), put("b", large), put("c", "small")));

    assertThat(leader.status(2).getLastIndex()).isEqualTo(before + 2);
  }

  @Test
  void followerSaysWhoLeads() {
    Reply reply = follower().askHere(at(2, put("k", "v")));

    assertError(reply, ErrorCode.ERROR_CODE_NOT_LEADER, Outcome.OUTCOME_NOT_APPLIED);
    assertThat(reply.getError().getLeaderNodeId()).isEqualTo(leader.id());
    assertError(
        follower().askHere(at(2, get("k"))),
        ErrorCode.ERROR_CODE_NOT_LEADER,
        Outcome.OUTCOME_NOT_APPLIED);
  }

  @Test
  void staleReadIsServedByAnyReplica() {
    cluster.ask(2, put("k", "v"));
    cluster.tick(3);

    assertThat(follower().askHere(stale(2, get("k"))).getGet().getFound()).isTrue();
  }

  @Test
  void writeWithoutAQuorumIsUnknownAtItsDeadline() {
    cluster.nodes().stream().filter(node -> node != leader).forEach(n -> cluster.cutOff(n.id()));
    CompletableFuture<Reply> write =
        leader.host().execute(within(TIMEOUT_MILLIS, at(2, put("k", "v"))));
    CompletableFuture<Reply> read = leader.host().execute(within(TIMEOUT_MILLIS, at(2, get("k"))));
    cluster.tick(TIMEOUT_MILLIS / TestNode.TICK_MILLIS - 1);
    assertThat(write).isNotDone();
    cluster.tick(2);

    assertError(now(write), ErrorCode.ERROR_CODE_DEADLINE_EXCEEDED, Outcome.OUTCOME_UNKNOWN);
    assertError(now(read), ErrorCode.ERROR_CODE_DEADLINE_EXCEEDED, Outcome.OUTCOME_NOT_APPLIED);
    cluster.heal();
    cluster.tick(60);
    assertThat(cluster.ask(2, get("k")).getGet().getFound())
        .as("unknown, and indeed it was applied later")
        .isTrue();
  }

  @Test
  void leaderThatLosesItsQuorumSaysUnknown() {
    cluster.cutOff(leader.id());
    CompletableFuture<Reply> write = leader.host().execute(at(2, put("k", "lost")));
    CompletableFuture<Reply> read = leader.host().execute(at(2, get("k")));
    cluster.tickUntil("it steps down", write::isDone);

    assertError(now(write), ErrorCode.ERROR_CODE_LEADERSHIP_LOST, Outcome.OUTCOME_UNKNOWN);
    assertError(now(read), ErrorCode.ERROR_CODE_NOT_LEADER, Outcome.OUTCOME_NOT_APPLIED);
  }

  @Test
  void writeThatAnotherLeaderOverwroteIsNeverSaidToBeApplied() {
    cluster.cutOff(leader.id());
    CompletableFuture<Reply> write = leader.host().execute(at(2, put("k", "lost")));
    cluster.settle();
    cluster.ask(2, put("k", "kept"));
    cluster.heal();
    cluster.tick(40);

    assertThat(now(write).getError().getOutcome()).isEqualTo(Outcome.OUTCOME_UNKNOWN);
    assertThat(cluster.ask(2, get("k")).getGet().getValue()).isEqualTo(Requesting.utf8("kept"));
  }

  @Test
  void fullMailboxRefusesCallsAndKeepsNone() {
    int room = TestNode.config().mailboxCalls();
    List<CompletableFuture<Reply>> calls = new ArrayList<>();
    for (int i = 0; i <= room; i++) {
      calls.add(leader.host().execute(at(2, put("k" + i, "v"))));
    }

    assertThat(calls.get(room)).isDone();
    assertError(now(calls.get(room)), ErrorCode.ERROR_CODE_OVERLOADED, Outcome.OUTCOME_NOT_APPLIED);
    cluster.settle();
    assertThat(calls.subList(0, room)).allMatch(call -> now(call).hasPut());
  }

  @Test
  void replicaWithTooManyCallsUnderWayRefusesMore() {
    int room = TestNode.config().mailboxCalls();
    leader.holdJournal(true);
    cluster.nodes().stream().filter(node -> node != leader).forEach(n -> cluster.cutOff(n.id()));
    List<CompletableFuture<Reply>> calls = new ArrayList<>();
    for (int i = 0; i <= room; i++) {
      calls.add(leader.host().execute(at(2, put("k" + i, "v"))));
      leader.turns();
    }

    assertError(now(calls.get(room)), ErrorCode.ERROR_CODE_OVERLOADED, Outcome.OUTCOME_NOT_APPLIED);
    leader.holdJournal(false);
    cluster.heal();
    cluster.tick(20);
    assertThat(cluster.ask(2, put("k", "v")).hasPut()).as("there is room again").isTrue();
  }

  @Test
  void requestOutOfBoundsIsRejectedBeforeAnythingElse() {
    assertError(
        leader.askHere(at(2, put("", "v"))),
        ErrorCode.ERROR_CODE_INVALID_ARGUMENT,
        Outcome.OUTCOME_REJECTED);
    Request fromTheFuture =
        put("k", "v").toBuilder()
            .setContext(Context.newBuilder().setSessionId(-1).setSequence(1))
            .build();
    assertError(
        leader.askHere(at(2, fromTheFuture)),
        ErrorCode.ERROR_CODE_INVALID_ARGUMENT,
        Outcome.OUTCOME_REJECTED);
  }

  @Test
  void shardThatIsNotHereIsAStaleRoute() {
    assertError(
        leader.askHere(at(99, get("k"))),
        ErrorCode.ERROR_CODE_STALE_ROUTE,
        Outcome.OUTCOME_NOT_APPLIED);
  }

  @Test
  void leadershipMovesWhereItIsAskedTo() {
    TestNode target = follower();

    Reply reply = cluster.ask(2, transfer(2, target.id()));

    assertThat(reply.getTransferLeader().getLeaderNodeId()).isEqualTo(target.id());
    assertThat(cluster.leader(2)).isSameAs(target);
    assertThat(cluster.ask(2, transfer(2, target.id())).getTransferLeader().getLeaderNodeId())
        .as("already there")
        .isEqualTo(target.id());
    assertError(
        cluster.ask(2, transfer(2, 9)),
        ErrorCode.ERROR_CODE_INVALID_ARGUMENT,
        Outcome.OUTCOME_REJECTED);
  }

  @Test
  void transferThatDoesNotComeAboutEndsAtItsDeadline() {
    TestNode target = follower();
    cluster.cutOff(target.id());
    CompletableFuture<Reply> reply =
        leader.host().execute(within(TIMEOUT_MILLIS, at(2, transfer(2, target.id()))));
    cluster.tick(TIMEOUT_MILLIS / TestNode.TICK_MILLIS + 1);

    assertError(now(reply), ErrorCode.ERROR_CODE_DEADLINE_EXCEEDED, Outcome.OUTCOME_UNKNOWN);
  }

  @Test
  void nodeThatLeavesGivesItsLeadersAway() {
    leader.host().giveLeadershipAway();
    cluster.tickUntil(
        "another one leads both",
        () ->
            !leader.replica(1).isLeader()
                && !leader.replica(2).isLeader()
                && cluster.leader(2) != leader);

    assertThat(cluster.ask(2, put("k", "v")).hasPut()).isTrue();
  }

  @Test
  void noClientCanWriteToTheSystemShard() {
    long system = ShardDescriptor.SYSTEM_SHARD_ID;
    for (Request request :
        List.of(
            put("k", "v"),
            get("k"),
            Requesting.scan(),
            Requesting.delete("k"),
            Requesting.split("m"))) {
      assertThat(leader.askHere(at(system, request)).getError().getCode())
          .as(request.toString())
          .isEqualTo(ErrorCode.ERROR_CODE_STALE_ROUTE);
      assertThat(leader.askHere(stale(system, request)).hasError()).isTrue();
    }
    cluster.tick(3);

    assertThat(cluster.nodes())
        .allMatch(node -> node.status(system).getRole() != RaftRole.RAFT_ROLE_UNSPECIFIED);
    Request catalog =
        Request.newBuilder().setGetCatalog(GetCatalogRequest.getDefaultInstance()).build();
    assertThat(cluster.ask(system, catalog).hasGetCatalog()).isTrue();
  }
}
