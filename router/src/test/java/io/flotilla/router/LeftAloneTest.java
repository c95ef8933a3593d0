package io.flotilla.router;

import static io.flotilla.router.ScriptedNetwork.MILLIS;
import static io.flotilla.router.ScriptedNetwork.good;
import static io.flotilla.router.ScriptedNetwork.notLeader;
import static io.flotilla.router.TestRoutes.get;
import static io.flotilla.router.TestRoutes.numbered;
import static io.flotilla.router.TestRoutes.put;
import static io.flotilla.router.TestRoutes.route;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.contract.v1.Consistency;
import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.ErrorDetail;
import io.flotilla.contract.v1.GetCatalogReply;
import io.flotilla.contract.v1.NodeInfo;
import io.flotilla.contract.v1.Outcome;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What calls do while a node does not answer anybody. */
class LeftAloneTest {
  private static final int TIMEOUT = 5_000;

  private final ScriptedNetwork network = new ScriptedNetwork(3);
  private final Router router = network.client(route(2, "", "m"), route(3, "m", ""));

  @Test
  void onlyTheFirstCallsSpendTheirTimeAtASilentNode() {
    network.nodes = (node, request) -> node == 1 ? null : notLeader(1);
    for (int i = 0; i < 5; i++) {
      run(numbered(put("a", 1_000), i + 1));
    }
    network.nodes = (node, request) -> node == 1 ? null : good(request);
    network.sent.clear();
    long begun = network.time.nanoTime();
    int calls = 50;
    for (int i = 0; i < calls; i++) {
      assertThat(run(numbered(put("a", TIMEOUT), 10 + i)).hasPut()).isTrue();
    }
    // One try at most has met the node as a probe and cost its patience.
    assertThat(network.sent.stream().filter(to -> to.startsWith("1"))).hasSizeLessThanOrEqualTo(1);
    assertThat(network.time.nanoTime() - begun).isLessThan(2_500 * MILLIS);
  }

  @Test
  void whatAnyReplicaMayAnswerGoesToTheOthersAtOnce() {
    Request read = read();
    network.nodes = (node, request) -> node == 2 ? unavailable() : good(request);
    for (int i = 0; i < 60; i++) {
      assertThat(run(read).hasGet()).isTrue();
    }
    long atTwo = network.sent.stream().filter(to -> to.startsWith("2")).count();
    assertThat(atTwo).isBetween(5L, 9L);
    assertThat(network.sent).hasSizeLessThan(60 + 10);
  }

  @Test
  void aNodeThatHasHealedIsAskedAgainWithinASecond() {
    network.nodes = (node, request) -> node == 1 ? unavailable() : notLeader(1);
    run(put("a", TIMEOUT));
    network.nodes = (node, request) -> node == 1 ? good(request) : notLeader(1);
    long healed = network.time.nanoTime();
    assertThat(run(put("a", TIMEOUT)).hasPut()).isTrue();
    assertThat(network.time.nanoTime() - healed).isLessThan(1_000 * MILLIS);
    network.sent.clear();
    run(put("a", TIMEOUT));
    assertThat(network.sent).containsExactly("1/2");
  }

