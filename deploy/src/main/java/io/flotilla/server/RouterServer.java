package io.flotilla.server;

import io.flotilla.router.Router;
import io.flotilla.router.access.Guard;
import io.flotilla.router.gateway.GatewayConfig;
import io.flotilla.router.gateway.GatewayServices;
import io.flotilla.router.gateway.TraceHeader;
import io.flotilla.server.config.ServerConfig;
import io.flotilla.server.health.Member;
import io.flotilla.server.metrics.NodeFacts;
import io.grpc.InsecureChannelCredentials;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server without a store and without replicas: takes requests of clients that know no routes and
 * passes each on to the leader of its shard. It is no member of the cluster; any number of them may
 * come and go.
 *
 * <p>Life: {@link #start} opens the port; the cluster is sought in the background until {@link
 * #ready}; {@link #close} answers what has come in. Any thread.
 */
final class RouterServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RouterServer.class);
  private static final int MAX_INBOUND_BYTES = 16 << 20;
  private static final long ATTEMPT_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

  private final ServerConfig config;
  private final Sight sight;
  private final ServerThreads threads;
  private final Network network;
  private final Router router;
  private final GatewayServices gateway;
  private final LateServices services =
      new LateServices("this router has not found its cluster yet: try again, or see its log");
  private final Server grpc;
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  private RouterServer(ServerConfig config, Sight sight) {
    this.config = config;
    this.sight = sight;
    this.threads = new ServerThreads(config.threads().requests());
    this.network = new Network(threads, InsecureChannelCredentials::create);
    this.router =
        network.clientRouter(config.network().join().stream().map(Object::toString).toList());
    this.gateway =
        GatewayServices.forRouter(
            router,
            behind(config.network()),
            new GatewayServices.Parts(
                GatewayConfig.defaults(),
                network.runtime(),
                threads.requests(),
                sight.meters().requests(),
                Guard.OPEN));
    this.grpc = port();
  }

  /** Where clients that follow the route map come; empty: to the nodes. */
  private static String behind(ServerConfig.Network network) {
    return network.advertise().equals(network.listen()) ? "" : network.advertise().toString();
  }

  private Server port() {
    var listen = config.network().listen();
    return NettyServerBuilder.forAddress(new InetSocketAddress(listen.host(), listen.port()))
        .executor(threads.requests())
        .maxInboundMessageSize(MAX_INBOUND_BYTES)
        // Clients ping every 10 s; by default that would end their connections.
        .permitKeepAliveTime(5, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true)
        .keepAliveTime(20, TimeUnit.SECONDS)
        .keepAliveTimeout(10, TimeUnit.SECONDS)
        .addService(sight.health().getHealthService())
        .addService(ProtoReflectionServiceV1.newInstance())
        .intercept(new TraceHeader())
        .fallbackHandlerRegistry(services)
        .build();
  }

  /**
   * Binds the port and begins to look for the cluster.
   *
   * @throws ServerStartException with what is in the way, for people: the port is in use
   */
  static RouterServer start(ServerConfig config) {
    // Whoever serves is ready: there are no replicas to wait for.
    RouterServer server = new RouterServer(config, Sight.start(config, Duration.ZERO));
    try {
      server.grpc.start();
    } catch (IOException e) {
      server.close();
      throw ServerStartException.cannotListen(config.network().listen(), e);
    }
    server.router.start();
    server.seek();
    return server;
  }

  private void seek() {
    if (closed.get()) {
      return;
    }
    var unused =
        router
            .refresher()
            .refresh()
            .thenAccept(
                problem -> {
                  if (problem.isEmpty() && router.routes().version() > 0) {
                    serves();
                  } else {
                    LOG.info("the cluster is not there yet: {}", problem);
                    network.scheduler().schedule(ATTEMPT_PAUSE_NANOS, this::seek);
                  }
                });
  }

  private void serves() {
    services.serve(gateway.services());
    sight.serves(Member.of(0, router, network.scheduler(), CompletableFuture::new), this::facts);
    LOG.info("the router serves at {}", config.network().listen());
    ready.complete(null);
  }

  private NodeFacts facts() {
    return new NodeFacts(
        0,
        HexFormat.of().formatHex(router.routes().clusterId().toByteArray()),
        config.network().advertise().toString(),
        sight.readiness().state().ready(),
        router,
        Optional.empty());
  }

  /**
   * Takes over what may change without a restart; the rest is ignored.
   *
   * @param changed empty: there was a mistake in it, so everything stays
   */
  void reload(Optional<ServerConfig> changed) {
    sight.reload(changed);
  }

  /** Completes when the router has found its cluster and serves. */
  CompletableFuture<Void> ready() {
    return ready;
  }

  /** Completes when the router has ended. */
  CompletableFuture<Void> stopped() {
    return stopped;
  }

  /**
   * Takes no request any more, answers those that came in, within the grace time of the
   * configuration, and ends. Idempotent.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    sight.stops();
    RequestDrain.end(grpc, gateway, config.shutdownGrace());
    router.close();
    network.close();
    threads.close();
    sight.close();
    stopped.complete(null);
  }
}
