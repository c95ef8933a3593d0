package io.flotilla.router;

import io.flotilla.contract.v1.GetCatalogReply;
import io.flotilla.router.RouteFeed.Subscription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one subscription to route changes alive, at one node after the other. Where it breaks it
 * goes on at another node after a jittered pause, so that the clients of a node that died do not
 * arrive at the next one together. Thread-safe.
 */
final class RouteWatcher {
  private final RouteFeed feed;
  private final RouteCache cache;
  private final RouterConfig config;
  private final RouterRuntime runtime;

  private @Nullable Subscription current;
  private int next = -1;
  private int failures;
  private int generation;
  private boolean closed;

  RouteWatcher(RouteFeed feed, RouteCache cache, RouterConfig config, RouterRuntime runtime) {
    this.feed = feed;
    this.cache = cache;
    this.config = config;
    this.runtime = runtime;
  }

  void start() {
    subscribe();
  }

  synchronized void close() {
    closed = true;
    if (current != null) {
      current.cancel();
      current = null;
    }
  }

  private void subscribe() {
    NodeAddress contact;
    int mine;
    synchronized (this) {
      List<NodeAddress> contacts = cache.contacts();
      if (closed || contacts.isEmpty()) {
        return;
      }
      next = next < 0 ? runtime.jitter().below(contacts.size()) : next + 1;
      contact = contacts.get(next % contacts.size());
      mine = ++generation;
    }
    Subscription subscription =
        feed.watch(contact, cache.version(), this::received, problem -> ended(mine));
    synchronized (this) {
      // It may have ended while it was being made.
      if (!closed && generation == mine) {
        current = subscription;
        return;
      }
    }
    subscription.cancel();
  }

  private void received(GetCatalogReply catalog) {
    synchronized (this) {
      failures = 0;
    }
    cache.absorb(catalog);
  }

  private void ended(int subscription) {
    long delay;
    synchronized (this) {
      if (closed || generation != subscription) {
        return;
      }
      generation++;
      current = null;
      failures++;
      delay = config.watchBackoff().delayNanos(failures, runtime.jitter());
    }
    runtime.scheduler().schedule(delay, this::subscribe);
  }
}
