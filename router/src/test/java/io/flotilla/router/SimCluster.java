package io.flotilla.router;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.Consistency;
import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.GetCatalogReply;
import io.flotilla.contract.v1.GetReply;
import io.flotilla.contract.v1.KeyRange;
import io.flotilla.contract.v1.MultiGetReply;
import io.flotilla.contract.v1.PutReply;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.Route;
import io.flotilla.contract.v1.Row;
import io.flotilla.contract.v1.ScanReply;
import io.flotilla.contract.v1.ScanRequest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Three nodes with shards that split and move their leaders as a seed says, and a network that
 * loses and delays. It keeps the books: which write was executed how often, and which was sent
 * again although it may have been executed before.
 */
final class SimCluster implements NodeTransport, RouteFeed {
  private static final long MILLIS = VirtualScheduler.MILLIS;
  private static final long NODES = 3;

  final VirtualScheduler time = new VirtualScheduler();
  final TreeSet<ByteString> keys = new TreeSet<>(RouteMap.KEY_ORDER);

  /** How often each write, named by its key, was executed. */
  final Map<ByteString, Integer> executed = new HashMap<>();

  /** Writes without a session that were sent after a try that may have been executed. */
  final Set<ByteString> sentTwice = new HashSet<>();

  /** Of 100 messages, those that meet a fault. */
  int faults;

  private final Random random;
  private final TreeMap<Long, Route> routes = new TreeMap<>();
  private final Set<ByteString> doubtful = new HashSet<>();
  private final Set<Long> answered = new HashSet<>();
  private long version = 1;

  SimCluster(long seed) {
    random = new Random(seed);
    routes.put(1L, TestRoutes.route(1, "", ""));
    routes.put(2L, TestRoutes.route(2, "", ""));
  }

