package io.flotilla.router.grpc;

import io.flotilla.router.NodeAddress;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Opens channels to nodes. */
@FunctionalInterface
public interface ChannelFactory {
  /** Inbound messages: a frame of replies or a route map. */
  int MAX_INBOUND_BYTES = 64 << 20;

  /** A new channel, not shared, that has not connected yet. */
  ManagedChannel open(NodeAddress node);

  /**
   * Channels with keep-alive and without retries, on the event loops of gRPC.
   *
   * @param executor runs what comes in; never an event loop
   * @param resolver looks up names, which blocks
   */
  static ChannelFactory create(
      Executor executor, Executor resolver, int connectTimeoutMillis, ConnectionSecurity security) {
    return node ->
        builder(node, executor, connectTimeoutMillis, security).offloadExecutor(resolver).build();
  }

  /** The same on threads of their own, which are closed after the users of the channels. */
  static ChannelFactory create(
      Executor executor,
      int connectTimeoutMillis,
      NetworkThreads threads,
      ConnectionSecurity security) {
    return node ->
        threads.register(
            builder(node, executor, connectTimeoutMillis, security)
                .eventLoopGroup(threads.eventLoops())
                .channelType(NioSocketChannel.class)
                .offloadExecutor(threads.resolver())
                .build());
  }

  private static NettyChannelBuilder builder(
      NodeAddress node, Executor executor, int connectTimeoutMillis, ConnectionSecurity security) {
    return NettyChannelBuilder.forAddress(node.host(), node.port(), security.credentials().get())
        .intercept(new BearerToken(security.token()))
        .executor(executor)
        // A retry inside gRPC could repeat a write behind the dispatcher's back.
        .disableRetry()
        .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectTimeoutMillis)
        // Without pings a peer that vanished without a word is noticed after 15 minutes.
        .keepAliveTime(10, TimeUnit.SECONDS)
        .keepAliveTimeout(5, TimeUnit.SECONDS)
        .maxInboundMessageSize(MAX_INBOUND_BYTES);
  }
}
