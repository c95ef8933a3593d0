package io.flotilla.server;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of a server besides loops, writers, ticks and the network's own. Frames of requests
 * and of peers need none of these: the network's threads put them into mailboxes.
 */
final class ServerThreads implements AutoCloseable {
  private static final int PEER_THREADS = 2;

  private final ExecutorService requests;
  private final ExecutorService peers;
  private final ExecutorService resolver;
  private final ExecutorService snapshots;

  ServerThreads(int requestThreads) {
    this.requests = pool("requests", requestThreads);
    this.peers = pool("peers", PEER_THREADS);
    this.resolver = pool("resolver", 1);
    this.snapshots = pool("snapshots", 1);
  }

  /** Take single calls off the network, and write the replies that come from no loop. */
  ExecutorService requests() {
    return requests;
  }

  /** Take what nodes ask each other one by one, and hear of the end of streams between them. */
  ExecutorService peers() {
    return peers;
  }

  /** Looks up names of hosts. */
  ExecutorService resolver() {
    return resolver;
  }

  /** Moves snapshots and writes their files, which waits for the disk. */
  ExecutorService snapshots() {
    return snapshots;
  }

  /** All threads of a pool are there from the start, so that their number never changes. */
  private static ExecutorService pool(String name, int threads) {
    AtomicInteger number = new AtomicInteger();
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, name + "-" + number.getAndIncrement());
              thread.setDaemon(true);
              return thread;
            });
    pool.prestartAllCoreThreads();
    return pool;
  }

  @Override
  public void close() {
    requests.shutdown();
    peers.shutdown();
    resolver.shutdown();
    snapshots.shutdown();
  }
}
