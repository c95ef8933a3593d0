package io.flotilla.router.gateway;

import io.flotilla.contract.v1.GetCatalogReply;
import io.flotilla.contract.v1.GetCatalogRequest;
import io.flotilla.contract.v1.RoutesGrpc;
import io.flotilla.router.Router;
import io.flotilla.router.RouterRuntime;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/** This node's copy of the route map, and its changes. */
final class RoutesService extends RoutesGrpc.RoutesImplBase {
  private final Router router;
  private final Gateway gateway;
  private final GatewayConfig config;
  private final RouterRuntime runtime;
  private final Executor executor;
  private final AtomicInteger watchers = new AtomicInteger();

  RoutesService(
      Router router,
      Gateway gateway,
      GatewayConfig config,
      RouterRuntime runtime,
      Executor executor) {
    this.router = router;
    this.gateway = gateway;
    this.config = config;
    this.runtime = runtime;
    this.executor = executor;
  }

  @Override
  public void getRoutes(GetCatalogRequest request, StreamObserver<GetCatalogReply> to) {
    to.onNext(gateway.catalog(request.getKnownVersion()));
    to.onCompleted();
  }

  @Override
  public void watchRoutes(GetCatalogRequest request, StreamObserver<GetCatalogReply> to) {
    if (watchers.incrementAndGet() > config.maxWatchers()) {
      watchers.decrementAndGet();
      to.onError(
          Status.RESOURCE_EXHAUSTED
              .withDescription("too many subscriptions to routes on this node")
              .asRuntimeException());
      return;
    }
    RouteWatch watch =
        new RouteWatch(
            router.routes(),
            gateway,
            config.watchSpacingNanos(),
            runtime,
            executor,
            (ServerCallStreamObserver<GetCatalogReply>) to);
    watch.open(request.getKnownVersion(), watchers::decrementAndGet);
  }
}
