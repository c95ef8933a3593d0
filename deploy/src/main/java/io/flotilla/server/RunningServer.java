package io.flotilla.server;

import io.flotilla.server.config.ServerConfig;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A server as the command sees it.
 *
 * @param ready completes when the node is part of a cluster
 * @param stopped completes when it ended
 * @param close ends it gracefully; may be called again
 * @param reload takes over what may change without a restart; empty: there was a mistake in it
 */
record RunningServer(
    CompletableFuture<Void> ready,
    CompletableFuture<Void> stopped,
    Runnable close,
    Consumer<Optional<ServerConfig>> reload) {

  /** Starts servers. */
  @FunctionalInterface
  interface Starter {
    Starter NODE =
        config -> {
          FlotillaServer server = FlotillaServer.start(config);
          return new RunningServer(server.ready(), server.stopped(), server::close, server::reload);
        };

    Starter ROUTER =
        config -> {
          RouterServer server = RouterServer.start(config);
          return new RunningServer(server.ready(), server.stopped(), server::close, server::reload);
        };

    /** Starts one, or throws {@link ServerStartException}. */
    RunningServer start(ServerConfig config);
  }
}