  Router client() {
    RouterRuntime runtime = new RouterRuntime(time, new Backoff.Jitter(random));
    return Router.forClient(
        new Router.Parts(RouterConfig.defaults(), this, this, runtime),
        List.of(TestRoutes.address(1), TestRoutes.address(2), TestRoutes.address(3)));
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  /** Changes something now and then until the given time has passed. */
  void disturb(long untilNanos, int everyMillis) {
    if (time.nanoTime() >= untilNanos) {
      return;
    }
    if (below(3) == 0) {
      split("k%03d".formatted(below(1_000)));
    } else {
      lead(2 + below(routes.size() - 1), 1 + below((int) NODES));
    }
    time.schedule((1 + below(everyMillis)) * MILLIS, () -> disturb(untilNanos, everyMillis));
  }

  void split(String at) {
    ByteString key = TestRoutes.bytes(at);
    Route parent = holder(key);
    KeyRange range = RouteMap.range(parent);
    if (range.getStart().equals(key)) {
      return;
    }
    long rangeVersion = parent.getShard().getEpoch().getRangeVersion() + 1;
    long leader = parent.getLeaderNodeId();
    long term = parent.getLeaderTerm();
    KeyRange left = range.toBuilder().setEnd(key).build();
    KeyRange right = range.toBuilder().setStart(key).build();
    long id = RouteMap.id(parent);
    routes.put(id, TestRoutes.route(id, left, rangeVersion, leader, term));
    long child = routes.lastKey() + 1;
    routes.put(child, TestRoutes.route(child, right, rangeVersion, leader, 1));
    version++;
  }

  void lead(long shardId, long nodeId) {
    routes.computeIfPresent(
        shardId,
        (id, route) ->
            route.toBuilder()
                .setLeaderNodeId(nodeId)
                .setLeaderTerm(route.getLeaderTerm() + 1)
                .build());
    version++;
  }

  private Route holder(ByteString key) {
    return routes.tailMap(2L).values().stream()
        .filter(route -> RouteMap.contains(RouteMap.range(route), key))
        .findFirst()
        .orElseThrow();
  }

  @Override
  public CompletableFuture<Reply> call(NodeAddress node, Request request, long deadlineNanos) {
    noteSent(request);
    CompletableFuture<Reply> result = new CompletableFuture<>();
    long left = deadlineNanos - time.nanoTime();
    Reply late = ScriptedNetwork.late(request);
    time.schedule(left, () -> complete(result, request, late));
    int fate = below(100);
    if (fate < faults / 4) {
      Reply refused = Failures.notApplied(ErrorCode.ERROR_CODE_UNAVAILABLE, "refused");
      time.schedule(delay(3), () -> complete(result, request, refused));
    } else if (fate < faults / 2) {
      // Executed, perhaps long after the caller has given up; the answer is lost.
      time.schedule(
          delay(3_000),
          () -> {
            Reply unused = serve(TestRoutes.nodeAt(node), request);
          });
      Reply broken =
          Operations.isRead(request)
              ? Failures.notApplied(ErrorCode.ERROR_CODE_UNAVAILABLE, "broken")
              : Failures.unknown(ErrorCode.ERROR_CODE_UNAVAILABLE, "broken");
      time.schedule(delay(1_000), () -> complete(result, request, broken));
    } else if (fate >= 3 * faults / 4 && fate < faults) {
      Reply full = Failures.notApplied(ErrorCode.ERROR_CODE_OVERLOADED, "full");
      time.schedule(delay(3), () -> complete(result, request, full));
    } else if (fate >= faults) {
      time.schedule(
          delay(3),
          () -> {
            Reply reply = serve(TestRoutes.nodeAt(node), request);
            time.schedule(delay(3), () -> complete(result, request, reply));
          });
    }
    return result;
  }

  private long delay(int upToMillis) {
    return (1 + below(upToMillis * 1_000)) * (MILLIS / 1_000);
  }

  private void noteSent(Request request) {
    if (request.hasPut()
        && request.getContext().getSequence() == 0
        && doubtful.contains(request.getPut().getKey())) {
      sentTwice.add(request.getPut().getKey());
    }
  }

  private void complete(CompletableFuture<Reply> result, Request request, Reply reply) {
    boolean unsure = !reply.hasError() || reply.getError().getOutcomeValue() == 2;
    if (request.hasPut() && !result.isDone() && unsure) {
      doubtful.add(request.getPut().getKey());
    }
    result.complete(reply);
  }

  private Reply serve(long node, Request request) {
    boolean proxied = request.getContext().getShardId() == 0;
    Route route = proxied ? first(request) : routes.get(request.getContext().getShardId());
    if (route == null || !holds(RouteMap.range(route), request)) {
      return proxied
          ? Failures.rejected(ErrorCode.ERROR_CODE_CROSSES_SHARDS, "split")
          : below(2) == 0 || route == null
              ? ScriptedNetwork.stale()
              : ScriptedNetwork.stale(route, first(request));
    }
    boolean stale = request.getContext().getConsistency() == Consistency.CONSISTENCY_STALE;
    if (!proxied && !stale && route.getLeaderNodeId() != node) {
      return ScriptedNetwork.notLeader(below(3) == 0 ? 0 : 1 + below((int) NODES));
    }
    return execute(request, RouteMap.range(route));
  }

  private Route first(Request request) {
    if (!request.hasScan()) {
      return holder(Operations.keys(request).get(0));
    }
    return routes.tailMap(2L).values().stream()
        .filter(route -> holds(RouteMap.range(route), request))
        .findFirst()
        .orElseThrow();
  }

  private static boolean holds(KeyRange shard, Request request) {
    if (!request.hasScan()) {
      return Operations.keys(request).stream().allMatch(key -> RouteMap.contains(shard, key));
    }
    ByteString end = request.getScan().getRange().getEnd();
    if (!request.getScan().getReverse()) {
      return RouteMap.contains(shard, request.getScan().getRange().getStart());
    }
    return end.isEmpty()
        ? shard.getEnd().isEmpty()
        : RouteMap.KEY_ORDER.compare(shard.getStart(), end) < 0
            && (shard.getEnd().isEmpty() || RouteMap.KEY_ORDER.compare(end, shard.getEnd()) <= 0);
  }

  private Reply execute(Request request, KeyRange shard) {
    return switch (request.getOperationCase()) {
      case PUT -> {
        long sequence = request.getContext().getSequence();
        if (sequence == 0 || answered.add(sequence)) {
          executed.merge(request.getPut().getKey(), 1, Integer::sum);
        }
        yield Reply.newBuilder().setPut(PutReply.newBuilder().setApplied(true)).build();
      }
      case GET -> Reply.newBuilder().setGet(read(request.getGet().getKey())).build();
      case MULTI_GET -> {
        MultiGetReply.Builder values = MultiGetReply.newBuilder();
        request.getMultiGet().getKeysList().forEach(key -> values.addValues(read(key)));
        yield Reply.newBuilder().setMultiGet(values).build();
      }
      default -> Reply.newBuilder().setScan(scan(request.getScan(), shard)).build();
    };
  }

  private GetReply read(ByteString key) {
    return GetReply.newBuilder().setFound(keys.contains(key)).setValue(key).build();
  }

  private ScanReply scan(ScanRequest scan, KeyRange shard) {
    ScanReply.Builder page = ScanReply.newBuilder();
    KeyRange.Builder rest = scan.getRange().toBuilder();
    for (ByteString key : scan.getReverse() ? keys.descendingSet() : keys) {
      if (!RouteMap.contains(scan.getRange(), key) || !RouteMap.contains(shard, key)) {
        continue;
      }
      if (page.getRowsCount() == scan.getLimit() || (page.getRowsCount() > 0 && below(9) == 0)) {
        return page.setNext(rest).build();
      }
      page.addRows(Row.newBuilder().setKey(key));
      if (scan.getReverse()) {
        rest.setEnd(key);
      } else {
        rest.setStart(key.concat(ByteString.copyFrom(new byte[1])));
      }
    }
    boolean more =
        scan.getReverse()
            ? RouteMap.KEY_ORDER.compare(scan.getRange().getStart(), shard.getStart()) < 0
            : !shard.getEnd().isEmpty()
                && (scan.getRange().getEnd().isEmpty()
                    || RouteMap.KEY_ORDER.compare(shard.getEnd(), scan.getRange().getEnd()) < 0);
    if (more) {
      page.setNext(
          scan.getReverse() ? rest.setEnd(shard.getStart()) : rest.setStart(shard.getEnd()));
    }
    return page.build();
  }

  @Override
  public CompletableFuture<Answer> fetch(NodeAddress node, long knownVersion, long deadlineNanos) {
    CompletableFuture<Answer> result = new CompletableFuture<>();
    time.schedule(
        delay(3),
        () -> result.complete(below(100) < faults ? Answer.failed("lost") : Answer.of(catalog())));
    return result;
  }

  private GetCatalogReply catalog() {
    GetCatalogReply.Builder catalog =
        GetCatalogReply.newBuilder().setVersion(version).addAllRoutes(routes.values());
    for (long id = 1; id <= NODES; id++) {
      catalog.addNodes(TestRoutes.node(id));
    }
    return catalog.build();
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
  public void close() {}
}
