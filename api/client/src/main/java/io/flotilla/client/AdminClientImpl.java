package io.flotilla.client;

import io.flotilla.contract.v1.ListNodesReply;
import io.flotilla.contract.v1.ListShardsReply;
import io.flotilla.contract.v1.ListShardsRequest;
import io.flotilla.contract.v1.NodeStatusRequest;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.SplitShardRequest;
import io.flotilla.contract.v1.TransferLeaderRequest;
import io.flotilla.router.AdminQueries;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Shards and nodes over the router: questions about all nodes are put together in the client. */
final class AdminClientImpl implements AdminClient {
  private final ClientRuntime runtime;
  private final CallOptions options;

  AdminClientImpl(ClientRuntime runtime, CallOptions options) {
    this.runtime = runtime;
    this.options = options;
  }

  @Override
  public AdminClient withTimeout(Duration timeout) {
    return new AdminClientImpl(runtime, options.withTimeout(timeout));
  }

  @Override
  public ShardList listShards(boolean includeSystem) {
    return AdminReplies.shards(
        shards(ListShardsRequest.newBuilder().setIncludeSystem(includeSystem).build()));
  }

  @Override
  public Optional<ShardInfo> shard(long shardId) {
    if (shardId == 0) {
      return Optional.empty();
    }
    ListShardsReply reply = shards(ListShardsRequest.newBuilder().setShardId(shardId).build());
    return reply.getShardsList().stream().map(AdminReplies::shard).findFirst();
  }

  @Override
  public SplitResult splitShard(Key key) {
    Request request =
        Request.newBuilder()
            .setSplitShard(SplitShardRequest.newBuilder().setKey(Requests.bytes(key)))
            .build();
    return Waiting.write(() -> call(request, reply -> AdminReplies.split(reply.getSplitShard())));
  }

  @Override
  public LeaderInfo transferLeader(long shardId, long toNodeId) {
    Request request =
        Request.newBuilder()
            .setTransferLeader(
                TransferLeaderRequest.newBuilder().setShardId(shardId).setToNodeId(toNodeId))
            .build();
    return Waiting.write(
        () ->
            call(
                request,
                reply ->
                    new LeaderInfo(
                        reply.getTransferLeader().getLeaderNodeId(),
                        reply.getTransferLeader().getTerm())));
  }

  @Override
  public NodeList listNodes() {
    ListNodesReply reply =
        Waiting.read(() -> ask(runtime.router().admin().listNodes(deadlineNanos())));
    return AdminReplies.nodes(reply);
  }

  @Override
  public NodeStatus status(long nodeId) {
    Request request =
        Request.newBuilder()
            .setNodeStatus(
                NodeStatusRequest.newBuilder().setNodeId(nodeId).setIncludeReplicas(true))
            .build();
    return Waiting.read(() -> call(request, reply -> AdminReplies.status(reply.getNodeStatus())));
  }

  private ListShardsReply shards(ListShardsRequest request) {
    return Waiting.read(() -> ask(runtime.router().admin().listShards(request, deadlineNanos())));
  }

  private <T> CompletableFuture<T> call(Request request, Function<Reply, T> result) {
    return ClientCall.start(runtime, options, request, result);
  }

  private <T> CompletableFuture<T> ask(CompletableFuture<AdminQueries.Result<T>> question) {
    return question.thenCompose(
        answer -> {
          if (answer.ok()) {
            return CompletableFuture.completedFuture(answer.value());
          }
          return CompletableFuture.failedFuture(
              runtime.isClosed()
                  ? Errors.closed(answer.error(), false)
                  : Errors.of(answer.error(), false));
        });
  }

  private long deadlineNanos() {
    return runtime.nanoTime() + options.timeoutNanos();
  }
}
