package io.flotilla.client;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.Route;
import io.flotilla.router.Backoff;
import io.flotilla.router.NodeAddress;
import io.flotilla.router.Operations;
import io.flotilla.router.Router;
import io.flotilla.router.RouterConfig;
import io.flotilla.router.RouterRuntime;
import io.flotilla.router.WheelScheduler;
import io.flotilla.router.grpc.ChannelFactory;
import io.flotilla.router.grpc.ConnectionSecurity;
import io.flotilla.router.grpc.GrpcNodeTransport;
import io.flotilla.router.grpc.GrpcRouteFeed;
import io.flotilla.router.grpc.NetworkThreads;
import io.flotilla.router.grpc.TransportConfig;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the faces of one client share: its threads, its router, its room and its sessions.
 *
 * <p>Threads, whatever the number of calls, shards and servers: one timer, two workers (frames and
 * replies), one event loop and one resolver for the network, up to four for callbacks if the
 * application brings no executor, and one for the call listener if there is one. All are daemons,
 * named {@code flotilla-client-N-…}.
 */
final class ClientRuntime implements AutoCloseable {
  private static final int WORKERS = 2;
  private static final int EVENT_LOOPS = 1;
  private static final int CALLBACK_THREADS = 4;
  private static final long CLOSE_SECONDS = 5;
  private static final AtomicInteger CLIENTS = new AtomicInteger();

  private final ThreadPoolExecutor workers;
  private final WheelScheduler scheduler;
  private final NetworkThreads network;
  private final @Nullable ThreadPoolExecutor ownCallbacks;
  private final Executor callbacks;
  private final Router router;
  private final InFlightBudget budget;
  private final @Nullable Sessions sessions;
  private final @Nullable ThreadPoolExecutor listening;
  private final @Nullable CallEvents events;
  private final Set<Runnable> onClose = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean closed = new AtomicBoolean();

  ClientRuntime(FlotillaClient.Builder settings, List<NodeAddress> seeds) {
    String name = "flotilla-client-" + CLIENTS.incrementAndGet() + "-";
    // First, because it may fail: no thread runs yet.
    LongSupplier nanos = System::nanoTime;
    ConnectionSecurity security =
        ClientSecurity.of(settings.tls, settings.token.orElse(() -> ""), nanos);
    workers = pool(WORKERS, name + "worker-");
    scheduler = new WheelScheduler(name + "timer", workers);
    network = new NetworkThreads(name, EVENT_LOOPS);
    ownCallbacks =
        settings.callbackExecutor.isPresent() ? null : pool(CALLBACK_THREADS, name + "callback-");
    callbacks = ownCallbacks != null ? ownCallbacks : settings.callbackExecutor.orElseThrow();
    budget = new InFlightBudget(settings.maxInFlightBytes, settings.overflow, scheduler::nanoTime);
    sessions =
        settings.exactlyOnce
            ? new Sessions(System::currentTimeMillis, new SplittableRandom())
            : null;
    listening =
        settings.callListener.isEmpty()
            ? null
            : pool(1, name + "listener-", new ArrayBlockingQueue<>(CallEvents.MAX_WAITING));
    events =
        listening == null
            ? null
            : new CallEvents(settings.callListener.orElseThrow(), listening, scheduler::nanoTime);
    router = newRouter(seeds, security);
    router.start();
  }

  private Router newRouter(List<NodeAddress> seeds, ConnectionSecurity security) {
    RouterRuntime runtime =
        new RouterRuntime(scheduler, new Backoff.Jitter(new SplittableRandom()));
    TransportConfig config = TransportConfig.defaults();
    ChannelFactory channels =
        ChannelFactory.create(workers, config.connectTimeoutMillis(), network, security);
    return Router.forClient(
        new Router.Parts(
            RouterConfig.defaults(),
            new GrpcNodeTransport(config, channels, runtime, workers),
            new GrpcRouteFeed(channels, scheduler),
            runtime),
        seeds);
  }

  Router router() {
    return router;
  }

  InFlightBudget budget() {
    return budget;
  }

  /** Null: nobody listens. */
  @Nullable CallEvents events() {
    return events;
  }

  /** Runs a short task once, unless the client is closed before. */
  void schedule(long delayNanos, Runnable task) {
    var unused = scheduler.schedule(delayNanos, task);
  }

  /** Runs the task when the client is closed: new calls fail by then, and timers run no more. */
  void onClose(Runnable task) {
    onClose.add(task);
  }

  void notOnClose(Runnable task) {
    onClose.remove(task);
  }

  /** Whose room a call takes: that of the node which probably answers it. */
  long laneOf(Request request) {
    ByteString key = Operations.firstKey(request);
    if (key == null || router.routes().directory().size() < 2) {
      return InFlightBudget.NO_LANE;
    }
    Route route = router.routes().table().snapshot().lookup(key);
    return route == null ? InFlightBudget.NO_LANE : route.getLeaderNodeId();
  }

  /** Null: writes are not numbered. */
  @Nullable Sessions sessions() {
    return sessions;
  }

  /** Runs what depends on the futures of calls. */
  Executor callbacks() {
    return callbacks;
  }

  /** On the time line of deadlines. */
  long nanoTime() {
    return scheduler.nanoTime();
  }

  boolean isClosed() {
    return closed.get();
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    budget.close();
    router.close();
    scheduler.close();
    network.closeChannels();
    onClose.forEach(Runnable::run);
    // Only now, because the calls that ended above complete their futures on these threads; and the
    // network last, because a worker may be writing to it.
    end(workers);
    network.close();
    if (ownCallbacks != null) {
      end(ownCallbacks);
    }
    if (listening != null) {
      end(listening);
    }
  }

  /** Lets a pool run what it has and waits for it, unless that is waiting for itself. */
  private static void end(ThreadPoolExecutor pool) {
    pool.shutdown();
    if (Thread.currentThread() instanceof ClientThread thread && thread.belongsTo(pool)) {
      return;
    }
    try {
      boolean unused = pool.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static ThreadPoolExecutor pool(int threads, String prefix) {
    return pool(threads, prefix, new LinkedBlockingQueue<>());
  }

  private static ThreadPoolExecutor pool(
      int threads, String prefix, BlockingQueue<Runnable> queue) {
    Daemons factory = new Daemons(prefix, new AtomicInteger());
    return new ThreadPoolExecutor(threads, threads, 0, TimeUnit.SECONDS, queue, factory);
  }

  private record Daemons(String prefix, AtomicInteger number) implements ThreadFactory {
    @Override
    public Thread newThread(Runnable task) {
      return new ClientThread(this, task);
    }
  }

  /** Knows its pool, so that it does not wait for its own end. */
  private static final class ClientThread extends Thread {
    private final Daemons factory;

    ClientThread(Daemons factory, Runnable task) {
      super(task, factory.prefix() + factory.number().incrementAndGet());
      this.factory = factory;
      setDaemon(true);
    }

    boolean belongsTo(ThreadPoolExecutor pool) {
      return pool.getThreadFactory().equals(factory);
    }
  }
}
