package io.flotilla.shard.transport;

import io.grpc.ChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Opens connections to nodes. */
@FunctionalInterface
public interface PeerChannels {
  /** A connection that was not used before. */
  ManagedChannel open(String address);

  /**
   * Connections with keep-alive.
   *
   * @param executor runs what comes in
   * @param resolver looks up names, which blocks
   * @param credentials of a new connection
   */
  static PeerChannels create(
      Executor executor, Executor resolver, Supplier<ChannelCredentials> credentials) {
    return address ->
        NettyChannelBuilder.forTarget("dns:///" + address, credentials.get())
            .executor(executor)
            .offloadExecutor(resolver)
            .disableRetry()
            .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, 2_000)
            // Notices a peer that vanished without a word; Raft itself does so much sooner.
            .keepAliveTime(10, TimeUnit.SECONDS)
            .keepAliveTimeout(5, TimeUnit.SECONDS)
            .build();
  }
}
