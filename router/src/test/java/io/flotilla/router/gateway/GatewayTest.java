package io.flotilla.router.gateway;

import static io.flotilla.router.TestRoutes.get;
import static io.flotilla.router.TestRoutes.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.contract.v1.Context;
import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.ErrorDetail;
import io.flotilla.contract.v1.GetCatalogRequest;
import io.flotilla.contract.v1.Outcome;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.Route;
import io.flotilla.router.Failures;
import io.flotilla.router.TestRoutes;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * Who answers a request that came to a node. Node 1 leads the keys below "m", node 2 the others.
 */
class GatewayTest {
  private final FakeNode node = new FakeNode();
  private final Gateway gateway = node.gateway();

  @Test
  void whatIsLedHereIsAnsweredHere() {
    assertThat(gateway.handle(put("a", 100)).join().hasPut()).isTrue();
    assertThat(node.executed).hasSize(1);
    assertThat(node.forwarded).isEmpty();
  }

  @Test
  void whatIsLedElsewhereIsPassedOnOnce() {
    assertThat(gateway.handle(put("z", 100)).join().hasPut()).isTrue();
    assertThat(node.executed).isEmpty();
    assertThat(node.forwardedTo).containsExactly("node:7002");
    assertThat(node.forwarded.get(0).getContext().getForwarded()).isTrue();
    assertThat(node.forwarded.get(0).getContext().getShardId()).isEqualTo(3);
  }

  @Test
  void traceOfTheCaller_isPassedOn() {
    String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    Request request = put("z", 100);
    Context context = request.getContext().toBuilder().setTraceparent(trace).build();
    gateway.handle(request.toBuilder().setContext(context).build()).join();
    assertThat(node.forwarded.get(0).getContext().getTraceparent()).isEqualTo(trace);
  }

  @Test
  void whatWasPassedOnIsNeverPassedOnAgain() {
    node.local = request -> failed(ErrorCode.ERROR_CODE_NOT_LEADER, 3);
    ErrorDetail error = error(with(put("z", 100), Context.newBuilder().setForwarded(true)));
    assertThat(error.getCode()).isEqualTo(ErrorCode.ERROR_CODE_NOT_LEADER);
    assertThat(node.executed).hasSize(1);
    assertThat(node.forwarded).isEmpty();
  }

  @Test
  void aClientThatKnowsTheShardIsToldWhatThisNodeKnows() {
    node.local = request -> failed(ErrorCode.ERROR_CODE_NOT_LEADER, 3);
    ErrorDetail error = error(with(put("z", 100), Context.newBuilder().setShardId(3)));
    assertThat(node.forwarded).isEmpty();
    assertThat(error.getNodeId()).isEqualTo(1);
    assertThat(error.getLeaderNodeId()).isEqualTo(2);
    assertThat(error.getRoutesList())
        .extracting(route -> route.getShard().getShardId())
        .containsExactly(3L);
  }

  @Test
  void aLeaderThatThinksItIsNoneIsNotItsOwnHint() {
    node.local = request -> failed(ErrorCode.ERROR_CODE_NOT_LEADER, 2);
    ErrorDetail error = error(with(put("a", 100), Context.newBuilder().setShardId(2)));
    assertThat(error.getLeaderNodeId()).isZero();
  }

  @Test
  void routesInErrorsAreTakenOver() {
    Route moved = TestRoutes.route(3, TestRoutes.range("m", ""), 1, 3, 9);
    node.local =
        request ->
            CompletableFuture.completedFuture(
                Failures.of(
                    ErrorDetail.newBuilder()
                        .setCode(ErrorCode.ERROR_CODE_STALE_ROUTE)
                        .setOutcome(Outcome.OUTCOME_NOT_APPLIED)
                        .addRoutes(moved)
                        .build()));
    assertThat(error(with(put("z", 100), Context.newBuilder().setShardId(3))).getRoutesList())
        .containsExactly(moved);
    assertThat(node.router.routes().table().snapshot().shard(3)).isEqualTo(moved);
  }

  @Test
  void aShardThatIsSilentIsNotWaitedForForever() {
    node.local = request -> new CompletableFuture<>();
    Context.Builder here = Context.newBuilder().setShardId(2).setTimeoutMillis(100);
    CompletableFuture<Reply> read = gateway.handle(with(get("a", 100), here));
    CompletableFuture<Reply> write = gateway.handle(with(put("a", 100), here));
    node.time.advance(100 * FakeNode.MILLIS);
    assertThat(read).isNotDone();
    node.time.advance(60 * FakeNode.MILLIS);
    assertThat(read.join().getError().getOutcome()).isEqualTo(Outcome.OUTCOME_NOT_APPLIED);
    assertThat(write.join().getError().getOutcome()).isEqualTo(Outcome.OUTCOME_UNKNOWN);
    assertThat(write.join().getError().getCode()).isEqualTo(ErrorCode.ERROR_CODE_DEADLINE_EXCEEDED);
  }

  @Test
  void aDefectOfTheNodeIsAnError() {
    node.local = request -> CompletableFuture.failedFuture(new IllegalStateException("broken"));
    ErrorDetail error = error(with(put("a", 100), Context.newBuilder().setShardId(2)));
    assertThat(error.getCode()).isEqualTo(ErrorCode.ERROR_CODE_INTERNAL);
    assertThat(error.getOutcome()).isEqualTo(Outcome.OUTCOME_UNKNOWN);
    assertThat(error.getMessage()).contains("broken");
  }

  @Test
  void theNodesOwnCopyOfTheMapCanBeAskedFor() {
    Request request =
        Request.newBuilder()
            .setContext(Context.newBuilder().setNodeId(1))
            .setGetCatalog(GetCatalogRequest.getDefaultInstance())
            .build();
    Reply reply = gateway.handle(request).join();
    assertThat(reply.getGetCatalog().getRoutesCount()).isEqualTo(3);
    assertThat(node.executed).isEmpty();
  }

  private ErrorDetail error(Request request) {
    return gateway.handle(request).join().getError();
  }

  private static Request with(Request request, Context.Builder context) {
    return request.toBuilder().setContext(context).build();
  }

  private static CompletableFuture<Reply> failed(ErrorCode code, long shardId) {
    ErrorDetail error = Failures.notApplied(code, "refused").getError();
    return CompletableFuture.completedFuture(
        Failures.of(error.toBuilder().setShardId(shardId).build()));
  }
}
