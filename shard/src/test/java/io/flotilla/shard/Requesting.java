package io.flotilla.shard;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.ChangeReplicasRequest;
import io.flotilla.contract.v1.Consistency;
import io.flotilla.contract.v1.Context;
import io.flotilla.contract.v1.DeleteRequest;
import io.flotilla.contract.v1.GetRequest;
import io.flotilla.contract.v1.NodeStatusRequest;
import io.flotilla.contract.v1.PutRequest;
import io.flotilla.contract.v1.ReplicaChange;
import io.flotilla.contract.v1.ReplicaChangeKind;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.ScanRequest;
import io.flotilla.contract.v1.SplitShardRequest;
import io.flotilla.contract.v1.TransferLeaderRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Requests for tests. */
final class Requesting {
  private Requesting() {}

  static ByteString utf8(String text) {
    return ByteString.copyFromUtf8(text);
  }

  static Request put(String key, String value) {
    return Request.newBuilder()
        .setPut(PutRequest.newBuilder().setKey(utf8(key)).setValue(utf8(value)))
        .build();
  }

  static Request delete(String key) {
    return Request.newBuilder().setDelete(DeleteRequest.newBuilder().setKey(utf8(key))).build();
  }

  static Request get(String key) {
    return Request.newBuilder().setGet(GetRequest.newBuilder().setKey(utf8(key))).build();
  }

  static Request scan() {
    return Request.newBuilder().setScan(ScanRequest.getDefaultInstance()).build();
  }

  static Request split(String key) {
    return Request.newBuilder()
        .setSplitShard(SplitShardRequest.newBuilder().setKey(utf8(key)))
        .build();
  }

  static Request transfer(long shardId, long toNode) {
    return Request.newBuilder()
        .setTransferLeader(
            TransferLeaderRequest.newBuilder().setShardId(shardId).setToNodeId(toNode))
        .build();
  }

  /** One change; the changes are made by {@link #voter} and its like. */
  static Request change(long shardId, ReplicaChange... changes) {
    return Request.newBuilder()
        .setChangeReplicas(
            ChangeReplicasRequest.newBuilder().setShardId(shardId).addAllChanges(List.of(changes)))
        .build();
  }

  static ReplicaChange voter(long node) {
    return change(node, ReplicaChangeKind.REPLICA_CHANGE_KIND_VOTER);
  }

  static ReplicaChange learner(long node) {
    return change(node, ReplicaChangeKind.REPLICA_CHANGE_KIND_LEARNER);
  }

  static ReplicaChange gone(long node) {
    return change(node, ReplicaChangeKind.REPLICA_CHANGE_KIND_REMOVE);
  }

  private static ReplicaChange change(long node, ReplicaChangeKind kind) {
    return ReplicaChange.newBuilder().setNodeId(node).setKind(kind).build();
  }

  static Request status() {
    return Request.newBuilder()
        .setNodeStatus(NodeStatusRequest.newBuilder().setIncludeReplicas(true))
        .build();
  }

  /** The request with the shard in its context. */
  static Request at(long shardId, Request request) {
    return request.toBuilder()
        .setContext(request.getContext().toBuilder().setShardId(shardId))
        .build();
  }

  static Request stale(long shardId, Request request) {
    return request.toBuilder()
        .setContext(
            Context.newBuilder().setShardId(shardId).setConsistency(Consistency.CONSISTENCY_STALE))
        .build();
  }

  /** For a replica that can show that its state is not older than this. */
  static Request stale(long shardId, int maxMillis, Request request) {
    Request stale = stale(shardId, request);
    return stale.toBuilder()
        .setContext(stale.getContext().toBuilder().setMaxStalenessMillis(maxMillis))
        .build();
  }

  /** Linearizable, for any replica. */
  static Request follower(long shardId, Request request) {
    return request.toBuilder()
        .setContext(
            Context.newBuilder()
                .setShardId(shardId)
                .setConsistency(Consistency.CONSISTENCY_FOLLOWER))
        .build();
  }

  static Request within(int timeoutMillis, Request request) {
    return request.toBuilder()
        .setContext(request.getContext().toBuilder().setTimeoutMillis(timeoutMillis))
        .build();
  }

  /** The answer, which must be there already. */
  static Reply now(CompletableFuture<Reply> answer) {
    if (!answer.isDone()) {
      throw new AssertionError("there is no answer yet");
    }
    return answer.join();
  }
}
