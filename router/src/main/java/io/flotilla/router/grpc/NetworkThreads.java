package io.flotilla.router.grpc;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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

  /** Channels that have not terminated yet, and some that have. */
  private final Set<ManagedChannel> channels = ConcurrentHashMap.newKeySet();

  private volatile boolean closed;

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

  /** The channel, which is ended with the threads at the latest. */
  ManagedChannel register(ManagedChannel channel) {
    channels.removeIf(ManagedChannel::isTerminated);
    channels.add(channel);
    if (closed) {
      channel.shutdownNow();
    }
    return channel;
  }

  /** Ends the channels and waits until they are gone, for moments mostly, 2 s at most. */
  public void closeChannels() {
    closed = true;
    channels.forEach(ManagedChannel::shutdownNow);
    awaitChannels();
  }

  /**
   * Ends the channels, then the threads. Waits for both, 4 s at most. Whoever may be writing to a
   * channel is to be ended between {@link #closeChannels} and this: channels and writers that find
   * the threads gone complain loudly.
   */
  @Override
  public void close() {
    closeChannels();
    boolean unused =
        eventLoops
            .shutdownGracefully(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS)
            .awaitUninterruptibly(CLOSE_MILLIS);
    resolver.shutdownNow();
  }

  private void awaitChannels() {
    long each = CLOSE_MILLIS / Math.max(1, channels.size());
    try {
      for (ManagedChannel channel : channels) {
        if (!channel.awaitTermination(each, TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
