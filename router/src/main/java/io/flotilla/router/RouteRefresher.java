package io.flotilla.router;

import io.flotilla.contract.v1.GetCatalogReply;
import io.flotilla.router.RouteFeed.Answer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Fetches the route map when somebody misses a route. One fetch at a time, and never two within the
 * spacing of the configuration, however many calls ask; the spacing doubles, up to that of polls,
 * while fetches bring nothing newer. A cluster in trouble must not be flooded with questions about
 * itself. Thread-safe.
 */
public final class RouteRefresher {
  private final RouteCache cache;
  private final Source source;
  private final RouterConfig config;
  private final RouterRuntime runtime;

  private @Nullable CompletableFuture<String> running;
  private boolean runningForAll;
  private int fruitless;
  private long lastForAll;
  private long notBefore;
  private boolean polling;
  private boolean closed;
  private volatile String lastProblem = "";
  private volatile int refusals;

  RouteRefresher(RouteCache cache, Source source, RouterConfig config, RouterRuntime runtime) {
    this.cache = cache;
    this.source = source;
    this.config = config;
    this.runtime = runtime;
    this.notBefore = runtime.scheduler().nanoTime();
    this.lastForAll = notBefore;
  }

  /** Whom a fetch asks. */
  @FunctionalInterface
  interface Source {
    /** Completes after a bounded time, never exceptionally. */
    CompletableFuture<Answer> fetch(long knownVersion);
  }

  /**
   * Fetches, or joins the fetch that is under way. Completes after a bounded time, never
   * exceptionally, with the problem; empty: the map is as new as the source.
   */
  public CompletableFuture<String> refresh() {
    // All of it: a map with a hole can have the newest version.
    return refresh(0);
  }

  /** What was wrong with the last fetch; the next one may be a while away. Empty: nothing. */
  String lastProblem() {
    return lastProblem;
  }

  /** How many fetches in a row came to nobody who would speak with this side. */
  int refusals() {
    return refusals;
  }

  private CompletableFuture<String> refresh(long knownVersion) {
    CompletableFuture<String> mine;
    long delay;
    synchronized (this) {
      if (closed) {
        return CompletableFuture.completedFuture("the router is closed");
      }
      if (running != null) {
        // A poll that finds nothing newer does not fill a hole.
        return runningForAll || knownVersion != 0
            ? running
            : running.thenCompose(problem -> refresh());
      }
      mine = new CompletableFuture<>();
      running = mine;
      runningForAll = knownVersion == 0;
      delay = notBefore - runtime.scheduler().nanoTime();
    }
    if (delay <= 0) {
      fetch(mine, knownVersion);
    } else {
      runtime.scheduler().schedule(delay, () -> fetch(mine, knownVersion));
    }
    return mine;
  }

  /** Fetches again and again, at jittered times, until closed. */
  void poll() {
    synchronized (this) {
      if (polling) {
        return;
      }
      polling = true;
    }
    pollOnce();
  }

  void close() {
    CompletableFuture<String> last;
    synchronized (this) {
      closed = true;
      last = running;
    }
    if (last != null) {
      last.complete("the router is closed");
    }
  }

  private void pollOnce() {
    synchronized (this) {
      if (closed) {
        return;
      }
    }
    var unused =
        refresh(cache.version())
            .thenRun(
                () ->
                    runtime
                        .scheduler()
                        .schedule(runtime.jitter().upTo(config.pollNanos()), this::pollOnce));
  }

  /** Called with the lock held: when the next fetch may begin. */
  private void space(boolean newer) {
    long now = runtime.scheduler().nanoTime();
    boolean calm = now - lastForAll > 2 * config.pollNanos();
    if (newer || calm) {
      fruitless = 0;
    }
    if (runningForAll) {
      fruitless += newer ? 0 : 1;
      lastForAll = now;
    }
    Backoff spacing = new Backoff(config.refreshSpacingNanos(), config.pollNanos());
    long earliest = now + spacing.delayNanos(runningForAll ? fruitless : 0, runtime.jitter());
    notBefore = newer ? earliest : Math.max(notBefore, earliest);
  }

  private void fetch(CompletableFuture<String> mine, long knownVersion) {
    var unused = source.fetch(knownVersion).thenAccept(answer -> finish(mine, answer));
  }

  private void finish(CompletableFuture<String> mine, Answer answer) {
    GetCatalogReply catalog = answer.catalog();
    long before = cache.version();
    if (catalog != null) {
      cache.absorb(catalog);
    }
    synchronized (this) {
      running = null;
      refusals = answer.refused() ? refusals + 1 : 0;
      space(cache.version() > before);
    }
    lastProblem = answer.problem();
    mine.complete(answer.problem());
  }
}
