package io.flotilla.router.gateway;

import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.router.LocalNode;
import io.flotilla.router.Router;
import io.flotilla.router.RouterRuntime;
import io.flotilla.router.access.Guard;
import io.grpc.BindableService;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes the services of a server, and ends what is under way in them. Thread-safe. */
public final class GatewayServices {
  private final Gateway gateway;
  private final List<BindableService> services;

  private GatewayServices(Gateway gateway, Router router, Parts parts) {
    this.gateway = gateway;
    this.services =
        List.of(
            new KvService(gateway, parts.config(), parts.executor()),
            new AdminService(gateway, router.admin(), parts.runtime().scheduler()),
            new PlacementService(gateway),
            new RoutesService(router, gateway, parts.config(), parts.runtime(), parts.executor()));
  }

  /**
   * What the services take from outside.
   *
   * @param config bounds
   * @param runtime time and randomness
   * @param executor writes replies; its threads are busy for the time it takes to serialize them
   * @param meter hears of each request
   * @param guard decides on each request
   */
  public record Parts(
      GatewayConfig config,
      RouterRuntime runtime,
      Executor executor,
      RequestMeter meter,
      Guard guard) {}

  /**
   * For a node.
   *
   * @param router made for the same local node, started or about to be
   */
  public static GatewayServices forNode(Router router, LocalNode local, Parts parts) {
    return of(router, local, CatalogView.AS_IT_IS, parts);
  }

  /**
   * For a server without replicas, which passes every request on.
   *
   * @param router made for a client, started or about to be
   * @param address where clients that follow the route map find this server instead of the nodes;
   *     empty: they go to the nodes
   */
  public static GatewayServices forRouter(Router router, String address, Parts parts) {
    CatalogView view = address.isEmpty() ? CatalogView.AS_IT_IS : CatalogView.behind(address);
    return of(router, null, view, parts);
  }

  private static GatewayServices of(
      Router router, @Nullable LocalNode local, CatalogView view, Parts parts) {
    Gateway gateway =
        new Gateway(router, local, view, parts.runtime().scheduler(), parts.meter(), parts.guard());
    return new GatewayServices(gateway, router, parts);
  }

  /** {@code Kv}, {@code Admin}, {@code Placement} and {@code Routes}, to be added to a server. */
  public List<BindableService> services() {
    return services;
  }

  /** How many requests wait for an answer. */
  public int openRequests() {
    return gateway.open().count();
  }

  /**
   * Reads no more from the streams of clients and ends them when what was read is answered; single
   * calls are still taken. Completes when nothing is under way any more. Idempotent.
   */
  public CompletableFuture<Void> drain() {
    return gateway.open().drain();
  }

  /**
   * What stands behind the services, for a server without gRPC: a request goes in, the future
   * completes with its reply by the deadline, never exceptionally.
   */
  public static Function<Request, CompletableFuture<Reply>> handler(
      Router router, LocalNode local, RouterRuntime runtime) {
    return new Gateway(
            router, local, CatalogView.AS_IT_IS, runtime.scheduler(), RequestMeter.NONE, Guard.OPEN)
        ::handle;
  }
}
