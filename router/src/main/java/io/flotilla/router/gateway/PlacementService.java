package io.flotilla.router.gateway;

import io.flotilla.contract.v1.CancelOperationRequest;
import io.flotilla.contract.v1.ExplainShardReply;
import io.flotilla.contract.v1.ExplainShardRequest;
import io.flotilla.contract.v1.GetPlacementRulesRequest;
import io.flotilla.contract.v1.ListOperationsReply;
import io.flotilla.contract.v1.ListOperationsRequest;
import io.flotilla.contract.v1.MoveReplicaRequest;
import io.flotilla.contract.v1.Operation;
import io.flotilla.contract.v1.PlacementGrpc;
import io.flotilla.contract.v1.PlacementReply;
import io.flotilla.contract.v1.PlacementRequest;
import io.flotilla.contract.v1.PlacementRules;
import io.flotilla.contract.v1.PlanReply;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.ScatterRequest;
import io.flotilla.contract.v1.SetNodeModeRequest;
import io.flotilla.contract.v1.SetPlacementRulesRequest;
import io.grpc.stub.StreamObserver;
import java.util.function.Function;

/** Where replicas are, for operators; each request goes to the leader of the system shard. */
final class PlacementService extends PlacementGrpc.PlacementImplBase {
  private final Gateway gateway;

  PlacementService(Gateway gateway) {
    this.gateway = gateway;
  }

  @Override
  public void moveReplica(MoveReplicaRequest request, StreamObserver<PlanReply> to) {
    pass(PlacementRequest.newBuilder().setMoveReplica(request), PlacementReply::getPlan, to);
  }

  @Override
  public void scatter(ScatterRequest request, StreamObserver<PlanReply> to) {
    pass(PlacementRequest.newBuilder().setScatter(request), PlacementReply::getPlan, to);
  }

  @Override
  public void setNodeMode(SetNodeModeRequest request, StreamObserver<PlanReply> to) {
    pass(PlacementRequest.newBuilder().setSetNodeMode(request), PlacementReply::getPlan, to);
  }

  @Override
  public void listOperations(
      ListOperationsRequest request, StreamObserver<ListOperationsReply> to) {
    pass(
        PlacementRequest.newBuilder().setListOperations(request),
        PlacementReply::getOperations,
        to);
  }

  @Override
  public void cancelOperation(CancelOperationRequest request, StreamObserver<Operation> to) {
    pass(
        PlacementRequest.newBuilder().setCancelOperation(request),
        PlacementReply::getOperation,
        to);
  }

  @Override
  public void explainShard(ExplainShardRequest request, StreamObserver<ExplainShardReply> to) {
    pass(
        PlacementRequest.newBuilder().setExplainShard(request), PlacementReply::getExplanation, to);
  }

  @Override
  public void getPlacementRules(
      GetPlacementRulesRequest request, StreamObserver<PlacementRules> to) {
    pass(PlacementRequest.newBuilder().setGetRules(request), PlacementReply::getRules, to);
  }

  @Override
  public void setPlacementRules(
      SetPlacementRulesRequest request, StreamObserver<PlacementRules> to) {
    pass(PlacementRequest.newBuilder().setSetRules(request), PlacementReply::getRules, to);
  }

  private <T> void pass(
      PlacementRequest.Builder request, Function<PlacementReply, T> result, StreamObserver<T> to) {
    UnaryCall.answer(
        gateway,
        Request.newBuilder().setPlacement(request).build(),
        reply -> result.apply(reply.getPlacement()),
        to);
  }
}
