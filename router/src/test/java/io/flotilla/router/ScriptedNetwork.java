package io.flotilla.router;

import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.GetCatalogReply;
import io.flotilla.contract.v1.GetReply;
import io.flotilla.contract.v1.PutReply;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A router whose nodes answer after a millisecond what a test says. A reply of null means silence
 * until the deadline of the try.
 */
final class ScriptedNetwork implements NodeTransport, RouteFeed {
  static final long MILLIS = VirtualScheduler.MILLIS;

  final VirtualScheduler time = new VirtualScheduler();
  final List<String> sent = new ArrayList<>();
  final List<Request> requests = new ArrayList<>();
  final RouterRuntime runtime;

  /** What a node answers; null: nothing. */
  BiFunction<Long, Request, @Nullable Reply> nodes = (node, request) -> good(request);

  /** What a node says about routes; null: it cannot be reached. */
  @Nullable GetCatalogReply catalog;

  /** After how many milliseconds a node answers. */
  LongUnaryOperator delayMillis = node -> 1;

  final List<CompletableFuture<Reply>> answers = new ArrayList<>();
  int fetches;
  boolean closed;

  ScriptedNetwork(long seed) {
    runtime = new RouterRuntime(time, new Backoff.Jitter(new Random(seed)));
  }

  Router client() {
    Router router =
        Router.forClient(
            new Router.Parts(RouterConfig.defaults(), this, this, runtime),
            List.of(TestRoutes.address(1), TestRoutes.address(2)));
    for (long id = 1; id <= 3; id++) {
      router.routes().directory().merge(List.of(TestRoutes.node(id)));
    }
    return router;
  }

  Router client(Route... routes) {
    Router router = client();
    router.routes().table().merge(List.of(routes));
    return router;
  }

  @Override
  public CompletableFuture<Reply> call(NodeAddress node, Request request, long deadlineNanos) {
    long id = TestRoutes.nodeAt(node);
    String shard =
        request.getContext().getShardId() == 0 ? "" : "/" + request.getContext().getShardId();
    sent.add(id + shard);
    requests.add(request);
    CompletableFuture<Reply> result = new CompletableFuture<>();
    answers.add(result);
    long delay = delayMillis.applyAsLong(id) * MILLIS;
    Reply reply = nodes.apply(id, request);
    long left = deadlineNanos - time.nanoTime();
    if (reply == null || left <= delay) {
      time.schedule(left, () -> result.complete(late(request)));
    } else {
      time.schedule(delay, () -> result.complete(reply));
    }
    return result;
  }

  static Reply late(Request request) {
    return Operations.isRead(request)
        ? Failures.notApplied(ErrorCode.ERROR_CODE_DEADLINE_EXCEEDED, "no answer in time")
        : Failures.unknown(ErrorCode.ERROR_CODE_DEADLINE_EXCEEDED, "no answer in time");
  }

  static Reply good(Request request) {
    return switch (request.getOperationCase()) {
      case GET -> Reply.newBuilder().setGet(GetReply.getDefaultInstance()).build();
      case PUT -> Reply.newBuilder().setPut(PutReply.newBuilder().setApplied(true)).build();
      default -> throw new IllegalArgumentException("no answer to " + request);
    };
  }

  static Reply notLeader(long hint) {
    Reply reply = Failures.notApplied(ErrorCode.ERROR_CODE_NOT_LEADER, "not the leader");
    return Reply.newBuilder()
        .setError(reply.getError().toBuilder().setLeaderNodeId(hint).setNodeId(99))
        .build();
  }

  static Reply stale(Route... routes) {
    Reply reply = Failures.notApplied(ErrorCode.ERROR_CODE_STALE_ROUTE, "stale");
    return Reply.newBuilder()
        .setError(reply.getError().toBuilder().addAllRoutes(List.of(routes)).setNodeId(99))
        .build();
  }

  @Override
  public CompletableFuture<Answer> fetch(NodeAddress node, long knownVersion, long deadlineNanos) {
    fetches++;
    CompletableFuture<Answer> result = new CompletableFuture<>();
    GetCatalogReply answer = catalog;
    time.schedule(
        MILLIS, () -> result.complete(answer == null ? Answer.failed("down") : Answer.of(answer)));
    return result;
  }

  @Override
  public Subscription watch(
      NodeAddress node,
      long knownVersion,
      Consumer<GetCatalogReply> onCatalog,
      Consumer<String> onEnd) {
    return () -> {};
  }

  @Override
  public void close() {
    closed = true;
  }
}
