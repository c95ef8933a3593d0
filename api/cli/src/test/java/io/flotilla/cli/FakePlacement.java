package io.flotilla.cli;

import io.flotilla.client.ErrorCode;
import io.flotilla.client.FlotillaException;
import io.flotilla.client.NodeMode;
import io.flotilla.client.Operation;
import io.flotilla.client.OperationCause;
import io.flotilla.client.OperationState;
import io.flotilla.client.Outcome;
import io.flotilla.client.PlacementClient;
import io.flotilla.client.PlacementPlan;
import io.flotilla.client.PlacementRules;
import io.flotilla.client.PlannedMove;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A placement in which an operation ends when it has been looked at for the third time. */
final class FakePlacement implements PlacementClient {
  private static final int LOOKS = 3;

  final Map<Long, NodeMode> modes = new TreeMap<>();
  final Map<Long, Operation> operations = new TreeMap<>();
  final Map<Long, Integer> looks = new TreeMap<>();
  PlacementRules rules = new PlacementRules(3, true, List.of());
  OperationState end = OperationState.DONE;
  private long nextId = 1_000;

  @Override
  public PlacementClient withTimeout(Duration timeout) {
    return this;
  }

  @Override
  public PlacementPlan moveReplica(long shardId, long fromNodeId, long toNodeId) {
    long id = nextId++;
    operations.put(
        id,
        new Operation(
            id,
            shardId,
            fromNodeId,
            toNodeId,
            OperationCause.REQUEST,
            OperationState.RUNNING,
            Instant.EPOCH,
            Optional.empty(),
            ""));
    return plan(shardId, fromNodeId, toNodeId, id);
  }

  @Override
  public PlacementPlan planMove(long shardId, long fromNodeId, long toNodeId) {
    return plan(shardId, fromNodeId, toNodeId, 0);
  }

  private static PlacementPlan plan(long shardId, long from, long to, long operation) {
    return new PlacementPlan(
        List.of(new PlannedMove(shardId, from, to, OperationCause.REQUEST, 128L << 20, operation)),
        Map.of(),
        Duration.ofSeconds(2));
  }

  @Override
  public PlacementPlan scatter(List<Long> shardIds) {
    return operations.isEmpty()
        ? moveReplica(2, 1, 3)
        : new PlacementPlan(List.of(), Map.of(), Duration.ZERO);
  }

  @Override
  public PlacementPlan planScatter(List<Long> shardIds) {
    return planMove(2, 1, 3);
  }

  @Override
  public PlacementPlan setNodeMode(long nodeId, NodeMode mode) {
    modes.put(nodeId, mode);
    return planNodeMode(nodeId, mode);
  }

  @Override
  public PlacementPlan planNodeMode(long nodeId, NodeMode mode) {
    return new PlacementPlan(
        List.of(), Map.of(2L, "should leave node " + nodeId + " and cannot"), Duration.ZERO);
  }

  @Override
  public List<Operation> operations(boolean includeEnded) {
    operations.keySet().forEach(this::look);
    return operations.values().stream()
        .filter(operation -> includeEnded || !operation.state().hasEnded())
        .toList();
  }

  @Override
  public Optional<Operation> operation(long operationId) {
    look(operationId);
    return Optional.ofNullable(operations.get(operationId));
  }

  private void look(long id) {
    if (looks.merge(id, 1, Integer::sum) >= LOOKS) {
      operations.computeIfPresent(id, (key, operation) -> with(operation, end));
    }
  }

  private static Operation with(Operation operation, OperationState state) {
    return new Operation(
        operation.operationId(),
        operation.shardId(),
        operation.fromNodeId(),
        operation.toNodeId(),
        operation.cause(),
        state,
        operation.began(),
        state.hasEnded() ? Optional.of(Instant.EPOCH.plusSeconds(5)) : Optional.empty(),
        state == OperationState.CANCELLED ? "node 3 does not answer" : "");
  }

  @Override
  public Operation cancel(long operationId) {
    Operation operation = operations.get(operationId);
    if (operation == null) {
      throw new FlotillaException(
          ErrorCode.NOT_FOUND, Outcome.REJECTED, "no operation " + operationId, 0, 0);
    }
    return with(operation, OperationState.CANCELLING);
  }

  @Override
  public String explain(long shardId) {
    return "3 voters on nodes 1, 2, 3, as it should be";
  }

  @Override
  public PlacementRules rules() {
    return rules;
  }

  @Override
  public PlacementRules setRules(PlacementRules changed) {
    rules = changed;
    return changed;
  }
}
