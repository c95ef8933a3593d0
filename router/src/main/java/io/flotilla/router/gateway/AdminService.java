package io.flotilla.router.gateway;

import io.flotilla.contract.v1.AdminGrpc;
import io.flotilla.contract.v1.CatalogUpdateRequest;
import io.flotilla.contract.v1.ChangeReplicasReply;
import io.flotilla.contract.v1.ChangeReplicasRequest;
import io.flotilla.contract.v1.ListNodesReply;
import io.flotilla.contract.v1.ListNodesRequest;
import io.flotilla.contract.v1.ListShardsReply;
import io.flotilla.contract.v1.ListShardsRequest;
import io.flotilla.contract.v1.NodeStatusReply;
import io.flotilla.contract.v1.NodeStatusRequest;
import io.flotilla.contract.v1.RemoveNodeReply;
import io.flotilla.contract.v1.RemoveNodeRequest;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.SplitKeysReply;
import io.flotilla.contract.v1.SplitKeysRequest;
import io.flotilla.contract.v1.SplitShardReply;
import io.flotilla.contract.v1.SplitShardRequest;
import io.flotilla.contract.v1.TransferLeaderReply;
import io.flotilla.contract.v1.TransferLeaderRequest;
import io.flotilla.router.AdminQueries;
import io.flotilla.router.Operations;
import io.flotilla.router.Scheduler;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What operators see and do. */
final class AdminService extends AdminGrpc.AdminImplBase {
  private final Gateway gateway;
  private final AdminQueries queries;
  private final Scheduler scheduler;

  AdminService(Gateway gateway, AdminQueries queries, Scheduler scheduler) {
    this.gateway = gateway;
    this.queries = queries;
    this.scheduler = scheduler;
  }

  @Override
  public void listShards(ListShardsRequest request, StreamObserver<ListShardsReply> to) {
    answer(queries.listShards(request, deadlineNanos()), to);
  }

  @Override
  public void listNodes(ListNodesRequest request, StreamObserver<ListNodesReply> to) {
    answer(queries.listNodes(deadlineNanos()), to);
  }

  @Override
  public void splitShard(SplitShardRequest split, StreamObserver<SplitShardReply> to) {
    Request request = Request.newBuilder().setSplitShard(split).build();
    UnaryCall.answer(gateway, request, Reply::getSplitShard, to);
  }

  @Override
  public void splitKeys(SplitKeysRequest question, StreamObserver<SplitKeysReply> to) {
    Request request = Request.newBuilder().setSplitKeys(question).build();
    UnaryCall.answer(gateway, request, Reply::getSplitKeys, to);
  }

  @Override
  public void transferLeader(
      TransferLeaderRequest transfer, StreamObserver<TransferLeaderReply> to) {
    Request request = Request.newBuilder().setTransferLeader(transfer).build();
    UnaryCall.answer(gateway, request, Reply::getTransferLeader, to);
  }

  @Override
  public void changeReplicas(ChangeReplicasRequest change, StreamObserver<ChangeReplicasReply> to) {
    Request request = Request.newBuilder().setChangeReplicas(change).build();
    UnaryCall.answer(gateway, request, Reply::getChangeReplicas, to);
  }

  @Override
  public void removeNode(RemoveNodeRequest removal, StreamObserver<RemoveNodeReply> to) {
    Request request =
        Request.newBuilder()
            .setCatalogUpdate(CatalogUpdateRequest.newBuilder().setRemoveNode(removal))
            .build();
    UnaryCall.answer(
        gateway,
        request,
        reply -> RemoveNodeReply.newBuilder().setNodeId(reply.getCatalogUpdate().getId()).build(),
        to);
  }

  @Override
  public void nodeStatus(NodeStatusRequest status, StreamObserver<NodeStatusReply> to) {
    Request request = Request.newBuilder().setNodeStatus(status).build();
    UnaryCall.answer(gateway, request, Reply::getNodeStatus, to);
  }

  private static <T> void answer(
      CompletableFuture<AdminQueries.Result<T>> future, StreamObserver<T> to) {
    var unused =
        future.thenAccept(
            result -> {
              if (result.ok()) {
                to.onNext(result.value());
                to.onCompleted();
              } else {
                to.onError(StatusMapper.toException(result.error()));
              }
            });
  }

  private long deadlineNanos() {
    Deadline deadline = Context.current().getDeadline();
    long remaining =
        deadline == null
            ? Operations.DEFAULT_TIMEOUT_MILLIS * 1_000_000L
            : Math.min(
                deadline.timeRemaining(TimeUnit.NANOSECONDS),
                Operations.MAX_TIMEOUT_MILLIS * 1_000_000L);
    return scheduler.nanoTime() + remaining;
  }
}
