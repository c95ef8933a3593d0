package io.flotilla.shard;

import io.flotilla.contract.v1.CancelOperation;
import io.flotilla.contract.v1.CatalogUpdateRequest;
import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.ExplainShardReply;
import io.flotilla.contract.v1.ListOperationsReply;
import io.flotilla.contract.v1.ListOperationsRequest;
import io.flotilla.contract.v1.MoveReplicaRequest;
import io.flotilla.contract.v1.Operation;
import io.flotilla.contract.v1.OperationCause;
import io.flotilla.contract.v1.PlacementReply;
import io.flotilla.contract.v1.PlacementRequest;
import io.flotilla.contract.v1.PlanReply;
import io.flotilla.contract.v1.PlannedMove;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.ScatterRequest;
import io.flotilla.contract.v1.SetNodeMode;
import io.flotilla.contract.v1.SetNodeModeRequest;
import io.flotilla.contract.v1.ShardVerdict;
import io.flotilla.shard.kv.Failures;
import io.flotilla.shard.placement.Decision;
import io.flotilla.shard.placement.Move;
import io.flotilla.shard.placement.NodeView;
import io.flotilla.shard.placement.Planner;
import io.flotilla.shard.placement.ShardView;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Answers what operators ask of the placement, where the system shard is led. Confined to its loop.
 *
 * <p>Whatever changes something goes through the log of the system shard, like every other update
 * of the catalog; what is only asked is answered from what the scheduler knows.
 */
final class PlacementCalls {
  private final Replica system;
  private final Scheduler scheduler;
  private final Supplier<SnapshotConfig> snapshots;

  PlacementCalls(Replica system, Scheduler scheduler, Supplier<SnapshotConfig> snapshots) {
    this.system = system;
    this.scheduler = scheduler;
    this.snapshots = snapshots;
  }

  void accept(Call call) {
    if (!system.isLeader()) {
      call.reply(system.notLeader());
      return;
    }
    PlacementRequest request = call.request().getPlacement();
    switch (request.getKindCase()) {
      case MOVE_REPLICA -> move(call, request.getMoveReplica());
      case SCATTER -> scatter(call, request.getScatter());
      case SET_NODE_MODE -> setMode(call, request.getSetNodeMode());
      case LIST_OPERATIONS -> list(call, request.getListOperations());
      case CANCEL_OPERATION -> cancel(call, request.getCancelOperation().getOperationId());
      case EXPLAIN_SHARD -> explain(call, request.getExplainShard().getShardId());
      case GET_RULES ->
          call.reply(
              reply(PlacementReply.newBuilder().setRules(scheduler.catalog().rules()).build()));
      case SET_RULES ->
          update(
              call,
              CatalogUpdateRequest.newBuilder()
                  .setSetRules(request.getSetRules().getRules())
                  .build(),
              done -> PlacementReply.newBuilder().setRules(scheduler.catalog().rules()).build());
      case KIND_NOT_SET ->
          call.reply(Failures.invalid("the placement request is of a kind not known here"));
    }
  }

  private static Reply reply(PlacementReply reply) {
    return Reply.newBuilder().setPlacement(reply).build();
  }

  private void move(Call call, MoveReplicaRequest request) {
    Optional<ShardView> shard = shard(request.getShardId());
    String fault = shard.map(s -> fault(s, request)).orElse("");
    if (shard.isEmpty() || !fault.isEmpty()) {
      call.reply(shard.isEmpty() ? noShard(request.getShardId()) : refused(fault));
      return;
    }
    Move move =
        new Move(
            request.getShardId(),
            request.getFromNodeId(),
            request.getToNodeId(),
            OperationCause.OPERATION_CAUSE_REQUEST);
    if (request.getDryRun()) {
      call.reply(reply(plan(List.of(move), Map.of(), Map.of())));
      return;
    }
    update(
        call,
        scheduler.begin(move).getCatalogUpdate(),
        done ->
            plan(List.of(move), Map.of(move.shardId(), done.getCatalogUpdate().getId()), Map.of()));
  }

