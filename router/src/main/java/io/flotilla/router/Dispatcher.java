package io.flotilla.router;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.Route;
import io.flotilla.contract.v1.ShardDescriptor;
import io.flotilla.router.TargetChooser.Target;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Brings requests to the leaders of their shards. Thread-safe, never blocks.
 *
 * <ul>
 *   <li>Requests are routed by key, by shard id or by node id; a multi-get is split over shards and
 *       put together again; a page of a scan goes on over shard bounds.
 *   <li>Every request ends by its deadline: the timeout of its context, counted from the call.
 *   <li>What was not applied is tried again, with jittered pauses, until the deadline. What may
 *       have been applied is tried again only if that does no harm: reads, catalog updates, and
 *       writes that carry a session and a sequence.
 *   <li>Errors repair the routes on the way.
 * </ul>
 */
public final class Dispatcher {
  private final RouterConfig config;
  private final RouterRuntime runtime;
  private final RouteCache routes;
  private final RouteRefresher refresher;
  private final GuardedTransport transport;
  private final @Nullable LocalNode local;
  private final HedgeBudget hedges;

  private final ConcurrentMap<Long, ShardCall> open = new ConcurrentHashMap<>();
  private final AtomicLong calls = new AtomicLong();
  private final AtomicInteger waiting = new AtomicInteger();
  private final LongAdder retries = new LongAdder();
  private volatile boolean closed;

  Dispatcher(
      RouterConfig config,
      RouterRuntime runtime,
      RouteCache routes,
      RouteRefresher refresher,
      GuardedTransport transport,
      @Nullable LocalNode local) {
    this.config = config;
    this.runtime = runtime;
    this.routes = routes;
    this.refresher = refresher;
    this.transport = transport;
    this.local = local;
    this.hedges = new HedgeBudget(config.hedgePercent());
  }

  /** {@link #dispatch(Request, long)} with the timeout of the request's context. */
  public CompletableFuture<Reply> dispatch(Request request) {
    return dispatch(
        request, runtime.scheduler().nanoTime() + Operations.timeoutNanos(request.getContext()));
  }

  /** {@link #dispatch(Request, CallTerms)} until the deadline, on the scheduler's time line. */
  public CompletableFuture<Reply> dispatch(Request request, long deadlineNanos) {
    return dispatch(request, CallTerms.until(deadlineNanos));
  }

  /**
   * Brings a request through.
   *
   * @return completes with a reply (its id is not set) by the deadline, never exceptionally; a
   *     caller that cancels it gives up the answer and further tries
   */
  public CompletableFuture<Reply> dispatch(Request request, CallTerms terms) {
    if (closed) {
      return done(Failures.notApplied(ErrorCode.ERROR_CODE_UNAVAILABLE, "the client is closed"));
    }
    return switch (request.getOperationCase()) {
      case GET,
          PUT,
          DELETE,
          COMPARE_AND_SET,
          INCREMENT,
          DELETE_RANGE,
          SETTLE_WRITE,
          SPLIT_SHARD,
          BATCH ->
          byKeys(request, terms);
      case MULTI_GET -> new MultiGetCall(this, request, terms).start();
      case SCAN -> new ScanCall(this, request, terms).start();
      case TRANSFER_LEADER -> toShard(request, request.getTransferLeader().getShardId(), terms);
      case CHANGE_REPLICAS -> toShard(request, request.getChangeReplicas().getShardId(), terms);
      case SPLIT_KEYS -> toShard(request, request.getSplitKeys().getShardId(), terms);
      case GET_CATALOG, CATALOG_UPDATE, PLACEMENT ->
          toShard(request, RouteMap.SYSTEM_SHARD_ID, terms);
      case NODE_STATUS -> new NodeCall(this, request, terms.deadlineNanos()).start();
      case OPERATION_NOT_SET ->
          done(Failures.rejected(ErrorCode.ERROR_CODE_INVALID_ARGUMENT, "no operation is set"));
    };
  }

  /** Ends all open calls and the transport, and refuses new calls. Idempotent. */
  public void close() {
    closed = true;
    transport.close();
    // In the order in which they began.
    long[] ids = open.keySet().stream().flatMapToLong(LongStream::of).sorted().toArray();
    for (long id : ids) {
      ShardCall call = open.get(id);
      if (call != null) {
        call.abort("the client is closed");
      }
    }
  }

