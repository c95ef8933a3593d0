package io.flotilla.router.gateway;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.Context;
import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.ErrorDetail;
import io.flotilla.contract.v1.GetCatalogReply;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.Route;
import io.flotilla.router.Failures;
import io.flotilla.router.LocalNode;
import io.flotilla.router.Operations;
import io.flotilla.router.RouteMap;
import io.flotilla.router.Router;
import io.flotilla.router.Scheduler;
import io.flotilla.router.access.Guard;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Decides who answers a request that came to this server: its own replicas if it has any, or the
 * nodes that the router finds. Thread-safe, never blocks.
 */
final class Gateway {
  /** The local replicas keep the deadline themselves; this is for when they do not. */
  private static final long GRACE_NANOS = 50_000_000L;

  private final Router router;
  private final @Nullable LocalNode local;
  private final CatalogView view;
  private final Scheduler scheduler;
  private final RequestMeter meter;
  private final Guard guard;
  private final OpenRequests open = new OpenRequests();

  Gateway(
      Router router,
      @Nullable LocalNode local,
      CatalogView view,
      Scheduler scheduler,
      RequestMeter meter,
      Guard guard) {
    this.guard = guard;
    this.router = router;
    this.local = local;
    this.view = view;
    this.scheduler = scheduler;
    this.meter = meter;
  }

  /** What is under way. */
  OpenRequests open() {
    return open;
  }

  /** The route map as clients are to see it. */
  GetCatalogReply catalog(long knownVersion) {
    return view.of(router.routes().catalog(knownVersion));
  }

  /** Completes by the request's deadline, never exceptionally; the reply's id is not set. */
  CompletableFuture<Reply> handle(Request request) {
    long begun = scheduler.nanoTime();
    meter.began();
    open.began();
    return guard
        .through(request, this::route)
        .whenComplete(
            (reply, failure) -> {
              open.ended();
              if (reply != null) {
                meter.ended(request, reply, scheduler.nanoTime() - begun);
              }
            });
  }

  /** Whether whoever began the call is still let in; called within the call. */
  boolean holds() {
    return guard.holds();
  }

  private CompletableFuture<Reply> route(Request request) {
    Context context = request.getContext();
    LocalNode replicas = local;
    if (replicas == null) {
      return router.dispatcher().dispatch(request).thenApply(reply -> passedOn(request, reply));
    }
    if (request.hasGetCatalog() && context.getNodeId() == replicas.nodeId()) {
      return CompletableFuture.completedFuture(
          Reply.newBuilder()
              .setGetCatalog(catalog(request.getGetCatalog().getKnownVersion()))
              .build());
    }
    boolean knowsShard = context.getShardId() != 0 && !request.hasNodeStatus();
    CompletableFuture<Reply> reply =
        context.getForwarded() || knowsShard
            ? here(replicas, request)
            : router.dispatcher().dispatch(request);
    return reply.thenApply(
        answer -> answer.hasError() ? complete(request, answer, replicas.nodeId()) : answer);
  }

  private Reply passedOn(Request request, Reply reply) {
    if (reply.hasGetCatalog()) {
      return reply.toBuilder().setGetCatalog(view.of(reply.getGetCatalog())).build();
    }
    return reply.hasError() ? complete(request, reply, 0) : reply;
  }

  private CompletableFuture<Reply> here(LocalNode replicas, Request request) {
    CompletableFuture<Reply> result = new CompletableFuture<>();
    Scheduler.Timer guard =
        scheduler.schedule(
            Operations.timeoutNanos(request.getContext()) + GRACE_NANOS,
            () -> result.complete(silence(request)));
    var unused =
        replicas
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

  /** Adds what this server knows and the error does not say. */
  private Reply complete(Request request, Reply reply, long nodeId) {
    ErrorDetail.Builder error = reply.getError().toBuilder();
    router.routes().table().merge(error.getRoutesList());
    if (error.getNodeId() == 0) {
      error.setNodeId(nodeId);
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
            && route.getLeaderNodeId() != nodeId) {
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
