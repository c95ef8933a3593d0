package io.flotilla.shard;

import static io.flotilla.shard.Requesting.at;
import static io.flotilla.shard.Requesting.get;
import static io.flotilla.shard.Requesting.now;
import static io.flotilla.shard.Requesting.put;
import static io.flotilla.shard.Requesting.split;
import static io.flotilla.shard.Requesting.stale;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.GetCatalogRequest;
import io.flotilla.contract.v1.Outcome;
import io.flotilla.contract.v1.RaftRole;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.internal.v1.Command;
import io.flotilla.shard.kv.Limits;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An invariant breaks: one replica is over, everything else goes on. */
class BrokenReplicaTest {
  private static final Request CATALOG =
      Request.newBuilder().setGetCatalog(GetCatalogRequest.getDefaultInstance()).build();

  private final TestCluster cluster = new TestCluster(1);
  private final TestNode node = cluster.node(1);

  @BeforeEach
  void write() {
    cluster.ask(2, put("k", "v"));
  }

  /** An entry that no state machine of a user shard can apply. */
  private CompletableFuture<Reply> proposeNonsense() {
    CompletableFuture<Reply> answer = new CompletableFuture<>();
    Replica replica = node.replica(2);
    Call call = new Call(put("k", "w"), Long.MAX_VALUE, answer);
    replica
        .loop()
        .enqueue(
            () ->
                replica.callers().proposeAlone(Command.newBuilder().setSequence(1).build(), call));
    return answer;
  }

  private static void assertStopped(Reply reply) {
    assertThat(reply.getError().getCode()).isEqualTo(ErrorCode.ERROR_CODE_INTERNAL);
    assertThat(reply.getError().getOutcome()).isEqualTo(Outcome.OUTCOME_UNKNOWN);
  }

  @Test
  void onlyThatReplicaStopsAndItsStatusSaysSo() {
    var unused = proposeNonsense();
    cluster.settle();

    assertThat(node.status(2).getRole()).isEqualTo(RaftRole.RAFT_ROLE_UNSPECIFIED);
    assertThat(node.status(1).getRole()).isEqualTo(RaftRole.RAFT_ROLE_LEADER);
    assertThat(node.askHere(CATALOG).getGetCatalog().getRoutesCount()).isEqualTo(2);
    assertStopped(node.askHere(at(2, get("k"))));
    assertStopped(node.askHere(at(2, put("k", "v"))));
    assertStopped(node.askHere(stale(2, get("k"))));
    assertThat(node.askHere(at(2, split("m"))).hasError()).isTrue();
  }

  @Test
  void callsThatWaitForTheBrokenEntryAreAnswered() {
    node.holdJournal(true);
    CompletableFuture<Reply> before = node.host().execute(at(2, put("a", "v")));
    node.turns();
    CompletableFuture<Reply> broken = proposeNonsense();
    node.turns();
    CompletableFuture<Reply> behind = node.host().execute(at(2, put("b", "v")));
    CompletableFuture<Reply> read = node.host().execute(at(2, get("b")));
    node.turns();

    node.holdJournal(false);
    cluster.settle();

    assertThat(now(before).hasPut()).isTrue();
    assertStopped(now(broken));
    assertThat(now(behind).getError().getOutcome()).isEqualTo(Outcome.OUTCOME_UNKNOWN);
    assertThat(read).isDone();
  }

  @Test
  void itStopsAgainAfterARestartAndNothingIsLost() {
    var unused = proposeNonsense();
    cluster.settle();

    node.restart();
    cluster.settle();

    assertThat(node.status(2).getRole()).isEqualTo(RaftRole.RAFT_ROLE_UNSPECIFIED);
    assertThat(node.status(1).getRole()).isEqualTo(RaftRole.RAFT_ROLE_LEADER);
  }

  @Test
  void whatAStoppedReplicaHasAppliedIsNotFlushed() {
    long flushed = node.status(2).getFlushedIndex();
    var unused = proposeNonsense();
    cluster.tick(2 * TestNode.FLUSH_TICKS);

    assertThat(node.status(2).getFlushedIndex()).isEqualTo(flushed);
    assertThat(node.status(1).getFlushedIndex()).isEqualTo(node.status(1).getAppliedIndex());
  }

  @Test
  void memoryOfAStoppedReplicaDoesNotHurryTheOthers() {
    TestCluster tight =
        new TestCluster(
            1,
            new HostConfig(
                1,
                TestNode.TICK_MILLIS,
                2,
                10,
                64,
                1 << 10,
                5_000,
                0,
                TestNode.SNAPSHOTS,
                TestNode.SCHEDULER,
                false,
                Limits.MAX_SESSIONS));
    TestNode alone = tight.node(1);
    tight.leader(2);
    alone.holdState(true);
    tight.ask(2, put("k", "x".repeat(2_000)));
    Replica replica = alone.replica(2);
    replica.run(
        () -> {
          throw new IllegalStateException("broken by the test");
        });
    alone.holdState(false);
    tight.settle();
    assertThat(replica.rows().dirtyBytes()).isGreaterThan(1 << 10);

    long commits = alone.disk().disk().state().commits();
    tight.tick(10);

    assertThat(alone.disk().disk().state().commits()).isLessThanOrEqualTo(commits + 1);
  }
}