  private CompletableFuture<Reply> byKeys(Request request, CallTerms terms) {
    List<ByteString> keys = Operations.keys(request);
    if (keys.isEmpty()) {
      return done(Failures.rejected(ErrorCode.ERROR_CODE_INVALID_ARGUMENT, "the batch is empty"));
    }
    return start(new Plan.OfKeys(request, keys), request, terms);
  }

  private CompletableFuture<Reply> toShard(Request request, long shardId, CallTerms terms) {
    return start(new Plan.OfShard(request, shardId), request, terms);
  }

  CompletableFuture<Reply> start(Plan plan, Request request, CallTerms terms) {
    long id = calls.incrementAndGet();
    ShardCall call = new ShardCall(this, plan, request, terms);
    open.put(id, call);
    CompletableFuture<Reply> result = call.start();
    if (result.isDone()) {
      open.remove(id);
      return result;
    }
    if (closed) {
      call.abort("the client is closed");
    }
    var unused = result.whenComplete((reply, failure) -> open.remove(id));
    return result;
  }

  /** What a good answer says about where things are. */
  void learn(Route route, Target target, Request request, Reply reply) {
    switch (reply.getResultCase()) {
      case SPLIT_SHARD -> {
        ShardDescriptor left = reply.getSplitShard().getLeft();
        ShardDescriptor right = reply.getSplitShard().getRight();
        routes.table().merge(List.of(led(left, 0, 0), led(right, target.nodeId(), 0)));
      }
      case TRANSFER_LEADER ->
          routes
              .table()
              .merge(
                  List.of(
                      led(
                          route.getShard(),
                          reply.getTransferLeader().getLeaderNodeId(),
                          reply.getTransferLeader().getTerm())));
      case CHANGE_REPLICAS ->
          routes.table().merge(List.of(led(reply.getChangeReplicas().getShard(), 0, 0)));
      default -> {
        if (!target.proxied() && !Operations.isRead(request) && route.getLeaderNodeId() == 0) {
          routes.table().leaderHint(route, target.nodeId());
        }
      }
    }
  }

  private static Route led(ShardDescriptor shard, long nodeId, long term) {
    return Route.newBuilder().setShard(shard).setLeaderNodeId(nodeId).setLeaderTerm(term).build();
  }

  /** Asks for the whole map in the background, unless the request is part of doing that. */
  void refreshSoon(Request request) {
    if (!request.hasGetCatalog()) {
      var unused = refresher.refresh();
    }
  }

  /** The end of a refresh, or "no answer in time"; a refresh knows no deadline of its callers. */
  CompletableFuture<String> refreshed(long untilNanos) {
    CompletableFuture<String> result = new CompletableFuture<>();
    Scheduler.Timer guard =
        runtime
            .scheduler()
            .schedule(
                untilNanos - runtime.scheduler().nanoTime(),
                () -> result.complete("no answer in time"));
    var unused =
        refresher
            .refresh()
            .thenAccept(
                problem -> {
                  guard.cancel();
                  result.complete(problem);
                });
    return result;
  }

  /** Room for a call whose shard has no node that can be asked now; false: it must not wait. */
  boolean mayWait() {
    if (waiting.incrementAndGet() <= config.breakers().maxWaiting()) {
      return true;
    }
    waiting.decrementAndGet();
    return false;
  }

  void waitedEnough() {
    waiting.decrementAndGet();
  }

  /** A call is tried once more. */
  void retried() {
    retries.increment();
  }

  RouterCounts counts() {
    return transport.counts(retries.sum());
  }

  TargetChooser newTargets() {
    return new TargetChooser(local, routes, transport, runtime.jitter());
  }

  static CompletableFuture<Reply> done(Reply reply) {
    return CompletableFuture.completedFuture(reply);
  }

  RouterConfig config() {
    return config;
  }

  RouterRuntime runtime() {
    return runtime;
  }

  RouteCache routes() {
    return routes;
  }

  RouteRefresher refresher() {
    return refresher;
  }

  GuardedTransport transport() {
    return transport;
  }

  HedgeBudget hedges() {
    return hedges;
  }

  boolean isClosed() {
    return closed;
  }

  /** Whether it runs in a node; else in a client. */
  boolean isNode() {
    return local != null;
  }

  LocalNode localNode() {
    return Objects.requireNonNull(local);
  }
}
