package io.flotilla.shard.transport;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Opens connections to nodes. */
@FunctionalInterface
public interface PeerChannels {
  /** A connection that was not used before. */
  ManagedChannel open(String address);

  /**
   * Connections without TLS, with keep-alive.
   *
   * @param executor runs what comes in
   * @param resolver looks up names, which blocks
   */
  static PeerChannels plaintext(Executor executor, Executor resolver) {
    return address ->
        NettyChannelBuilder.forTarget("dns:///" + address)
            .usePlaintext()
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
