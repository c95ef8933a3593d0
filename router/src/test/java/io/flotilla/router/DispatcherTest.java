package io.flotilla.router;

import static io.flotilla.router.ScriptedNetwork.MILLIS;
import static io.flotilla.router.ScriptedNetwork.good;
import static io.flotilla.router.ScriptedNetwork.notLeader;
import static io.flotilla.router.ScriptedNetwork.stale;
import static io.flotilla.router.TestRoutes.bytes;
import static io.flotilla.router.TestRoutes.get;
import static io.flotilla.router.TestRoutes.numbered;
import static io.flotilla.router.TestRoutes.put;
import static io.flotilla.router.TestRoutes.range;
import static io.flotilla.router.TestRoutes.route;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.contract.v1.BatchRequest;
import io.flotilla.contract.v1.Consistency;
import io.flotilla.contract.v1.DeleteRangeReply;
import io.flotilla.contract.v1.DeleteRangeRequest;
import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.ErrorDetail;
import io.flotilla.contract.v1.ExplainShardRequest;
import io.flotilla.contract.v1.GetCatalogReply;
import io.flotilla.contract.v1.Mutation;
import io.flotilla.contract.v1.Outcome;
import io.flotilla.contract.v1.PlacementRequest;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.SettleWriteReply;
import io.flotilla.contract.v1.SettleWriteRequest;
import io.flotilla.contract.v1.TransferLeaderRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How one call finds its way, on a scripted network. */
class DispatcherTest {
  private static final int TIMEOUT = 5_000;

  private final ScriptedNetwork network = new ScriptedNetwork(1);

  @Test
  void goesToTheLeader() {
    Router router = network.client(route(2, "", "m"), route(3, range("m", ""), 1, 2, 1));
    assertThat(run(router, get("a", TIMEOUT)).hasGet()).isTrue();
    assertThat(run(router, get("z", TIMEOUT)).hasGet()).isTrue();
    assertThat(network.sent).containsExactly("1/2", "2/3");
  }

  @Test
  void aRangeIsDeletedWhereItBegins_andAWriteIsSettledWhereItsKeyIs() {
    Router router = network.client(route(2, "", "m"), route(3, range("m", ""), 1, 2, 1));
    network.nodes =
        (node, request) ->
            request.hasDeleteRange()
                ? Reply.newBuilder().setDeleteRange(DeleteRangeReply.getDefaultInstance()).build()
                : Reply.newBuilder().setSettleWrite(SettleWriteReply.getDefaultInstance()).build();
    for (String key : List.of("", "z")) {
      Request.Builder request = numbered(put("k", TIMEOUT), 1).toBuilder();
      run(
          router,
          request.setDeleteRange(DeleteRangeRequest.newBuilder().setRange(range(key, ""))).build());
      run(
          router,
          request.setSettleWrite(SettleWriteRequest.newBuilder().setKey(bytes(key))).build());
    }
    assertThat(network.sent).containsExactly("1/2", "1/2", "2/3", "2/3");
  }

  @Test
  void aHintRepairsTheRoute() {
    Router router = network.client(route(2, "", ""));
    network.nodes = (node, request) -> node == 3 ? good(request) : notLeader(3);
    assertThat(run(router, put("a", TIMEOUT)).hasPut()).isTrue();
    assertThat(network.sent).containsExactly("1/2", "3/2");
    run(router, put("a", TIMEOUT));
    assertThat(network.sent).containsExactly("1/2", "3/2", "3/2");
  }

  @Test
  void withoutAHintTheOthersAreAsked() {
    Router router = network.client(route(2, "", ""));
    network.nodes = (node, request) -> node == 3 ? good(request) : notLeader(0);
    assertThat(run(router, put("a", TIMEOUT)).hasPut()).isTrue();
    assertThat(network.sent).hasSizeLessThanOrEqualTo(3).endsWith("3/2");
  }

  /** M14: a hint is a hint. */
  @Test
  void hintsInACircleEnd() {
    Router router = network.client(route(2, "", ""));
    network.nodes = (node, request) -> notLeader(node == 1 ? 2 : 1);
    ErrorDetail error = run(router, put("a", TIMEOUT)).getError();
    assertThat(error.getCode()).isEqualTo(ErrorCode.ERROR_CODE_NOT_LEADER);
    assertThat(error.getOutcome()).isEqualTo(Outcome.OUTCOME_NOT_APPLIED);
    // Pauses grow to 250 ms, so there is no storm: two tries a round, a round each 125 ms or more.
    assertThat(network.sent).hasSizeLessThan(100);
  }

