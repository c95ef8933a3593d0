package io.flotilla.router.grpc;

import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.router.NodeAddress;
import io.flotilla.router.NodeTransport;
import io.flotilla.router.RouterRuntime;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Calls over one {@code Kv.Execute} stream per node. Calls that gather while the stream is busy
 * leave as one frame; nothing waits for company.
 *
 * <p>Bounded by bytes and calls per node. Replies are completed on the executor of the channels.
 */
public final class GrpcNodeTransport implements NodeTransport {
  private final Shared shared;
  private final ConcurrentMap<NodeAddress, NodeConnection> connections = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /**
   * Opens nothing yet.
   *
   * @param executor writes frames; a thread is busy for the time it takes to serialize them
   */
  public GrpcNodeTransport(
      TransportConfig config, ChannelFactory channels, RouterRuntime runtime, Executor executor) {
    this.shared =
        new Shared(config, channels, runtime, executor, new AtomicLong(), new AtomicLong());
  }

  /** What all connections have in common. */
  record Shared(
      TransportConfig config,
      ChannelFactory channels,
      RouterRuntime runtime,
      Executor executor,
      AtomicLong framesSent,
      AtomicLong callsSent) {}

  @Override
  public CompletableFuture<Reply> call(NodeAddress node, Request request, long deadlineNanos) {
    NodeConnection connection = connections.get(node);
    if (connection == null) {
      connection =
          connections.computeIfAbsent(node, address -> new NodeConnection(address, shared));
      if (closed) {
        connection.close();
      }
    }
    return connection.call(request, deadlineNanos);
  }

  @Override
  public boolean heardSince(NodeAddress node, long nanos) {
    NodeConnection connection = connections.get(node);
    return connection != null && connection.heardSince(nanos);
  }

  @Override
  public void reconnect(NodeAddress node) {
    NodeConnection connection = connections.get(node);
    if (connection != null) {
      connection.reconnect();
    }
  }

  @Override
  public void retain(Set<NodeAddress> nodes) {
    connections
        .entrySet()
        .removeIf(entry -> !nodes.contains(entry.getKey()) && entry.getValue().closeIfIdle());
  }

  /** Nodes that a connection is kept for, be it open or not. */
  int size() {
    return connections.size();
  }

  /** Frames sent to all nodes so far. */
  public long framesSent() {
    return shared.framesSent().get();
  }

  /** Calls sent to all nodes so far. */
  public long callsSent() {
    return shared.callsSent().get();
  }

  @Override
  public void close() {
    closed = true;
    connections.values().forEach(NodeConnection::close);
  }
}
