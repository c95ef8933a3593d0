package io.flotilla.server;

import io.flotilla.cli.HostPort;
import io.flotilla.contract.v1.KvGrpc;
import io.flotilla.internal.v1.PeerGrpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import io.grpc.ServerCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Makes the ports of servers, with the bounds that hold on each. */
final class Listeners {
  private static final int MAX_INBOUND_BYTES = 16 << 20;
  private static final int MAX_HEADER_BYTES = 16 << 10;
  private static final int HANDSHAKE_SECONDS = 10;
  private static final int MAX_RESETS = 200;
  private static final int RESET_WINDOW_SECONDS = 30;

  private Listeners() {}

  /** A port without services. */
  static NettyServerBuilder at(
      HostPort place, ServerCredentials credentials, ServerThreads threads) {
    return NettyServerBuilder.forAddress(
            new InetSocketAddress(place.host(), place.port()), credentials)
        .executor(threads.requests())
        .callExecutor(new ByService(threads))
        .maxInboundMessageSize(MAX_INBOUND_BYTES)
        // Clients and peers ping every 10 s; by default that would end their connections.
        .permitKeepAliveTime(5, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true)
        .keepAliveTime(20, TimeUnit.SECONDS)
        .keepAliveTimeout(10, TimeUnit.SECONDS)
        // Who says nothing, or says it slowly, is not waited for.
        .handshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS)
        .maxInboundMetadataSize(MAX_HEADER_BYTES)
        // Streams that are opened and reset at once cost the server more than their caller.
        .maxRstFramesPerWindow(MAX_RESETS, RESET_WINDOW_SECONDS);
  }

  /**
   * Messages of peers and frames of requests are taken on the threads of the network: they are only
   * put into mailboxes, and each hand-over to another thread on their way costs more than they do.
   * The bytes of snapshots have a thread of their own.
   */
  private record ByService(ServerThreads threads) implements ServerCallExecutorSupplier {
    private static final String PEER_METHODS = PeerGrpc.SERVICE_NAME + "/";
    private static final String EXECUTE = KvGrpc.getExecuteMethod().getFullMethodName();
    private static final String LANE = PeerGrpc.getLaneMethod().getFullMethodName();
    private static final String SNAPSHOT = PeerGrpc.getSnapshotMethod().getFullMethodName();

    @Override
    public <Q, R> Executor getExecutor(ServerCall<Q, R> call, Metadata headers) {
      String method = call.getMethodDescriptor().getFullMethodName();
      if (method.equals(LANE) || method.equals(EXECUTE)) {
        return Runnable::run;
      }
      if (method.equals(SNAPSHOT)) {
        return threads.snapshots();
      }
      return method.startsWith(PEER_METHODS) ? threads.peers() : threads.requests();
    }
  }
}