  @Test
  void anElectionIsWaitedFor() {
    Router router = network.client(route(2, "", ""));
    long elected = network.time.nanoTime() + 900 * MILLIS;
    network.nodes =
        (node, request) ->
            node == 2 && network.time.nanoTime() >= elected ? good(request) : notLeader(0);
    assertThat(run(router, put("a", TIMEOUT)).hasPut()).isTrue();
    assertThat(network.time.nanoTime() - elected).isLessThan(400 * MILLIS);
  }

  /** M14: a hint is a hint. */
  @Test
  void aSplitIsRepairedByTheAnswer() {
    Router router = network.client(route(2, "", ""));
    network.nodes =
        (node, request) ->
            request.getContext().getShardId() == 3
                ? good(request)
                : stale(route(2, range("", "m"), 2, 1, 1), route(3, range("m", ""), 2, 2, 1));
    assertThat(run(router, put("z", TIMEOUT)).hasPut()).isTrue();
    assertThat(network.sent).containsExactly("1/2", "2/3");
  }

  @Test
  void aStaleRouteWithoutAnAnswerIsRepairedByTheMap() {
    Router router = network.client(route(2, "", ""));
    network.catalog =
        GetCatalogReply.newBuilder()
            .setVersion(9)
            .addRoutes(route(2, range("", "m"), 2, 1, 1))
            .addRoutes(route(3, range("m", ""), 2, 2, 1))
            .build();
    network.nodes =
        (node, request) -> request.getContext().getShardId() == 3 ? good(request) : stale();
    assertThat(run(router, put("z", TIMEOUT)).hasPut()).isTrue();
    assertThat(network.sent).endsWith("2/3").hasSizeLessThan(5);
  }

  @Test
  void aLeaderThatCannotBeReachedIsReachedThroughANodeThatCan() {
    Router router = network.client(route(2, "", ""));
    network.nodes =
        (node, request) -> {
          if (node == 1) {
            return Failures.notApplied(ErrorCode.ERROR_CODE_UNAVAILABLE, "refused");
          }
          return request.getContext().getShardId() == 0 ? good(request) : notLeader(1);
        };
    assertThat(run(router, put("a", TIMEOUT)).hasPut()).isTrue();
    assertThat(network.sent.get(0)).isEqualTo("1/2");
    assertThat(network.sent.get(2)).isEqualTo(network.sent.get(1).substring(0, 1));
  }

  @Test
  void whatAnyReplicaMayAnswerIsSpreadOverAllOfThem() {
    Router router = network.client(route(2, "", ""));
    network.nodes = (node, request) -> good(request);
    for (int i = 0; i < 40; i++) {
      assertThat(run(router, read("a", Consistency.CONSISTENCY_FOLLOWER)).hasGet()).isTrue();
    }
    assertThat(network.sent).contains("1/2", "2/2", "3/2").hasSize(40);
    assertThat(run(router, get("a", TIMEOUT)).hasGet()).isTrue();
    assertThat(network.sent.get(40)).as("the leader's").isEqualTo("1/2");
  }

  @Test
  void followerThatKnowsNoLeaderIsPassedOver() {
    Router router = network.client(route(2, "", ""));
    network.nodes = (node, request) -> node == 1 ? good(request) : notLeader(0);
    for (int i = 0; i < 10; i++) {
      assertThat(run(router, read("a", Consistency.CONSISTENCY_FOLLOWER)).hasGet()).isTrue();
      assertThat(run(router, read("a", Consistency.CONSISTENCY_STALE)).hasGet()).isTrue();
    }
    assertThat(network.sent).contains("2/2", "3/2");
  }

  private static Request read(String key, Consistency consistency) {
    Request get = get(key, TIMEOUT);
    return get.toBuilder()
        .setContext(get.getContext().toBuilder().setConsistency(consistency))
        .build();
  }

