package io.flotilla.router;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.Consistency;
import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.GetCatalogReply;
import io.flotilla.contract.v1.NodeInfo;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.Route;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Nodes with the routers that nodes have, and clients with theirs, on virtual time: who asks whom
 * about routes is what production decides. Shards answer gets and questions about the catalog; that
 * is all that is left out. Counts what is asked.
 */
final class TownOfNodes {
  private static final long MILLIS = VirtualScheduler.MILLIS;

  final VirtualScheduler time = new VirtualScheduler();
  final List<Router> routers = new ArrayList<>();

  /** Questions about the catalog that a replica of the system shard was asked. */
  int catalogReads;

  /** Subscriptions of clients that a living node took. */
  int watches;

  /** Maps that clients asked nodes for. */
  int fetches;

  private final Random random;
  private final Set<Long> dead = new HashSet<>();
  private final TreeMap<Long, Route> truth = new TreeMap<>();
  private final List<Watch> open = new ArrayList<>();
  private long version = 1;

  TownOfNodes(int nodes, long seed) {
    random = new Random(seed);
    for (long id = 1; id <= nodes; id++) {
      routers.add(Router.forNode(parts(), new Node(id)));
    }
  }

  private record Watch(long node, Consumer<GetCatalogReply> onCatalog, Consumer<String> onEnd) {}

  private Router.Parts parts() {
    RouterRuntime runtime =
        new RouterRuntime(time, new Backoff.Jitter(new Random(random.nextLong())));
    return new Router.Parts(RouterConfig.defaults(), new Wire(), new Feed(), runtime);
  }

  /** All nodes begin with these routes. */
  void bootstrap(Route... routes) {
    for (Route route : routes) {
      truth.put(RouteMap.id(route), route);
    }
    for (Router router : routers) {
      router.routes().bootstrap(ByteString.copyFromUtf8("c"), nodes(), List.of(routes));
      router.routes().addListener(() -> push(router));
      router.start();
    }
  }

