package io.flotilla.sim;

import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.GetCatalogReply;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.router.Backoff;
import io.flotilla.router.Failures;
import io.flotilla.router.NodeAddress;
import io.flotilla.router.NodeTransport;
import io.flotilla.router.Operations;
import io.flotilla.router.RouteFeed;
import io.flotilla.router.Router;
import io.flotilla.router.RouterConfig;
import io.flotilla.router.RouterRuntime;
import io.flotilla.router.Scheduler;
import io.flotilla.shard.bootstrap.Addresses;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/** What a router needs, over the simulated network. A node's port is its place. */
final class SimRouting {
  private static final long WATCH_EVERY_NANOS = 300 * World.MILLIS;

  private final int self;
  private final SimProcess process;
  private final SimNetwork network;
  private final IntFunction<Optional<SimNode.Serving>> nodes;

  SimRouting(
      int self,
      SimProcess process,
      SimNetwork network,
      IntFunction<Optional<SimNode.Serving>> nodes) {
    this.self = self;
    this.process = process;
    this.network = network;
    this.nodes = nodes;
  }

  static String address(int node) {
    return "node:" + node;
  }

  /** One port for everybody. */
  static Addresses addresses(int node) {
    return Addresses.shared(address(node));
  }

  /** The place of an address. */
  static int place(String address) {
    return Integer.parseInt(address.substring(address.indexOf(':') + 1));
  }

  Router.Parts parts() {
    Scheduler scheduler = process.scheduler();
    return new Router.Parts(
        RouterConfig.defaults(),
        new Transport(scheduler),
        new Feed(scheduler),
        new RouterRuntime(scheduler, new Backoff.Jitter(process.random().split())));
  }

  /** A client of nodes at these addresses. */
  Router contacts(List<String> addresses) {
    return Router.forClient(parts(), addresses.stream().map(NodeAddress::parse).toList());
  }

  private final class Transport implements NodeTransport {
    private final Scheduler scheduler;

    Transport(Scheduler scheduler) {
      this.scheduler = scheduler;
    }

    @Override
    public CompletableFuture<Reply> call(NodeAddress node, Request request, long deadlineNanos) {
      CompletableFuture<Reply> result = new CompletableFuture<>();
      int to = node.port();
      Scheduler.Timer timer =
          scheduler.schedule(
              deadlineNanos - scheduler.nanoTime(),
              () -> result.complete(lost(request, ErrorCode.ERROR_CODE_DEADLINE_EXCEEDED)));
      if (nodes.apply(to).isEmpty()) {
        // Connection refused: it never left.
        network.sendOnce(
            self,
            self,
            "refused",
            () ->
                result.complete(Failures.notApplied(ErrorCode.ERROR_CODE_UNAVAILABLE, "refused")));
      }
      network.sendOnce(self, to, "call", () -> arrive(to, request, result));
      Runnable ended =
          network.opened(
              self, to, () -> result.complete(lost(request, ErrorCode.ERROR_CODE_UNAVAILABLE)));
      return result.whenComplete(
          (reply, none) -> {
            timer.cancel();
            ended.run();
          });
    }

    private void arrive(int to, Request request, CompletableFuture<Reply> result) {
      Optional<SimNode.Serving> node = nodes.apply(to);
      if (node.isEmpty()) {
        network.sendOnce(
            to,
            self,
            "broken",
            () -> result.complete(lost(request, ErrorCode.ERROR_CODE_UNAVAILABLE)));
        return;
      }
      var unused =
          node.get()
              .handler()
              .apply(request)
              .thenAccept(
                  reply -> network.sendOnce(to, self, "reply", () -> result.complete(reply)));
    }

    private static Reply lost(Request request, ErrorCode code) {
      return Operations.isRead(request)
          ? Failures.notApplied(code, "no answer")
          : Failures.unknown(code, "no answer");
    }

    @Override
    public void close() {}
  }

  private final class Feed implements RouteFeed {
    private final Scheduler scheduler;

    Feed(Scheduler scheduler) {
      this.scheduler = scheduler;
    }

    @Override
    public CompletableFuture<Answer> fetch(NodeAddress node, long known, long deadlineNanos) {
      CompletableFuture<Answer> result = new CompletableFuture<>();
      int to = node.port();
      Scheduler.Timer timer =
          scheduler.schedule(
              deadlineNanos - scheduler.nanoTime(),
              () -> result.complete(Answer.failed("no answer")));
      network.sendOnce(
          self,
          to,
          "fetch",
          () ->
              nodes
                  .apply(to)
                  .ifPresent(
                      serving -> {
                        GetCatalogReply catalog = serving.node().router().routes().catalog(known);
                        network.sendOnce(
                            to, self, "routes", () -> result.complete(Answer.of(catalog)));
                      }));
      return result.whenComplete((answer, none) -> timer.cancel());
    }

    @Override
    public Subscription watch(
        NodeAddress node,
        long knownVersion,
        Consumer<GetCatalogReply> onCatalog,
        Consumer<String> onEnd) {
      boolean[] cancelled = new boolean[1];
      watchOnce(node, knownVersion, onCatalog, onEnd, cancelled);
      return () -> cancelled[0] = true;
    }

    private void watchOnce(
        NodeAddress node,
        long knownVersion,
        Consumer<GetCatalogReply> onCatalog,
        Consumer<String> onEnd,
        boolean[] cancelled) {
      var unused =
          fetch(node, knownVersion, scheduler.nanoTime() + World.SECONDS)
              .thenAccept(
                  answer -> {
                    GetCatalogReply catalog = answer.catalog();
                    if (cancelled[0]) {
                      return;
                    }
                    if (catalog == null) {
                      onEnd.accept(answer.problem());
                      return;
                    }
                    onCatalog.accept(catalog);
                    scheduler.schedule(
                        WATCH_EVERY_NANOS,
                        () -> watchOnce(node, catalog.getVersion(), onCatalog, onEnd, cancelled));
                  });
    }

    @Override
    public void close() {}
  }
}
