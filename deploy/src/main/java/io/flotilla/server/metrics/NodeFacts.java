package io.flotilla.server.metrics;

import io.flotilla.router.Router;
import io.flotilla.shard.HostStats;
import io.flotilla.storage.NodeStore;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * A server that is part of a cluster, as far as metrics go.
 *
 * @param nodeId 0: it has no replicas
 * @param clusterId in hexadecimal digits
 * @param address for others
 * @param ready what {@code /readyz} says
 * @param router of the server
 * @param replicas of a node, and its store; empty: it has none
 */
public record NodeFacts(
    long nodeId,
    String clusterId,
    String address,
    boolean ready,
    Router router,
    Optional<Replicas> replicas) {

  /**
   * What a node holds.
   *
   * @param stats asks the loops; may never complete
   */
  public record Replicas(NodeStore store, Supplier<CompletableFuture<HostStats>> stats) {}
}