  List<Router> clients(int number) {
    List<Router> clients = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      Router client = Router.forClient(parts(), nodes().stream().map(this::address).toList());
      client.start();
      clients.add(client);
    }
    return clients;
  }

  void forgetCounts() {
    catalogReads = 0;
    watches = 0;
    fetches = 0;
  }

  /** Connections to the node break, and new ones are refused. */
  void kill(long node) {
    dead.add(node);
    List<Watch> broken = open.stream().filter(watch -> watch.node() == node).toList();
    open.removeAll(broken);
    broken.forEach(watch -> watch.onEnd().accept("broken"));
  }

  void revive(long node) {
    dead.remove(node);
  }

  /** An election, which the catalog hears of. */
  void lead(long shardId, long node) {
    truth.computeIfPresent(
        shardId,
        (id, route) ->
            route.toBuilder()
                .setLeaderNodeId(node)
                .setLeaderTerm(route.getLeaderTerm() + 1)
                .build());
    version++;
  }

  private List<NodeInfo> nodes() {
    List<NodeInfo> all = new ArrayList<>();
    for (long id = 1; id <= routers.size(); id++) {
      all.add(TestRoutes.node(id));
    }
    return all;
  }

  private NodeAddress address(NodeInfo node) {
    return TestRoutes.address(node.getNodeId());
  }

  private void push(Router router) {
    long node = routers.indexOf(router) + 1L;
    GetCatalogReply catalog = router.routes().catalog(0);
    for (Watch watch : open.stream().filter(each -> each.node() == node).toList()) {
      time.schedule(delay(), () -> watch.onCatalog().accept(catalog));
    }
  }

  private long delay() {
    return (1 + random.nextInt(3_000)) * (MILLIS / 1_000);
  }

  /** A node answers for its replicas, or passes on what names no shard. */
  private CompletableFuture<Reply> answer(long node, Request request) {
    if (dead.contains(node)) {
      return CompletableFuture.completedFuture(
          Failures.notApplied(ErrorCode.ERROR_CODE_UNAVAILABLE, "refused"));
    }
    return request.getContext().getShardId() == 0
        ? routers.get((int) node - 1).dispatcher().dispatch(request)
        : CompletableFuture.completedFuture(serve(node, request));
  }

  /** What the replicas of a node answer. */
  private Reply serve(long node, Request request) {
    long shard = request.hasGetCatalog() ? 1 : request.getContext().getShardId();
    Route route = Objects.requireNonNull(truth.get(shard));
    boolean here =
        route.getShard().getReplicasList().stream()
            .anyMatch(replica -> replica.getNodeId() == node);
    if (request.hasGetCatalog()) {
      catalogReads++;
    }
    boolean stale = request.getContext().getConsistency() == Consistency.CONSISTENCY_STALE;
    if (!here || (!stale && route.getLeaderNodeId() != node)) {
      long hint = dead.contains(route.getLeaderNodeId()) ? 0 : route.getLeaderNodeId();
      return ScriptedNetwork.notLeader(hint);
    }
    return request.hasGetCatalog() ? catalog(request) : ScriptedNetwork.good(request);
  }

  private Reply catalog(Request request) {
    boolean unchanged = request.getGetCatalog().getKnownVersion() >= version;
    GetCatalogReply.Builder catalog =
        GetCatalogReply.newBuilder().setVersion(version).setUnchanged(unchanged);
    if (!unchanged) {
      catalog.addAllNodes(nodes()).addAllRoutes(truth.values());
    }
    return Reply.newBuilder().setGetCatalog(catalog).build();
  }

  private final class Node implements LocalNode {
    private final long id;

    Node(long id) {
      this.id = id;
    }

    @Override
    public long nodeId() {
      return id;
    }

    @Override
    public CompletableFuture<Reply> execute(Request request) {
      return CompletableFuture.completedFuture(serve(id, request));
    }
  }

  private final class Wire implements NodeTransport {
    @Override
    public CompletableFuture<Reply> call(NodeAddress node, Request request, long deadlineNanos) {
      long id = TestRoutes.nodeAt(node);
      CompletableFuture<Reply> result = new CompletableFuture<>();
      time.schedule(
          delay(),
          () -> {
            CompletableFuture<Reply> unused =
                answer(id, request)
                    .thenApply(
                        reply -> {
                          time.schedule(delay(), () -> result.complete(reply));
                          return reply;
                        });
          });
      return result;
    }

    @Override
    public void close() {}
  }

  private final class Feed implements RouteFeed {
    private final Map<NodeAddress, Watch> mine = new LinkedHashMap<>();

    @Override
    public CompletableFuture<Answer> fetch(NodeAddress node, long known, long deadlineNanos) {
      fetches++;
      long id = TestRoutes.nodeAt(node);
      CompletableFuture<Answer> result = new CompletableFuture<>();
      time.schedule(
          delay(),
          () ->
              result.complete(
                  dead.contains(id)
                      ? Answer.failed("refused")
                      : Answer.of(routers.get((int) id - 1).routes().catalog(known))));
      return result;
    }

    @Override
    public Subscription watch(
        NodeAddress node, long known, Consumer<GetCatalogReply> onCatalog, Consumer<String> onEnd) {
      long id = TestRoutes.nodeAt(node);
      Watch watch = new Watch(id, onCatalog, onEnd);
      if (dead.contains(id)) {
        time.schedule(delay(), () -> onEnd.accept("refused"));
        return () -> {};
      }
      watches++;
      open.add(watch);
      mine.put(node, watch);
      GetCatalogReply first = routers.get((int) id - 1).routes().catalog(known);
      time.schedule(delay(), () -> onCatalog.accept(first));
      return () -> open.remove(watch);
    }

    @Override
    public void close() {
      open.removeAll(mine.values());
    }
  }
}
