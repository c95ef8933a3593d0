package io.flotilla.router.gateway;

import io.flotilla.contract.v1.GetCatalogReply;
import io.flotilla.router.RouteCache;
import io.flotilla.router.RouterRuntime;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One subscription to the route map. Holds no map back: when the stream is ready and the spacing is
 * over, the newest map leaves, if it is newer than the last one sent. So a slow subscriber misses
 * versions and never queues them.
 */
final class RouteWatch {
  private final RouteCache routes;
  private final Gateway gateway;
  private final long spacingNanos;
  private final RouterRuntime runtime;
  private final Executor executor;
  private final ServerCallStreamObserver<GetCatalogReply> out;
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final Runnable listener = this::changed;

  private long sentVersion;
  private boolean sentAny;
  private volatile boolean ended;

  RouteWatch(
      RouteCache routes,
      Gateway gateway,
      long spacingNanos,
      RouterRuntime runtime,
      Executor executor,
      ServerCallStreamObserver<GetCatalogReply> out) {
    this.routes = routes;
    this.gateway = gateway;
    this.spacingNanos = spacingNanos;
    this.runtime = runtime;
    this.executor = executor;
    this.out = out;
  }

  /** Within the method that opens the stream. */
  void open(long knownVersion, Runnable onEnd) {
    sentVersion = knownVersion;
    out.setOnReadyHandler(this::sendSoon);
    out.setOnCancelHandler(
        () -> {
          ended = true;
          routes.removeListener(listener);
          onEnd.run();
        });
    routes.addListener(listener);
    sendSoon();
  }

  private void changed() {
    if (!ended && scheduled.compareAndSet(false, true)) {
      // Jittered, so that the subscribers of a node are not all served in one moment.
      runtime
          .scheduler()
          .schedule(
              runtime.jitter().upTo(spacingNanos),
              () -> {
                scheduled.set(false);
                sendSoon();
              });
    }
  }

  private void sendSoon() {
    try {
      executor.execute(this::send);
    } catch (RejectedExecutionException e) {
      ended = true;
    }
  }

  private synchronized void send() {
    if (ended || !out.isReady()) {
      return;
    }
    GetCatalogReply catalog = gateway.catalog(sentVersion);
    if (sentAny && catalog.getVersion() <= sentVersion) {
      return;
    }
    sentAny = true;
    sentVersion = Math.max(sentVersion, catalog.getVersion());
    try {
      out.onNext(catalog);
    } catch (RuntimeException e) {
      // The subscriber is gone; the cancel handler cleans up.
      ended = true;
    }
  }
}
