package io.flotilla.server;

import io.flotilla.server.config.ServerConfig;
import io.flotilla.server.health.HealthPages;
import io.flotilla.server.health.Member;
import io.flotilla.server.health.Readiness;
import io.flotilla.server.http.HttpPage;
import io.flotilla.server.http.HttpServer;
import io.flotilla.server.log.LogSetup;
import io.flotilla.server.metrics.Meters;
import io.flotilla.server.metrics.MetricsPage;
import io.flotilla.server.metrics.NodeFacts;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What others see of a server: metrics, health over HTTP and gRPC, the log. Any thread. */
final class Sight implements AutoCloseable {
  /** Names of the gRPC health service, besides those of our services. */
  private static final String LIVENESS = "liveness";

  private static final String READINESS = "readiness";

  private static final List<String> SERVICES =
      List.of(
          HealthStatusManager.SERVICE_NAME_ALL_SERVICES,
          "flotilla.v1.Kv",
          "flotilla.v1.Admin",
          "flotilla.v1.Placement",
          "flotilla.v1.Routes");

  private final ServerConfig.Network network;
  private final Meters meters;
  private final Readiness readiness;
  private final HealthStatusManager health = new HealthStatusManager();
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "http-pages");
            thread.setDaemon(true);
            return thread;
          });
  private volatile @Nullable Supplier<NodeFacts> facts;
  private volatile int metricsShards;
  private @Nullable HttpServer http;

  private Sight(ServerConfig config, Duration patience) {
    this.network = config.network();
    this.meters = new Meters(System::nanoTime, config.sight().slowRequest());
    this.metricsShards = config.sight().metricsShards();
    this.readiness = new Readiness(patience, this::readinessChanged);
    LogSetup.count(meters.log()::warning, meters.log()::error);
    health.setStatus(LIVENESS, ServingStatus.SERVING);
    health.setStatus(READINESS, ServingStatus.NOT_SERVING);
    servicesAre(ServingStatus.NOT_SERVING);
  }

  /**
   * Answers from now on, before there is anything else: opening a large store takes a while.
   *
   * @param patience how long to wait for others before it is ready
   * @throws ServerStartException if the port is in use
   */
  static Sight start(ServerConfig config, Duration patience) {
    Sight sight = new Sight(config, patience);
    config
        .network()
        .http()
        .ifPresent(
            address -> {
              try {
                sight.http = HttpServer.start(address, sight.pages());
              } catch (IOException e) {
                sight.close();
                throw new ServerStartException(
                    "cannot listen at "
                        + address
                        + " for metrics and health: "
                        + e.getMessage()
                        + "; choose another --http-listen, or off",
                    e);
              }
            });
    return sight;
  }

  private Map<String, HttpPage> pages() {
    Map<String, HttpPage> pages = new HashMap<>(HealthPages.of(readiness));
    pages.put(
        "/metrics",
        new MetricsPage(
            meters,
            () -> Optional.ofNullable(facts).map(Supplier::get),
            () -> metricsShards,
            worker));
    return pages;
  }

  private void readinessChanged(boolean ready) {
    health.setStatus(READINESS, ready ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
  }

  private void servicesAre(ServingStatus status) {
    SERVICES.forEach(service -> health.setStatus(service, status));
  }

  /** Counts what happens. */
  Meters meters() {
    return meters;
  }

  /** The gRPC service. */
  HealthStatusManager health() {
    return health;
  }

  /** Whether clients are to be sent here. */
  Readiness readiness() {
    return readiness;
  }

  /** HOST:PORT of the HTTP pages; empty: there are none. */
  String address() {
    return network.http().map(Object::toString).orElse("");
  }

  /** The server serves from now on. */
  void serves(Member member, Supplier<NodeFacts> node) {
    facts = node;
    servicesAre(ServingStatus.SERVING);
    readiness.serves(member);
  }

  /** The server stops: it lives on for a while, but nobody is to come any more. */
  void stops() {
    readiness.stops();
    servicesAre(ServingStatus.NOT_SERVING);
  }

  /** What may change without a restart. */
  void reload(Optional<ServerConfig> changed) {
    meters.reloaded(changed.isPresent());
    changed
        .map(ServerConfig::sight)
        .ifPresent(
            sight -> {
              LogSetup.level(sight.logLevel());
              meters.slowRequest(sight.slowRequest());
              metricsShards = sight.metricsShards();
            });
  }

  @Override
  public void close() {
    facts = null;
    if (http != null) {
      http.close();
    }
    worker.shutdown();
  }
}
