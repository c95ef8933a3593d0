package io.flotilla.shard.catalog;

import io.flotilla.contract.v1.CancelOperation;
import io.flotilla.contract.v1.EndOperation;
import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.Operation;
import io.flotilla.contract.v1.OperationState;
import io.flotilla.contract.v1.Reply;
import io.flotilla.raft.Payload;
import io.flotilla.shard.kv.Failures;
import io.flotilla.shard.kv.Stamps;
import io.flotilla.storage.ReplicaState;
import io.flotilla.storage.Table;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Operations that are under way, one at most for a shard (M13), and the last that have ended. Rows:
 * {@code O} + operation id → Operation.
 */
final class OperationBook {
  static final char ROW = 'O';

  private static final int MAX_UNDER_WAY = 4_096;
  private static final int MAX_ENDED = 256;

  private final ReplicaState rows;
  private final Map<Long, Operation> underWay = new TreeMap<>();
  private final Map<Long, Long> byShard = new TreeMap<>();
  private final Deque<Operation> ended = new ArrayDeque<>();

  OperationBook(ReplicaState rows) {
    this.rows = rows;
  }

  /** A row, in the order of ids. */
  void load(Operation operation) {
    if (isUnderWay(operation)) {
      underWay.put(operation.getOperationId(), operation);
      byShard.put(operation.getShardId(), operation.getOperationId());
    } else {
      ended.addLast(operation);
    }
  }

  /** All rows were read: those that have ended go by the order in which they did. */
  void loaded() {
    List<Operation> inOrder =
        ended.stream()
            .sorted(
                Comparator.comparingLong(Operation::getEndedMillis)
                    .thenComparingLong(Operation::getFence)
                    .thenComparingLong(Operation::getOperationId))
            .toList();
    ended.clear();
    ended.addAll(inOrder);
  }

  private static boolean isUnderWay(Operation operation) {
    return operation.getState() == OperationState.OPERATION_STATE_RUNNING
        || operation.getState() == OperationState.OPERATION_STATE_CANCELLING;
  }

  /** Those under way, by id. */
  List<Operation> underWay() {
    return List.copyOf(underWay.values());
  }

  /** Those under way and the last that have ended, by id. */
  List<Operation> all() {
    Map<Long, Operation> all = new TreeMap<>(underWay);
    ended.forEach(operation -> all.put(operation.getOperationId(), operation));
    return List.copyOf(all.values());
  }

  Optional<Operation> ofShard(long shardId) {
    return Optional.ofNullable(byShard.get(shardId)).map(underWay::get);
  }

  /** An operation that brings a replica to the node or takes one from it. */
  Optional<Operation> ofNode(long nodeId) {
    return underWay.values().stream()
        .filter(o -> o.getFromNodeId() == nodeId || o.getToNodeId() == nodeId)
        .findFirst();
  }

  /** Why one more cannot begin for the shard. */
  @Nullable Reply refusal(long shardId) {
    Long other = byShard.get(shardId);
    if (other != null) {
      return Failures.rejected(
          ErrorCode.ERROR_CODE_FAILED_PRECONDITION,
          "operation %d of shard %d is under way: wait for its end, or cancel it"
              .formatted(other, shardId));
    }
    return underWay.size() < MAX_UNDER_WAY
        ? null
        : Failures.notApplied(
            ErrorCode.ERROR_CODE_OVERLOADED,
            MAX_UNDER_WAY + " operations are under way: try again when some have ended");
  }

  /** The operation begins; nothing refuses it. */
  void begin(Operation asked, long id, long stamp) {
    Operation operation =
        asked.toBuilder()
            .setOperationId(id)
            .setFence(id)
            .setState(OperationState.OPERATION_STATE_RUNNING)
            .setBeganMillis(Stamps.millis(stamp))
            .clearEndedMillis()
            .clearNote()
            .build();
    store(operation);
    byShard.put(operation.getShardId(), id);
  }

  /**
   * Asks for an end without effect; repeatable.
   *
   * @param fences gives one that is higher than all before
   */
  Reply cancel(CancelOperation request, LongSupplier fences, Reply done) {
    Operation operation = underWay.get(request.getOperationId());
    if (operation == null) {
      return notUnderWay(request.getOperationId());
    }
    if (operation.getState() == OperationState.OPERATION_STATE_RUNNING) {
      store(
          operation.toBuilder()
              .setState(OperationState.OPERATION_STATE_CANCELLING)
              .setFence(fences.getAsLong())
              .setNote(request.getNote())
              .build());
    }
    return done;
  }

  Reply end(EndOperation request, long stamp, Reply done) {
    Operation operation = underWay.get(request.getOperationId());
    if (operation == null) {
      return notUnderWay(request.getOperationId());
    }
    if (operation.getFence() != request.getFence()) {
      return Failures.rejected(
          ErrorCode.ERROR_CODE_FAILED_PRECONDITION,
          "operation %d has another fence by now".formatted(request.getOperationId()));
    }
    underWay.remove(operation.getOperationId());
    byShard.remove(operation.getShardId());
    Operation over =
        operation.toBuilder()
            .setState(request.getState())
            .setEndedMillis(Stamps.millis(stamp))
            .build();
    ended.addLast(over);
    write(over);
    while (ended.size() > MAX_ENDED) {
      rows.delete(Table.DATA, row(ended.removeFirst()));
    }
    return done;
  }

  private static Reply notUnderWay(long id) {
    return Failures.rejected(
        ErrorCode.ERROR_CODE_NOT_FOUND,
        "no operation " + id + " is under way: 'flotilla operation list --all' shows them all");
  }

  private void store(Operation operation) {
    underWay.put(operation.getOperationId(), operation);
    write(operation);
  }

  private void write(Operation operation) {
    rows.put(Table.DATA, row(operation), CatalogStateMachine.encode(operation));
  }

  private static Payload row(Operation operation) {
    return CatalogStateMachine.row(ROW, operation.getOperationId());
  }
}