  @Test
  void overloadIsMetWithGrowingPauses() {
    Router router = network.client(route(2, "", ""));
    network.nodes = (node, request) -> Failures.notApplied(ErrorCode.ERROR_CODE_OVERLOADED, "full");
    ErrorDetail error = run(router, get("a", TIMEOUT)).getError();
    assertThat(error.getCode()).isEqualTo(ErrorCode.ERROR_CODE_OVERLOADED);
    assertThat(network.sent).hasSizeBetween(15, 50);
  }

  @Test
  void theAdviceOfTheServerIsFollowed() {
    Router router = network.client(route(2, "", ""));
    network.nodes =
        (node, request) ->
            Failures.of(
                Failures.notApplied(ErrorCode.ERROR_CODE_OVERLOADED, "full").getError().toBuilder()
                    .setRetryAfterMillis(1_000)
                    .build());
    run(router, get("a", TIMEOUT));
    assertThat(network.sent).hasSizeBetween(4, 5);
  }

  @Test
  void aWriteOfUnknownOutcomeIsRepeatedOnlyWithASession() {
    Router router = network.client(route(2, "", ""));
    network.nodes =
        (node, request) ->
            network.sent.size() % 2 == 1
                ? Failures.unknown(ErrorCode.ERROR_CODE_LEADERSHIP_LOST, "lost")
                : good(request);
    Reply once = run(router, put("a", TIMEOUT));
    assertThat(once.getError().getOutcome()).isEqualTo(Outcome.OUTCOME_UNKNOWN);
    assertThat(network.sent).hasSize(1);
    network.sent.clear();
    assertThat(run(router, numbered(put("a", TIMEOUT), 1)).hasPut()).isTrue();
    assertThat(network.sent).hasSize(2);
    assertThat(network.requests.get(2).getContext().getSequence()).isEqualTo(1);
  }

  @Test
  void onceUnknownAlwaysUnknown() {
    Router router = network.client(route(2, "", ""));
    network.nodes =
        (node, request) ->
            network.sent.size() == 1
                ? Failures.unknown(ErrorCode.ERROR_CODE_LEADERSHIP_LOST, "lost")
                : Failures.rejected(ErrorCode.ERROR_CODE_SESSION_EXPIRED, "evicted");
    ErrorDetail error = run(router, numbered(put("a", TIMEOUT), 1)).getError();
    assertThat(error.getCode()).isEqualTo(ErrorCode.ERROR_CODE_SESSION_EXPIRED);
    assertThat(error.getOutcome()).isEqualTo(Outcome.OUTCOME_UNKNOWN);
  }

  @Test
  void aSilentNodeIsGivenUpForAnotherOne() {
    Router router = network.client(route(2, "", ""));
    network.nodes = (node, request) -> node == 1 ? null : good(request);
    assertThat(run(router, get("a", TIMEOUT)).hasGet()).isTrue();
    assertThat(network.sent).hasSize(2);
  }

  @Test
  void eachTryIsToldHowLongItsAnswerIsWorthWaitingFor() {
    Router router = network.client(route(2, "", ""));
    network.nodes = (node, request) -> null;
    run(router, get("a", TIMEOUT));
    assertThat(network.requests)
        .extracting(request -> request.getContext().getTimeoutMillis())
        .startsWith(1_875)
        .allMatch(millis -> millis > 0 && millis <= TIMEOUT);
  }

  @Test
  void keysOfDifferentShardsAreRejected() {
    Router router = network.client(route(2, "", "m"), route(3, "m", ""));
    Request batch =
        Request.newBuilder()
            .setBatch(
                BatchRequest.newBuilder()
                    .addMutations(Mutation.newBuilder().setKey(bytes("a")).setDelete(true))
                    .addMutations(Mutation.newBuilder().setKey(bytes("z")).setDelete(true)))
            .build();
    ErrorDetail error = run(router, batch).getError();
    assertThat(error.getCode()).isEqualTo(ErrorCode.ERROR_CODE_CROSSES_SHARDS);
    assertThat(error.getOutcome()).isEqualTo(Outcome.OUTCOME_REJECTED);
    assertThat(network.sent).isEmpty();
    Request empty = Request.newBuilder().setBatch(BatchRequest.getDefaultInstance()).build();
    assertThat(run(router, empty).getError().getCode())
        .isEqualTo(ErrorCode.ERROR_CODE_INVALID_ARGUMENT);
  }

