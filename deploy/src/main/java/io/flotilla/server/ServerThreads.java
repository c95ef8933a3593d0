package io.flotilla.server;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of a server besides loops, writers, ticks and the network's own. Peers have their
 * own, so that a flood of requests never delays votes and heartbeats.
 */
final class ServerThreads implements AutoCloseable {
  private static final int PEER_THREADS = 2;

  private final ExecutorService requests;
  private final ExecutorService peers;
  private final ExecutorService resolver;

  ServerThreads(int requestThreads) {
    this.requests = pool("requests", requestThreads);
    this.peers = pool("peers", PEER_THREADS);
    this.resolver = pool("resolver", 1);
  }

  /** Take requests off the network and write replies. */
  ExecutorService requests() {
    return requests;
  }

  /** Take messages of other nodes. */
  ExecutorService peers() {
    return peers;
  }

  /** Looks up names of hosts. */
  ExecutorService resolver() {
    return resolver;
  }

  private static ExecutorService pool(String name, int threads) {
    AtomicInteger number = new AtomicInteger();
    return Executors.newFixedThreadPool(
        threads,
        task -> {
          Thread thread = new Thread(task, name + "-" + number.getAndIncrement());
          thread.setDaemon(true);
          return thread;
        });
  }

  @Override
  public void close() {
    requests.shutdown();
    peers.shutdown();
    resolver.shutdown();
  }
}
