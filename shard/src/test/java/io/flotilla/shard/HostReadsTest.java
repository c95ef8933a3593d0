package io.flotilla.shard;

import static io.flotilla.shard.Requesting.at;
import static io.flotilla.shard.Requesting.follower;
import static io.flotilla.shard.Requesting.get;
import static io.flotilla.shard.Requesting.now;
import static io.flotilla.shard.Requesting.put;
import static io.flotilla.shard.Requesting.scan;
import static io.flotilla.shard.Requesting.stale;
import static io.flotilla.shard.Requesting.within;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.contract.v1.AsOf;
import io.flotilla.contract.v1.Consistency;
import io.flotilla.contract.v1.Context;
import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.Outcome;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.shard.descriptor.ShardDescriptor;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Reads that are not answered by the leader, or not only. */
class HostReadsTest {
  private static final int BOUND_MILLIS = 3 * TestNode.TICK_MILLIS;

  private final TestCluster cluster = new TestCluster(3);
  private final TestNode leader = cluster.leader(2);
  private final TestNode follower =
      cluster.nodes().stream().filter(node -> node != leader).findFirst().orElseThrow();

  private Reply ask(TestNode node, Request request) {
    CompletableFuture<Reply> reply = node.host().execute(request);
    cluster.tickUntil("an answer to " + request, reply::isDone);
    return reply.join();
  }

  private static String value(Reply reply) {
    return reply.getGet().getValue().toStringUtf8();
  }

  private static void assertNotApplied(Reply reply, ErrorCode code) {
    assertThat(reply.getError().getCode()).isEqualTo(code);
    assertThat(reply.getError().getOutcome()).isEqualTo(Outcome.OUTCOME_NOT_APPLIED);
    assertThat(reply.getError().getMessage()).isNotEmpty();
  }

  @Test
  void followerSeesWhatWasAcknowledgedBefore() {
    cluster.ask(2, put("k", "1"));
    long revision = cluster.ask(2, put("k", "2")).getPut().getRevision();

    Reply reply = ask(follower, follower(2, get("k")));

    assertThat(value(reply)).isEqualTo("2");
    AsOf asOf = reply.getGet().getAsOf();
    assertThat(asOf.getNodeId()).isEqualTo(follower.id());
    assertThat(asOf.getShardId()).isEqualTo(2);
    assertThat(asOf.getRevision()).isEqualTo(revision);
    assertThat(asOf.getAppliedIndex()).isEqualTo(leader.status(2).getAppliedIndex());
    assertThat(asOf.hasAgeMillis()).isTrue();
    assertThat(ask(follower, follower(2, scan())).getScan().getRowsCount()).isEqualTo(1);
  }

  @Test
  void leaderAnswersSuchReadsToo_andItsOwnSayNothingOfTheirState() {
    cluster.ask(2, put("k", "1"));

    assertThat(value(ask(leader, follower(2, get("k"))))).isEqualTo("1");
    assertThat(ask(leader, at(2, get("k"))).getGet().hasAsOf()).isFalse();
  }

  @Test
  void followerWaitsUntilItHasAppliedTheIndex() {
    follower.holdJournal(true);
    cluster.ask(2, put("k", "1"));

    CompletableFuture<Reply> read = follower.host().execute(follower(2, get("k")));
    cluster.tick(5);
    assertThat(read).as("has its index, but not the entries").isNotDone();
    follower.holdJournal(false);
    cluster.settle();

    assertThat(value(now(read))).isEqualTo("1");
  }

  @Test
  void lostQuestionIsAskedAgain() {
    cluster.ask(2, put("k", "1"));
    cluster.cutOff(follower.id());
    CompletableFuture<Reply> read = follower.host().execute(follower(2, get("k")));
    cluster.tick(3);
    assertThat(read).isNotDone();

    cluster.heal();
    cluster.tick(6);

    assertThat(value(now(read))).isEqualTo("1");
  }

  @Test
  void questionWithoutAnAnswerEndsAtTheDeadline() {
    cluster.cutOff(follower.id());
    CompletableFuture<Reply> read = follower.host().execute(within(50, follower(2, get("k"))));
    cluster.tick(5);

    assertNotApplied(now(read), ErrorCode.ERROR_CODE_DEADLINE_EXCEEDED);
  }

  @Test
  void followerThatKnowsNoLeaderSaysSo() {
    cluster.cutOff(follower.id());
    cluster.tick(40);

    assertNotApplied(follower.askHere(follower(2, get("k"))), ErrorCode.ERROR_CODE_NOT_LEADER);
    Reply bounded = follower.askHere(stale(2, BOUND_MILLIS, get("k")));
    assertNotApplied(bounded, ErrorCode.ERROR_CODE_UNAVAILABLE);
    assertThat(bounded.getError().getMessage()).contains("may be older than 30 ms");
  }

