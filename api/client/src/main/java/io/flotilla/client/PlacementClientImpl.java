package io.flotilla.client;

import io.flotilla.contract.v1.CancelOperationRequest;
import io.flotilla.contract.v1.ExplainShardRequest;
import io.flotilla.contract.v1.GetPlacementRulesRequest;
import io.flotilla.contract.v1.ListOperationsRequest;
import io.flotilla.contract.v1.MoveReplicaRequest;
import io.flotilla.contract.v1.PlacementReply;
import io.flotilla.contract.v1.PlacementRequest;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.ScatterRequest;
import io.flotilla.contract.v1.SetNodeModeRequest;
import io.flotilla.contract.v1.SetPlacementRulesRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The placement over the router: each request goes to the leader of the system shard. */
final class PlacementClientImpl implements PlacementClient {
  private final ClientRuntime runtime;
  private final CallOptions options;

  PlacementClientImpl(ClientRuntime runtime, CallOptions options) {
    this.runtime = runtime;
    this.options = options;
  }

  @Override
  public PlacementClient withTimeout(Duration timeout) {
    return new PlacementClientImpl(runtime, options.withTimeout(timeout));
  }

  @Override
  public PlacementPlan moveReplica(long shardId, long fromNodeId, long toNodeId) {
    return plan(move(shardId, fromNodeId, toNodeId, false), false);
  }

  @Override
  public PlacementPlan planMove(long shardId, long fromNodeId, long toNodeId) {
    return plan(move(shardId, fromNodeId, toNodeId, true), true);
  }

  private static PlacementRequest.Builder move(long shardId, long from, long to, boolean dryRun) {
    return PlacementRequest.newBuilder()
        .setMoveReplica(
            MoveReplicaRequest.newBuilder()
                .setShardId(shardId)
                .setFromNodeId(from)
                .setToNodeId(to)
                .setDryRun(dryRun));
  }

  @Override
  public PlacementPlan scatter(List<Long> shardIds) {
    return plan(scatter(shardIds, false), false);
  }

  @Override
  public PlacementPlan planScatter(List<Long> shardIds) {
    return plan(scatter(shardIds, true), true);
  }

  private static PlacementRequest.Builder scatter(List<Long> shardIds, boolean dryRun) {
    return PlacementRequest.newBuilder()
        .setScatter(ScatterRequest.newBuilder().addAllShardIds(shardIds).setDryRun(dryRun));
  }

  @Override
  public PlacementPlan setNodeMode(long nodeId, NodeMode mode) {
    return plan(nodeMode(nodeId, mode, false), false);
  }

  @Override
  public PlacementPlan planNodeMode(long nodeId, NodeMode mode) {
    return plan(nodeMode(nodeId, mode, true), true);
  }

  private static PlacementRequest.Builder nodeMode(long nodeId, NodeMode mode, boolean dryRun) {
    return PlacementRequest.newBuilder()
        .setSetNodeMode(
            SetNodeModeRequest.newBuilder()
                .setNodeId(nodeId)
                .setMode(PlacementReplies.mode(mode))
                .setDryRun(dryRun));
  }

  @Override
  public List<Operation> operations(boolean includeEnded) {
    return list(ListOperationsRequest.newBuilder().setIncludeEnded(includeEnded).build());
  }

  @Override
  public Optional<Operation> operation(long operationId) {
    try {
      return list(ListOperationsRequest.newBuilder().setOperationId(operationId).build()).stream()
          .findFirst();
    } catch (FlotillaException e) {
      if (e.code() == ErrorCode.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private List<Operation> list(ListOperationsRequest request) {
    return read(
        PlacementRequest.newBuilder().setListOperations(request),
        reply ->
            reply.getOperations().getOperationsList().stream()
                .map(PlacementReplies::operation)
                .toList());
  }

  @Override
  public Operation cancel(long operationId) {
    return write(
        PlacementRequest.newBuilder()
            .setCancelOperation(CancelOperationRequest.newBuilder().setOperationId(operationId)),
        reply -> PlacementReplies.operation(reply.getOperation()));
  }

  @Override
  public String explain(long shardId) {
    return read(
        PlacementRequest.newBuilder()
            .setExplainShard(ExplainShardRequest.newBuilder().setShardId(shardId)),
        reply -> reply.getExplanation().getText());
  }

  @Override
  public PlacementRules rules() {
    return read(
        PlacementRequest.newBuilder().setGetRules(GetPlacementRulesRequest.getDefaultInstance()),
        reply -> PlacementReplies.rules(reply.getRules()));
  }

  @Override
  public PlacementRules setRules(PlacementRules rules) {
    return write(
        PlacementRequest.newBuilder()
            .setSetRules(
                SetPlacementRulesRequest.newBuilder().setRules(PlacementReplies.proto(rules))),
        reply -> PlacementReplies.rules(reply.getRules()));
  }

  private PlacementPlan plan(PlacementRequest.Builder request, boolean dryRun) {
    Function<PlacementReply, PlacementPlan> result =
        reply -> PlacementReplies.plan(reply.getPlan());
    return dryRun ? read(request, result) : write(request, result);
  }

  private <T> T read(PlacementRequest.Builder request, Function<PlacementReply, T> result) {
    return Waiting.read(
        () ->
            ClientCall.start(
                runtime, options, whole(request), r -> result.apply(r.getPlacement())));
  }

  private <T> T write(PlacementRequest.Builder request, Function<PlacementReply, T> result) {
    return Waiting.write(
        () ->
            ClientCall.start(
                runtime, options, whole(request), r -> result.apply(r.getPlacement())));
  }

  private static Request whole(PlacementRequest.Builder request) {
    return Request.newBuilder().setPlacement(request).build();
  }
}
