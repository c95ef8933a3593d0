package io.flotilla.server;

import io.flotilla.server.config.ServerConfig;
import java.util.concurrent.CompletableFuture;

/**
 * A server as the command sees it.
 *
 * @param ready completes when the node is part of a cluster
 * @param stopped completes when it ended
 * @param close ends it gracefully; may be called again
 */
record RunningServer(
    CompletableFuture<Void> ready, CompletableFuture<Void> stopped, Runnable close) {

  /** Starts servers. */
  @FunctionalInterface
  interface Starter {
    Starter PRODUCTION =
        config -> {
          FlotillaServer server = FlotillaServer.start(config);
          return new RunningServer(server.ready(), server.stopped(), server::close);
        };

    /** Starts one, or throws {@link ServerStartException}. */
    RunningServer start(ServerConfig config);
  }
}
