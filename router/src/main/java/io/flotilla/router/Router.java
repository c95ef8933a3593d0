package io.flotilla.router;

import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A dispatcher with all it needs, put together. Make it, tell {@link #routes()} what is known from
 * the start, {@link #start()} it, {@link #close()} it.
 */
public final class Router implements AutoCloseable {
  private final RouteCache routes;
  private final RouteRefresher refresher;
  private final Dispatcher dispatcher;
  private final AdminQueries admin;
  private final RouteFeed feed;
  private final @Nullable RouteWatcher watcher;

  private Router(Parts parts, RouteCache routes, @Nullable LocalNode local) {
    RouterConfig config = parts.config();
    RouterRuntime runtime = parts.runtime();
    this.routes = routes;
    this.feed = parts.feed();
    ContactSource contacts = new ContactSource(feed, routes, config, runtime);
    this.watcher = local == null ? new RouteWatcher(feed, routes, config, runtime) : null;
    RouteRefresher.Source source =
        local == null ? contacts : new SystemShardSource(this::dispatch, contacts, config, runtime);
    this.refresher = new RouteRefresher(routes, source, config, runtime);
    GuardedTransport transport =
        new GuardedTransport(parts.transport(), config.breakers(), runtime);
    // Nodes come and go for years, and so do their addresses.
    routes.addListener(() -> transport.retain(Set.copyOf(routes.contacts())));
    this.dispatcher = new Dispatcher(config, runtime, routes, refresher, transport, local);
    this.admin = new AdminQueries(dispatcher);
  }

  /**
   * What a router is made of.
   *
   * @param config bounds
   * @param transport to the nodes; closed with the router
   * @param feed of route maps; closed with the router
   * @param runtime time and randomness
   */
  public record Parts(
      RouterConfig config, NodeTransport transport, RouteFeed feed, RouterRuntime runtime) {}

  /**
   * For a client: learns routes from any node, beginning with the seeds, and subscribes to changes.
   */
  public static Router forClient(Parts parts, List<NodeAddress> seeds) {
    return new Router(parts, new RouteCache(seeds), null);
  }

  /**
   * For a node: learns routes from the system shard, which it must be told how to find through
   * {@link RouteCache#bootstrap}, and polls it for changes.
   */
  public static Router forNode(Parts parts, LocalNode local) {
    return new Router(parts, new RouteCache(List.of(), new NodeDirectory(true)), local);
  }

  /** For a node that has no cluster yet: as for a client, but it speaks to nodes as nodes do. */
  public static Router forNewNode(Parts parts, List<NodeAddress> seeds) {
    return new Router(parts, new RouteCache(seeds, new NodeDirectory(true)), null);
  }

  /** Begins to follow route changes. Does not wait. */
  public void start() {
    if (watcher != null) {
      watcher.start();
    } else {
      refresher.poll();
    }
  }

  /** Brings requests through. */
  public Dispatcher dispatcher() {
    return dispatcher;
  }

  /** What it did so far. */
  public RouterCounts counts() {
    return dispatcher.counts();
  }

  /** What is known of the cluster. */
  public RouteCache routes() {
    return routes;
  }

  /** Asks for the newest routes. */
  public RouteRefresher refresher() {
    return refresher;
  }

  /** Questions about the whole cluster. */
  public AdminQueries admin() {
    return admin;
  }

  /** Ends open calls, connections and timers. Idempotent. */
  @Override
  public void close() {
    if (watcher != null) {
      watcher.close();
    }
    refresher.close();
    dispatcher.close();
    feed.close();
  }

  private CompletableFuture<Reply> dispatch(Request request, long deadlineNanos) {
    return dispatcher.dispatch(request, deadlineNanos);
  }
}
