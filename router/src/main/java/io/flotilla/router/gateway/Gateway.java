package io.flotilla.router.gateway;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.Context;
import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.ErrorDetail;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.Route;
import io.flotilla.router.Failures;
import io.flotilla.router.LocalNode;
import io.flotilla.router.Operations;
import io.flotilla.router.RouteMap;
import io.flotilla.router.Router;
import io.flotilla.router.Scheduler;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Decides who answers a request that came to this node. Thread-safe, never blocks. */
final class Gateway {
  /** The local replicas keep the deadline themselves; this is for when they do not. */
  private static final long GRACE_NANOS = 50_000_000L;

  private final Router router;
  private final LocalNode local;
  private final Scheduler scheduler;
  private final RequestMeter meter;

  Gateway(Router router, LocalNode local, Scheduler scheduler, RequestMeter meter) {
    this.router = router;
    this.local = local;
    this.scheduler = scheduler;
    this.meter = meter;
  }

  /** Completes by the request's deadline, never exceptionally; the reply's id is not set. */
  CompletableFuture<Reply> handle(Request request) {
    long begun = scheduler.nanoTime();
    meter.began();
    CompletableFuture<Reply> reply = route(request);
    var unused =
        reply.thenAccept(answer -> meter.ended(request, answer, scheduler.nanoTime() - begun));
    return reply;
  }

  private CompletableFuture<Reply> route(Request request) {
    Context context = request.getContext();
    if (request.hasGetCatalog() && context.getNodeId() == local.nodeId()) {
      return CompletableFuture.completedFuture(
          Reply.newBuilder()
              .setGetCatalog(router.routes().catalog(request.getGetCatalog().getKnownVersion()))
              .build());
    }
    boolean knowsShard = context.getShardId() != 0 && !request.hasNodeStatus();
    CompletableFuture<Reply> reply =
        context.getForwarded() || knowsShard
            ? here(request)
            : router.dispatcher().dispatch(request);
    return reply.thenApply(answer -> answer.hasError() ? complete(request, answer) : answer);
  }

  private CompletableFuture<Reply> here(Request request) {
    CompletableFuture<Reply> result = new CompletableFuture<>();
    Scheduler.Timer guard =
        scheduler.schedule(
            Operations.timeoutNanos(request.getContext()) + GRACE_NANOS,
            () -> result.complete(silence(request)));
    var unused =
        local
            .execute(request)
            .whenComplete(
                (reply, failure) -> {
                  guard.cancel();
                  result.complete(reply != null ? reply : defect(failure));
                });
    return result;
  }

  private static Reply silence(Request request) {
    String message = "the shard did not answer in time";
    return Operations.isRead(request)
        ? Failures.notApplied(ErrorCode.ERROR_CODE_DEADLINE_EXCEEDED, message)
        : Failures.unknown(ErrorCode.ERROR_CODE_DEADLINE_EXCEEDED, message);
  }

  private static Reply defect(Throwable failure) {
    return Failures.unknown(ErrorCode.ERROR_CODE_INTERNAL, "defect: " + failure);
  }

  /** Adds what this node knows and the error does not say. */
  private Reply complete(Request request, Reply reply) {
    ErrorDetail.Builder error = reply.getError().toBuilder();
    router.routes().table().merge(error.getRoutesList());
    if (error.getNodeId() == 0) {
      error.setNodeId(local.nodeId());
    }
    boolean routing =
        error.getCode() == ErrorCode.ERROR_CODE_NOT_LEADER
            || error.getCode() == ErrorCode.ERROR_CODE_STALE_ROUTE;
    if (routing && error.getRoutesCount() == 0) {
      error.addAllRoutes(known(request));
    }
    if (error.getCode() == ErrorCode.ERROR_CODE_NOT_LEADER && error.getLeaderNodeId() == 0) {
      for (Route route : error.getRoutesList()) {
        if (route.getShard().getShardId() == error.getShardId()
            && route.getLeaderNodeId() != local.nodeId()) {
          error.setLeaderNodeId(route.getLeaderNodeId());
        }
      }
    }
    return Failures.of(error.build());
  }

  private List<Route> known(Request request) {
    RouteMap routes = router.routes().table().snapshot();
    if (request.hasScan()) {
      Route route =
          request.getScan().getReverse()
              ? routes.lookupBefore(request.getScan().getRange().getEnd())
              : routes.lookup(request.getScan().getRange().getStart());
      return route == null ? List.of() : List.of(route);
    }
    ByteString key = Operations.firstKey(request);
    if (key != null) {
      Route route = routes.lookup(key);
      return route == null ? List.of() : List.of(route);
    }
    Route route = routes.shard(request.getContext().getShardId());
    return route == null ? List.of() : List.of(route);
  }
}
