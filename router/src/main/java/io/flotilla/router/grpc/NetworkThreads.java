package io.flotilla.router.grpc;

import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Event loops of its own for somebody who opens channels inside of an application, and one thread
 * that resolves names. Without it all channels of a process share the threads of gRPC, whose number
 * depends on the machine and which outlive the channels.
 */
public final class NetworkThreads implements AutoCloseable {
  private static final long CLOSE_MILLIS = 2_000;

  private final EventLoopGroup eventLoops;
  private final ExecutorService resolver;

  /**
   * Starts no thread before it is needed.
   *
   * @param namePrefix of all threads
   * @param number of event loops
   */
  public NetworkThreads(String namePrefix, int number) {
    this.eventLoops =
        new MultiThreadIoEventLoopGroup(
            number,
            new DefaultThreadFactory(namePrefix + "network", true),
            NioIoHandler.newFactory());
    this.resolver =
        Executors.newSingleThreadExecutor(new DefaultThreadFactory(namePrefix + "resolver", true));
  }

  EventLoopGroup eventLoops() {
    return eventLoops;
  }

  /** Looking up a name blocks, so it must not hold up the threads that serve replies. */
  Executor resolver() {
    return resolver;
  }

  /** Ends the threads, after the channels. Waits for the event loops, for moments mostly. */
  @Override
  public void close() {
    boolean unused =
        eventLoops
            // No quiet period: what the channels have to do is queued already.
            .shutdownGracefully(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS)
            .awaitUninterruptibly(CLOSE_MILLIS);
    resolver.shutdownNow();
  }
}
