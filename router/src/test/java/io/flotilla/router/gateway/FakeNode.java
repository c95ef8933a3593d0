package io.flotilla.router.gateway;

import io.flotilla.contract.v1.GetCatalogReply;
import io.flotilla.contract.v1.GetReply;
import io.flotilla.contract.v1.PutReply;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.router.Backoff;
import io.flotilla.router.LocalNode;
import io.flotilla.router.NodeAddress;
import io.flotilla.router.NodeTransport;
import io.flotilla.router.RouteFeed;
import io.flotilla.router.Router;
import io.flotilla.router.RouterConfig;
import io.flotilla.router.RouterRuntime;
import io.flotilla.router.TestRoutes;
import io.flotilla.router.VirtualScheduler;
import io.flotilla.router.access.Guard;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Node 1 with a router, on virtual time. What it executes itself and what it sends to others is
 * written down; both are answered by the test.
 */
final class FakeNode implements LocalNode, NodeTransport {
  static final long MILLIS = VirtualScheduler.MILLIS;

  final VirtualScheduler time = new VirtualScheduler();
  final RouterRuntime runtime = new RouterRuntime(time, new Backoff.Jitter(new Random(1)));
  final List<Request> executed = new ArrayList<>();
  final List<String> forwardedTo = new ArrayList<>();
  final List<Request> forwarded = new ArrayList<>();
  Function<Request, CompletableFuture<Reply>> local = FakeNode::good;
  Function<Request, CompletableFuture<Reply>> remote = FakeNode::good;
  final Router router;

  private final RouteFeed none =
      new RouteFeed() {
        @Override
        public CompletableFuture<Answer> fetch(
            NodeAddress node, long knownVersion, long deadlineNanos) {
          return CompletableFuture.completedFuture(Answer.failed("no other node"));
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
      };

  FakeNode() {
    router = Router.forNode(new Router.Parts(RouterConfig.defaults(), this, none, runtime), this);
    bootstrap(router);
  }

  private static void bootstrap(Router router) {
    router
        .routes()
        .bootstrap(
            TestRoutes.bytes("cluster"),
            List.of(TestRoutes.node(1), TestRoutes.node(2), TestRoutes.node(3)),
            List.of(
                TestRoutes.route(1, "", ""),
                TestRoutes.route(2, "", "m"),
                TestRoutes.route(3, TestRoutes.range("m", ""), 1, 2, 1)));
  }

  Gateway gateway() {
    return new Gateway(router, this, CatalogView.AS_IT_IS, time, RequestMeter.NONE, Guard.OPEN);
  }

  /** A gateway over the same network that has no replicas. */
  Gateway withoutReplicas(CatalogView view) {
    Router client =
        Router.forClient(new Router.Parts(RouterConfig.defaults(), this, none, runtime), List.of());
    bootstrap(client);
    return new Gateway(client, null, view, time, RequestMeter.NONE, Guard.OPEN);
  }

  static CompletableFuture<Reply> good(Request request) {
    Reply.Builder reply = Reply.newBuilder();
    return CompletableFuture.completedFuture(
        request.hasGet()
            ? reply.setGet(GetReply.getDefaultInstance()).build()
            : reply.setPut(PutReply.newBuilder().setApplied(true)).build());
  }

  @Override
  public long nodeId() {
    return 1;
  }

  @Override
  public CompletableFuture<Reply> execute(Request request) {
    executed.add(request);
    return local.apply(request);
  }

  @Override
  public CompletableFuture<Reply> call(NodeAddress node, Request request, long deadlineNanos) {
    forwardedTo.add(node.toString());
    forwarded.add(request);
    return remote.apply(request);
  }

  @Override
  public void close() {}
}
