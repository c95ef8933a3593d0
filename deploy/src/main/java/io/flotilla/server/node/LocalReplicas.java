package io.flotilla.server.node;

import io.flotilla.contract.v1.NodeStatusReply;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.router.LocalNode;
import io.flotilla.shard.ShardHost;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The node's replicas as the router sees them; adds what only the process knows. Any thread. */
final class LocalReplicas implements LocalNode {
  private final long nodeId;
  private final Consumer<NodeStatusReply.Builder> processFacts;
  private volatile @Nullable ShardHost host;

  LocalReplicas(long nodeId, Consumer<NodeStatusReply.Builder> processFacts) {
    this.nodeId = nodeId;
    this.processFacts = processFacts;
  }

  /** The host needs the router and the router needs this; so the host comes last. */
  void attach(ShardHost replicas) {
    host = replicas;
  }

  @Override
  public long nodeId() {
    return nodeId;
  }

  @Override
  public CompletableFuture<Reply> execute(Request request) {
    CompletableFuture<Reply> reply = Objects.requireNonNull(host).execute(request);
    return request.hasNodeStatus() ? reply.thenApply(this::withProcess) : reply;
  }

  private Reply withProcess(Reply reply) {
    if (!reply.hasNodeStatus()) {
      return reply;
    }
    NodeStatusReply.Builder status = reply.getNodeStatus().toBuilder();
    processFacts.accept(status);
    return reply.toBuilder().setNodeStatus(status).build();
  }
}
