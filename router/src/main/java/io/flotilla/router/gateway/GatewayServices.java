package io.flotilla.router.gateway;

import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.router.LocalNode;
import io.flotilla.router.Router;
import io.flotilla.router.RouterRuntime;
import io.grpc.BindableService;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** Makes the services of a server. */
public final class GatewayServices {
  private GatewayServices() {}

  /**
   * {@code Kv}, {@code Admin}, {@code Placement} and {@code Routes}, to be added to a server.
   *
   * @param router made for the same local node, started or about to be
   * @param executor writes replies; its threads are busy for the time it takes to serialize them
   * @param meter hears of each request
   */
  public static List<BindableService> create(
      Router router,
      LocalNode local,
      GatewayConfig config,
      RouterRuntime runtime,
      Executor executor,
      RequestMeter meter) {
    Gateway gateway = new Gateway(router, local, runtime.scheduler(), meter);
    return List.of(
        new KvService(gateway, config, executor),
        new AdminService(gateway, router.admin(), runtime.scheduler()),
        new PlacementService(gateway),
        new RoutesService(router, config, runtime, executor));
  }

  /**
   * What stands behind the services, for a server without gRPC: a request goes in, the future
   * completes with its reply by the deadline, never exceptionally.
   */
  public static Function<Request, CompletableFuture<Reply>> handler(
      Router router, LocalNode local, RouterRuntime runtime) {
    return new Gateway(router, local, runtime.scheduler(), RequestMeter.NONE)::handle;
  }
}