  /** What the catalog cannot know, or says less well. */
  private String fault(ShardView shard, MoveReplicaRequest request) {
    long from = request.getFromNodeId();
    long to = request.getToNodeId();
    if (from == 0 || to == 0) {
      return "a move goes from one node to another: give both";
    }
    if (shard.descriptor().replicaOn(from).isEmpty()) {
      return "shard %d has no replica on node %d, but on nodes %s"
          .formatted(request.getShardId(), from, nodesOf(shard));
    }
    if (shard.descriptor().replicaOn(to).filter(r -> r.staysVoter()).isPresent()) {
      return "shard %d has a replica on node %d already".formatted(request.getShardId(), to);
    }
    Optional<NodeView> target =
        scheduler.view().nodes().stream().filter(node -> node.nodeId() == to).findFirst();
    if (target.isEmpty()) {
      return "there is no node " + to + ": 'flotilla node list' shows them all";
    }
    String reason = target.get().whyNotReceiving();
    return reason.isEmpty() ? "" : "node " + to + " " + reason;
  }

  private static String nodesOf(ShardView shard) {
    return shard.descriptor().replicas().stream()
        .map(replica -> String.valueOf(replica.nodeId()))
        .collect(Collectors.joining(", "));
  }

  private static Reply refused(String fault) {
    return Failures.rejected(ErrorCode.ERROR_CODE_FAILED_PRECONDITION, fault);
  }

  private static Reply noShard(long shardId) {
    return Failures.rejected(
        ErrorCode.ERROR_CODE_NOT_FOUND,
        "there is no shard " + shardId + ": 'flotilla shard list' shows them all");
  }

  private Optional<ShardView> shard(long shardId) {
    return scheduler.view().shards().stream()
        .filter(shard -> shard.descriptor().shardId() == shardId)
        .findFirst();
  }

  /** The first move of each shard begins now; what comes after it when it has ended. */
  private void scatter(Call call, ScatterRequest request) {
    Set<Long> only = new HashSet<>(request.getShardIdsList());
    Planner.Plan whole = Planner.whole(scheduler.view().rebalancing());
    List<Move> moves =
        whole.moves().stream()
            .filter(move -> only.isEmpty() || only.contains(move.shardId()))
            .toList();
    if (request.getDryRun() || moves.isEmpty()) {
      call.reply(reply(plan(moves, Map.of(), whole.stuck())));
      return;
    }
    Map<Long, Long> begun = new TreeMap<>();
    CompletableFuture<Void> all = CompletableFuture.completedFuture(null);
    Set<Long> seen = new HashSet<>();
    for (Move move : moves) {
      if (seen.add(move.shardId())) {
        all =
            all.thenCombine(
                apply(call, scheduler.begin(move).getCatalogUpdate()),
                (nothing, answer) -> {
                  if (answer.hasCatalogUpdate()) {
                    begun.put(move.shardId(), answer.getCatalogUpdate().getId());
                  }
                  return null;
                });
      }
    }
    var unused = all.thenAccept(nothing -> call.reply(reply(plan(moves, begun, whole.stuck()))));
  }

  private void setMode(Call call, SetNodeModeRequest request) {
    Optional<NodeView> node =
        scheduler.view().nodes().stream()
            .filter(n -> n.nodeId() == request.getNodeId())
            .findFirst();
    if (node.isEmpty()) {
      call.reply(
          Failures.rejected(
              ErrorCode.ERROR_CODE_NOT_FOUND,
              "there is no node " + request.getNodeId() + ": 'flotilla node list' shows them all"));
      return;
    }
    NodeView changed =
        new NodeView(
            node.get().nodeId(),
            node.get().zone(),
            request.getMode(),
            node.get().health(),
            node.get().usedPercent());
    Planner.Plan plan = Planner.whole(scheduler.view().with(changed));
    PlacementReply shown = plan(plan.moves(), Map.of(), plan.stuck());
    if (request.getDryRun()) {
      call.reply(reply(shown));
      return;
    }
    update(
        call,
        CatalogUpdateRequest.newBuilder()
            .setSetNodeMode(
                SetNodeMode.newBuilder().setNodeId(request.getNodeId()).setMode(request.getMode()))
            .build(),
        done -> shown);
  }