  @Test
  void aDeadlineOfOneShardDoesNotCloseTheNodeToTheOthers() {
    network.nodes =
        (node, request) -> request.getContext().getShardId() == 2 ? null : good(request);
    List<CompletableFuture<Reply>> stuck = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      stuck.add(router.dispatcher().dispatch(put("a", 300)));
      assertThat(run(put("z", 300)).hasPut()).isTrue();
      network.time.advance(20 * MILLIS);
    }
    network.time.advance(300 * MILLIS);
    assertThat(stuck)
        .allMatch(
            call -> call.join().getError().getCode() == ErrorCode.ERROR_CODE_DEADLINE_EXCEEDED);
    assertThat(network.sent).hasSize(200).containsOnly("1/2", "1/3");
  }

  @Test
  void nothingIsKeptOfAddressesThatNodesHadBefore() {
    for (int i = 1; i <= 100; i++) {
      router.routes().absorb(movedTo(i));
      assertThat(run(put("a", TIMEOUT)).hasPut()).isTrue();
      // One node and two seeds.
      assertThat(router.dispatcher().transport().size()).isLessThanOrEqualTo(3);
    }
    assertThat(network.sent).hasSize(100).contains("1/2", "100/2");
  }

  private static GetCatalogReply movedTo(int place) {
    NodeInfo.Builder node =
        TestRoutes.node(1).toBuilder().setAddress(TestRoutes.address(place).toString());
    return GetCatalogReply.newBuilder().setVersion(place).addNodes(node).build();
  }

  @Test
  void aFailureAtTheDeadlineSaysWhereTheLastTryWent() {
    network.nodes = (node, request) -> null;
    ErrorDetail silent = run(numbered(put("z", 300), 1)).getError();
    assertThat(silent.getCode()).isEqualTo(ErrorCode.ERROR_CODE_DEADLINE_EXCEEDED);
    assertThat(silent.getShardId()).isEqualTo(3);
    assertThat(silent.getNodeId()).isEqualTo(1);
    network.nodes = (node, request) -> unavailable();
    ErrorDetail refused = run(put("a", 2_000)).getError();
    assertThat(refused.getOutcome()).isEqualTo(Outcome.OUTCOME_NOT_APPLIED);
    assertThat(refused.getShardId()).isEqualTo(2);
    assertThat(refused.getNodeId()).isBetween(1L, 3L);
  }

  @Test
  void whileNoNodeCanBeReachedACallWaitsAndFindsTheFirstThatIsBack() {
    network.nodes = (node, request) -> unavailable();
    CompletableFuture<Reply> call = router.dispatcher().dispatch(put("a", TIMEOUT));
    network.time.advance(3_000 * MILLIS);
    assertThat(call).isNotDone();
    assertThat(network.sent).as("no storm").hasSizeLessThan(60);
    network.nodes = (node, request) -> good(request);
    network.time.advance(1_000 * MILLIS);
    assertThat(call.join().hasPut()).isTrue();
  }

  @Test
  void onlySoManyCallsWaitForNodesThatCannotBeReached() {
    network.nodes = (node, request) -> unavailable();
    run(put("a", 1_000));
    int most = BreakerConfig.defaults().maxWaiting();
    List<CompletableFuture<Reply>> calls = new ArrayList<>();
    for (int i = 0; i < most + 500; i++) {
      calls.add(router.dispatcher().dispatch(put("a", TIMEOUT)));
    }
    network.time.advance(MILLIS);
    List<CompletableFuture<Reply>> refused =
        calls.stream().filter(CompletableFuture::isDone).toList();
    assertThat(refused).hasSizeBetween(490, 500);
    for (CompletableFuture<Reply> call : refused) {
      ErrorDetail error = call.join().getError();
      assertThat(error.getCode()).isEqualTo(ErrorCode.ERROR_CODE_UNAVAILABLE);
      assertThat(error.getOutcome()).isEqualTo(Outcome.OUTCOME_NOT_APPLIED);
      assertThat(error.getRetryAfterMillis()).isBetween(1, 500);
    }
    network.time.advance(TIMEOUT * MILLIS);
    assertThat(calls).allMatch(CompletableFuture::isDone);
    calls.clear();
    for (int i = 0; i < most; i++) {
      calls.add(router.dispatcher().dispatch(put("a", TIMEOUT)));
    }
    assertThat(calls).as("the room was given back").noneMatch(CompletableFuture::isDone);
  }

  private static Request read() {
    Request get = get("a", TIMEOUT);
    return get.toBuilder()
        .setContext(get.getContext().toBuilder().setConsistency(Consistency.CONSISTENCY_FOLLOWER))
        .build();
  }

  private static Reply unavailable() {
    return Failures.notApplied(ErrorCode.ERROR_CODE_UNAVAILABLE, "refused");
  }

  private Reply run(Request request) {
    return network.time.await(router.dispatcher().dispatch(request), TIMEOUT * 2 * MILLIS);
  }
}
