package io.flotilla.server;

import io.flotilla.server.config.ServerConfig;
import java.util.concurrent.CompletableFuture;

/** A node of a cluster in this process. */
public final class FlotillaServer implements AutoCloseable {
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();

  private FlotillaServer() {}

  /**
   * Opens the store, binds the port and begins to serve; joining or bootstrapping a cluster goes on
   * in the background.
   *
   * @throws ServerStartException with a message for the user
   */
  public static FlotillaServer start(ServerConfig config) {
    throw new ServerStartException("no server for " + config.data() + " in this build");
  }

  /** Completes when the node is part of a cluster; exceptionally when it never can be. */
  public CompletableFuture<Void> ready() {
    return ready;
  }

  /** Completes when the server ended, also by itself. */
  public CompletableFuture<Void> stopped() {
    return stopped;
  }

  /** Ends gracefully, within the grace of the configuration. */
  @Override
  public void close() {
    stopped.complete(null);
  }
}