  @Test
  void readOutlivesTheLeaderThatWasAsked() {
    cluster.ask(2, put("k", "1"));
    cluster.cutOff(leader.id());
    CompletableFuture<Reply> atFollower = follower.host().execute(follower(2, get("k")));
    CompletableFuture<Reply> atLeader = leader.host().execute(follower(2, get("k")));
    cluster.tickUntil("the follower has asked another", atFollower::isDone);
    // The follower may have been told that nobody leads meanwhile, but never what is not so.
    if (!now(atFollower).hasError()) {
      assertThat(value(now(atFollower))).isEqualTo("1");
    }
    cluster.heal();
    cluster.tickUntil("the old leader has asked the new one", atLeader::isDone);
    if (!now(atLeader).hasError()) {
      assertThat(value(now(atLeader))).isEqualTo("1");
    }
  }

  @Test
  void boundedReadIsServedWhileTheStateIsKnownToBeYoung() {
    cluster.ask(2, put("k", "1"));
    ask(follower, stale(2, BOUND_MILLIS, get("k"))); // asks the leader: nothing was known yet
    cluster.cutOff(follower.id());
    cluster.ask(2, put("k", "2"));

    Reply young = follower.askHere(stale(2, BOUND_MILLIS, get("k")));
    assertThat(value(young)).isEqualTo("1");
    assertThat(young.getGet().getAsOf().getAgeMillis()).isLessThanOrEqualTo(BOUND_MILLIS);
    cluster.tick(4);
    CompletableFuture<Reply> old = follower.host().execute(stale(2, BOUND_MILLIS, get("k")));
    cluster.settle();
    assertThat(old).as("asks its leader and gets no answer").isNotDone();
    cluster.heal();
    cluster.tickUntil("the leader is asked again", old::isDone);

    assertThat(value(old.join())).isEqualTo("2");
  }

  @Test
  void ageCountsFromTheQuestionAndNotFromTheAnswer() {
    cluster.ask(2, put("k", "1"));
    cluster.cutOff(follower.id());
    CompletableFuture<Reply> read = follower.host().execute(stale(2, BOUND_MILLIS, get("k")));
    cluster.tick(8);
    cluster.heal();
    cluster.tickUntil("an answer", read::isDone);

    assertThat(read.join().getGet().getAsOf().getAgeMillis())
        .isGreaterThanOrEqualTo(8 * TestNode.TICK_MILLIS);
  }

  @Test
  void unboundedReadSaysThatItsAgeIsUnknown() {
    cluster.ask(2, put("k", "1"));
    cluster.tick(3);

    AsOf asOf = follower.askHere(stale(2, get("k"))).getGet().getAsOf();

    assertThat(asOf.hasAgeMillis()).isFalse();
    assertThat(asOf.getAppliedIndex()).isPositive();
  }

  @Test
  void bothHalvesOfASplitAreReadThroughFollowers() {
    cluster.ask(2, put("a", "1"));
    cluster.ask(2, put("x", "2"));
    TestNode catalog = cluster.leader(ShardDescriptor.SYSTEM_SHARD_ID);
    TestNode behind =
        cluster.nodes().stream()
            .filter(node -> node != leader && node != catalog)
            .findFirst()
            .orElseThrow();
    cluster.cutOff(behind.id());
    Reply split = cluster.ask(2, Requesting.split("m"));
    long child = split.getSplitShard().getRight().getShardId();
    cluster.ask(child, put("x", "3"));
    cluster.heal();

    Reply late = ask(behind, follower(2, get("x")));
    cluster.tickUntil(
        "the child is there and knows its leader",
        () ->
            behind.host().replica(child).map(replica -> replica.node().leaderId()).orElse(0L) != 0);

    assertThat(late.getError().getCode())
        .as("the key had left the shard before the read began")
        .isEqualTo(ErrorCode.ERROR_CODE_STALE_ROUTE);
    assertThat(value(ask(behind, follower(child, get("x"))))).isEqualTo("3");
    assertThat(value(ask(behind, follower(2, get("a"))))).isEqualTo("1");
  }

  @Test
  void optionsThatMakeNoSenseAreRefused() {
    Context.Builder linearizable = Context.newBuilder().setShardId(2).setMaxStalenessMillis(5);
    Context.Builder unknown = Context.newBuilder().setShardId(2).setConsistencyValue(77);

    for (Context.Builder context : new Context.Builder[] {linearizable, unknown}) {
      Reply reply = leader.askHere(get("k").toBuilder().setContext(context).build());
      assertThat(reply.getError().getCode()).isEqualTo(ErrorCode.ERROR_CODE_INVALID_ARGUMENT);
    }
    assertThat(unknown.getConsistency()).isEqualTo(Consistency.UNRECOGNIZED);
  }
}