  @Test
  void anUnknownShardIsNotFoundOnceTheMapIsComplete() {
    Router router = network.client(route(2, "", ""));
    network.catalog = GetCatalogReply.newBuilder().setVersion(3).build();
    Request transfer =
        Request.newBuilder()
            .setTransferLeader(TransferLeaderRequest.newBuilder().setShardId(9).setToNodeId(1))
            .build();
    assertThat(run(router, transfer).getError().getCode())
        .isEqualTo(ErrorCode.ERROR_CODE_NOT_FOUND);
  }

  @Test
  void whatTheCatalogDoesNotHaveIsSaidAtOnce() {
    Router router = network.client(route(1, "", ""));
    network.nodes =
        (node, request) ->
            Failures.rejected(ErrorCode.ERROR_CODE_NOT_FOUND, "there is no shard 77");
    Request explain =
        Request.newBuilder()
            .setPlacement(
                PlacementRequest.newBuilder()
                    .setExplainShard(ExplainShardRequest.newBuilder().setShardId(77)))
            .build();
    ErrorDetail error = run(router, explain).getError();
    assertThat(error.getCode()).isEqualTo(ErrorCode.ERROR_CODE_NOT_FOUND);
    assertThat(error.getMessage()).contains("there is no shard 77");
    assertThat(network.sent).hasSize(1);
  }

  @Test
  void withoutAnyRouteAnyNodeIsAsked() {
    Router router = network.client();
    network.catalog = GetCatalogReply.newBuilder().setVersion(3).build();
    assertThat(run(router, put("a", TIMEOUT)).hasPut()).isTrue();
    assertThat(network.sent).hasSize(1);
    assertThat(network.requests.get(0).getContext().getShardId()).isZero();
  }

  @Test
  void withoutAnyNodeTheCallEndsAtItsDeadline() {
    Router router = network.client();
    long begun = network.time.nanoTime();
    ErrorDetail error = run(router, put("a", 700)).getError();
    assertThat(error.getCode()).isEqualTo(ErrorCode.ERROR_CODE_UNAVAILABLE);
    assertThat(error.getOutcome()).isEqualTo(Outcome.OUTCOME_NOT_APPLIED);
    assertThat(error.getMessage()).contains("down");
    assertThat(network.time.nanoTime() - begun).isLessThanOrEqualTo(700 * MILLIS);
  }

  @Test
  void aDefectIsNotRepeatedForever() {
    Router router = network.client(route(2, "", ""));
    network.nodes =
        (node, request) -> Failures.unknown(ErrorCode.ERROR_CODE_INTERNAL, "null pointer");
    ErrorDetail error = run(router, get("a", TIMEOUT)).getError();
    assertThat(error.getCode()).isEqualTo(ErrorCode.ERROR_CODE_INTERNAL);
    assertThat(error.getOutcome()).isEqualTo(Outcome.OUTCOME_NOT_APPLIED);
    assertThat(network.sent).hasSize(3);
  }

  @Test
  void closingEndsCallsWhereTheyStand() {
    Router router = network.client(route(2, "", ""));
    network.nodes = (node, request) -> null;
    CompletableFuture<Reply> read = router.dispatcher().dispatch(get("a", TIMEOUT));
    CompletableFuture<Reply> write = router.dispatcher().dispatch(put("a", TIMEOUT));
    router.close();
    assertThat(read.join().getError().getOutcome()).isEqualTo(Outcome.OUTCOME_NOT_APPLIED);
    assertThat(write.join().getError().getOutcome()).isEqualTo(Outcome.OUTCOME_UNKNOWN);
    assertThat(router.dispatcher().dispatch(get("a", TIMEOUT)).join().hasError()).isTrue();
    assertThat(network.closed).isTrue();
  }

  @Test
  void aCancelledCallMakesNoFurtherTry() {
    Router router = network.client(route(2, "", ""));
    network.nodes = (node, request) -> notLeader(0);
    CompletableFuture<Reply> call = router.dispatcher().dispatch(get("a", TIMEOUT));
    call.cancel(false);
    network.time.advance(TIMEOUT * MILLIS);
    assertThat(network.sent).hasSize(1);
  }

  private Reply run(Router router, Request request) {
    return network.time.await(router.dispatcher().dispatch(request), TIMEOUT * 2 * MILLIS);
  }
}
