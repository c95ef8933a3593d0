package io.flotilla.client;

import io.flotilla.contract.v1.PlanReply;
import io.flotilla.contract.v1.ShardVerdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Between the messages of the placement and the values of this package. */
final class PlacementReplies {
  private PlacementReplies() {}

  static io.flotilla.contract.v1.NodeMode mode(NodeMode mode) {
    return switch (mode) {
      case ACTIVE -> io.flotilla.contract.v1.NodeMode.NODE_MODE_ACTIVE;
      case DRAINING -> io.flotilla.contract.v1.NodeMode.NODE_MODE_DRAINING;
      case LOST -> io.flotilla.contract.v1.NodeMode.NODE_MODE_LOST;
    };
  }

  static NodeMode mode(io.flotilla.contract.v1.NodeMode mode) {
    return switch (mode) {
      case NODE_MODE_ACTIVE, UNRECOGNIZED -> NodeMode.ACTIVE;
      case NODE_MODE_DRAINING -> NodeMode.DRAINING;
      case NODE_MODE_LOST -> NodeMode.LOST;
    };
  }

  static Operation operation(io.flotilla.contract.v1.Operation operation) {
    return new Operation(
        operation.getOperationId(),
        operation.getShardId(),
        operation.getFromNodeId(),
        operation.getToNodeId(),
        cause(operation.getCause()),
        state(operation.getState()),
        Instant.ofEpochMilli(operation.getBeganMillis()),
        operation.getEndedMillis() == 0
            ? Optional.empty()
            : Optional.of(Instant.ofEpochMilli(operation.getEndedMillis())),
        operation.getNote());
  }

  private static OperationState state(io.flotilla.contract.v1.OperationState state) {
    return switch (state) {
      case OPERATION_STATE_RUNNING, OPERATION_STATE_UNSPECIFIED, UNRECOGNIZED ->
          OperationState.RUNNING;
      case OPERATION_STATE_CANCELLING -> OperationState.CANCELLING;
      case OPERATION_STATE_DONE -> OperationState.DONE;
      case OPERATION_STATE_CANCELLED -> OperationState.CANCELLED;
    };
  }

  private static OperationCause cause(io.flotilla.contract.v1.OperationCause cause) {
    return switch (cause) {
      case OPERATION_CAUSE_REQUEST -> OperationCause.REQUEST;
      case OPERATION_CAUSE_DRAIN -> OperationCause.DRAIN;
      case OPERATION_CAUSE_DEAD_NODE -> OperationCause.DEAD_NODE;
      case OPERATION_CAUSE_TOO_FEW -> OperationCause.TOO_FEW;
      case OPERATION_CAUSE_TOO_MANY -> OperationCause.TOO_MANY;
      case OPERATION_CAUSE_ZONES -> OperationCause.ZONES;
      case OPERATION_CAUSE_BALANCE -> OperationCause.BALANCE;
      case OPERATION_CAUSE_LEFTOVER -> OperationCause.LEFTOVER;
      case OPERATION_CAUSE_UNSPECIFIED, UNRECOGNIZED -> OperationCause.OTHER;
    };
  }

  static PlacementPlan plan(PlanReply plan) {
    Map<Long, String> stuck = new TreeMap<>();
    for (ShardVerdict verdict : plan.getStuckList()) {
      stuck.put(verdict.getShardId(), verdict.getText());
    }
    return new PlacementPlan(
        plan.getMovesList().stream().map(PlacementReplies::move).toList(),
        stuck,
        Duration.ofMillis(plan.getEstimatedMillis()));
  }

  private static PlannedMove move(io.flotilla.contract.v1.PlannedMove move) {
    return new PlannedMove(
        move.getShardId(),
        move.getFromNodeId(),
        move.getToNodeId(),
        cause(move.getCause()),
        move.getBytes(),
        move.getOperationId());
  }

  static PlacementRules rules(io.flotilla.contract.v1.PlacementRules rules) {
    return new PlacementRules(
        rules.getReplicas(),
        rules.getRebalance(),
        rules.getRangesList().stream()
            .map(
                rule ->
                    new PlacementRules.RangeRule(
                        Replies.range(rule.getRange()), rule.getReplicas()))
            .toList());
  }

  static io.flotilla.contract.v1.PlacementRules proto(PlacementRules rules) {
    var proto =
        io.flotilla.contract.v1.PlacementRules.newBuilder()
            .setReplicas(rules.replicas())
            .setRebalance(rules.rebalance());
    for (PlacementRules.RangeRule rule : rules.ranges()) {
      proto.addRanges(
          io.flotilla.contract.v1.RangeRule.newBuilder()
              .setRange(Requests.range(rule.range()))
              .setReplicas(rule.replicas()));
    }
    return proto.build();
  }
}