  private void list(Call call, ListOperationsRequest request) {
    long only = request.getOperationId();
    boolean all = request.getIncludeEnded() || only != 0;
    List<Operation> operations =
        (all ? scheduler.catalog().operations() : scheduler.catalog().operationsUnderWay())
            .stream().filter(operation -> only == 0 || operation.getOperationId() == only).toList();
    call.reply(
        operations.isEmpty() && only != 0
            ? Failures.rejected(
                ErrorCode.ERROR_CODE_NOT_FOUND,
                "there is no operation " + only + ", or it ended long ago")
            : reply(
                PlacementReply.newBuilder()
                    .setOperations(ListOperationsReply.newBuilder().addAllOperations(operations))
                    .build()));
  }

  private void cancel(Call call, long operationId) {
    update(
        call,
        CatalogUpdateRequest.newBuilder()
            .setCancelOperation(
                CancelOperation.newBuilder().setOperationId(operationId).setNote("on request"))
            .build(),
        done ->
            PlacementReply.newBuilder()
                .setOperation(
                    scheduler.catalog().operations().stream()
                        .filter(o -> o.getOperationId() == operationId)
                        .findFirst()
                        .orElse(Operation.getDefaultInstance()))
                .build());
  }

  private void explain(Call call, long shardId) {
    Optional<ShardView> shard = shard(shardId);
    if (shard.isEmpty()) {
      call.reply(noShard(shardId));
      return;
    }
    Decision decision = Planner.decide(scheduler.view(), shard.get());
    String splits = scheduler.splitsOf(shard.get());
    ExplainShardReply.Builder explanation =
        ExplainShardReply.newBuilder()
            .setText(decision.text() + (splits.isEmpty() ? "" : "; " + splits));
    decision.move().ifPresent(move -> explanation.setNext(planned(move, shard.get().bytes(), 0)));
    call.reply(reply(PlacementReply.newBuilder().setExplanation(explanation).build()));
  }

  // ---- updates and plans

  private void update(
      Call call, CatalogUpdateRequest update, Function<Reply, PlacementReply> answer) {
    var unused =
        apply(call, update)
            .thenAccept(done -> call.reply(done.hasError() ? done : reply(answer.apply(done))));
  }

  /** Through the log, with the deadline of the call; the answer comes on the loop. */
  private CompletableFuture<Reply> apply(Call call, CatalogUpdateRequest update) {
    CompletableFuture<Reply> answer = new CompletableFuture<>();
    Request request =
        Request.newBuilder()
            .setContext(call.request().getContext())
            .setCatalogUpdate(update)
            .build();
    system.call(new Call(request, call.deadlineNanos(), answer));
    return answer;
  }

  private PlacementReply plan(List<Move> moves, Map<Long, Long> begun, Map<Long, String> stuck) {
    PlanReply.Builder plan = PlanReply.newBuilder();
    Map<Long, Long> received = new TreeMap<>();
    Map<Long, Long> sizes = new TreeMap<>(); // one look for all moves, which may be thousands
    for (ShardView shard : scheduler.view().shards()) {
      sizes.put(shard.descriptor().shardId(), shard.bytes());
    }
    Set<Long> shown = new HashSet<>();
    for (Move move : moves) {
      long operation = shown.add(move.shardId()) ? begun.getOrDefault(move.shardId(), 0L) : 0;
      long bytes = sizes.getOrDefault(move.shardId(), 0L);
      PlannedMove planned = planned(move, bytes, operation);
      plan.addMoves(planned);
      received.merge(move.toNodeId(), planned.getBytes(), Long::sum);
    }
    stuck.forEach(
        (shard, text) -> plan.addStuck(ShardVerdict.newBuilder().setShardId(shard).setText(text)));
    long most = received.values().stream().mapToLong(Long::longValue).max().orElse(0);
    long rate = snapshots.get().slowestRate();
    plan.setEstimatedMillis(rate == 0 ? 0 : most * 1_000 / rate);
    return PlacementReply.newBuilder().setPlan(plan).build();
  }

  private static PlannedMove planned(Move move, long bytes, long operationId) {
    return PlannedMove.newBuilder()
        .setShardId(move.shardId())
        .setFromNodeId(move.fromNodeId())
        .setToNodeId(move.toNodeId())
        .setCause(move.cause())
        .setBytes(move.toNodeId() == 0 ? 0 : bytes)
        .setOperationId(operationId)
        .build();
  }
}
