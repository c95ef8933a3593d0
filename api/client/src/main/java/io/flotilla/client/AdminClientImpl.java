package io.flotilla.client;

import io.flotilla.contract.v1.CatalogUpdateRequest;
import io.flotilla.contract.v1.ChangeReplicasRequest;
import io.flotilla.contract.v1.ListNodesReply;
import io.flotilla.contract.v1.ListShardsReply;
import io.flotilla.contract.v1.ListShardsRequest;
import io.flotilla.contract.v1.NodeStatusRequest;
import io.flotilla.contract.v1.RemoveNodeRequest;
import io.flotilla.contract.v1.ReplicaChangeKind;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.SplitKeysRequest;
import io.flotilla.contract.v1.SplitShardRequest;
import io.flotilla.contract.v1.TransferLeaderRequest;
import io.flotilla.router.AdminQueries;
import java.time.Duration;
import java.util.List;
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
  public SplitKeys splitKeys(long shardId, int parts) {
    Request request =
        Request.newBuilder()
            .setSplitKeys(SplitKeysRequest.newBuilder().setShardId(shardId).setParts(parts))
            .build();
    return Waiting.read(() -> call(request, reply -> AdminReplies.splitKeys(reply.getSplitKeys())));
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
  public ShardInfo changeReplicas(long shardId, List<ReplicaChange> changes) {
    ChangeReplicasRequest.Builder change = ChangeReplicasRequest.newBuilder().setShardId(shardId);
    for (ReplicaChange one : changes) {
      change.addChanges(
          io.flotilla.contract.v1.ReplicaChange.newBuilder()
              .setNodeId(one.nodeId())
              .setKind(kind(one.kind())));
    }
    Request request = Request.newBuilder().setChangeReplicas(change).build();
    return Waiting.write(
        () -> call(request, reply -> AdminReplies.shard(reply.getChangeReplicas().getShard())));
  }

  private static ReplicaChangeKind kind(ReplicaChange.Kind kind) {
    return switch (kind) {
      case LEARNER -> ReplicaChangeKind.REPLICA_CHANGE_KIND_LEARNER;
      case VOTER -> ReplicaChangeKind.REPLICA_CHANGE_KIND_VOTER;
      case REMOVE -> ReplicaChangeKind.REPLICA_CHANGE_KIND_REMOVE;
    };
  }

  @Override
  public void removeNode(long nodeId) {
    Request request =
        Request.newBuilder()
            .setCatalogUpdate(
                CatalogUpdateRequest.newBuilder()
                    .setRemoveNode(RemoveNodeRequest.newBuilder().setNodeId(nodeId)))
            .build();
    var unused = Waiting.write(() -> call(request, reply -> reply.getCatalogUpdate().getId()));
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
