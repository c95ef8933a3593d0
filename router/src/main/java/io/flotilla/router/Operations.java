package io.flotilla.router;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.BatchRequest;
import io.flotilla.contract.v1.Condition;
import io.flotilla.contract.v1.Consistency;
import io.flotilla.contract.v1.Context;
import io.flotilla.contract.v1.Mutation;
import io.flotilla.contract.v1.PlacementRequest;
import io.flotilla.contract.v1.Request;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What kinds of requests there are. */
public final class Operations {
  /** Server's default for a request without a timeout. */
  public static final int DEFAULT_TIMEOUT_MILLIS = 10_000;

  /** Longest timeout of a request. */
  public static final int MAX_TIMEOUT_MILLIS = 60_000;

  private Operations() {}

  /** Whether it changes nothing, so that any failure left nothing behind. */
  public static boolean isRead(Request request) {
    return switch (request.getOperationCase()) {
      case GET, MULTI_GET, SCAN, NODE_STATUS, GET_CATALOG, SPLIT_KEYS, OPERATION_NOT_SET -> true;
      case PUT,
          DELETE,
          COMPARE_AND_SET,
          BATCH,
          INCREMENT,
          DELETE_RANGE,
          SETTLE_WRITE,
          SPLIT_SHARD,
          TRANSFER_LEADER,
          CHANGE_REPLICAS,
          CATALOG_UPDATE ->
          false;
      case PLACEMENT -> !changesPlacement(request.getPlacement());
    };
  }

  /** Whether it is a read that need not be answered by the leader. */
  static boolean mayAnyReplicaAnswer(Request request) {
    return isRead(request)
        && !request.hasSplitKeys()
        && request.getContext().getConsistency() != Consistency.CONSISTENCY_LINEARIZABLE;
  }

  /** Whether doing it twice does no harm: reads, catalog updates, and writes with a session. */
  static boolean isRepeatable(Request request) {
    return switch (request.getOperationCase()) {
      case PUT, DELETE, COMPARE_AND_SET, BATCH, INCREMENT, DELETE_RANGE, SETTLE_WRITE ->
          hasSession(request.getContext());
      // Ids that were allocated and never used, or a report told twice, cost nothing.
      case CATALOG_UPDATE, TRANSFER_LEADER -> true;
      // What is so already is answered without a change, unless a certain version was expected.
      case CHANGE_REPLICAS -> request.getChangeReplicas().getExpectedMembershipVersion() == 0;
      case SPLIT_SHARD -> false;
      // What was begun already is refused the second time, or is as it is wanted.
      case PLACEMENT -> !beginsOperations(request.getPlacement());
      case GET, MULTI_GET, SCAN, NODE_STATUS, GET_CATALOG, SPLIT_KEYS, OPERATION_NOT_SET -> true;
    };
  }

  private static boolean changesPlacement(PlacementRequest request) {
    return switch (request.getKindCase()) {
      case SET_NODE_MODE, CANCEL_OPERATION, SET_RULES -> true;
      case MOVE_REPLICA, SCATTER -> beginsOperations(request);
      case LIST_OPERATIONS, EXPLAIN_SHARD, GET_RULES, KIND_NOT_SET -> false;
    };
  }

  private static boolean beginsOperations(PlacementRequest request) {
    return (request.hasMoveReplica() && !request.getMoveReplica().getDryRun())
        || (request.hasScatter() && !request.getScatter().getDryRun());
  }

  /** How long the caller waits, with the server's default and maximum. */
  public static long timeoutNanos(Context context) {
    int millis = context.getTimeoutMillis();
    // Unsigned on the wire: a negative number is a very long time.
    int bounded = millis == 0 ? DEFAULT_TIMEOUT_MILLIS : millis < 0 ? MAX_TIMEOUT_MILLIS : millis;
    return Math.min(bounded, MAX_TIMEOUT_MILLIS) * 1_000_000L;
  }

  static boolean hasSession(Context context) {
    return context.getSessionId() != 0 && context.getSequence() != 0;
  }

  /** All keys of a request that is sent to one shard; empty for requests not found by key. */
  public static List<ByteString> keys(Request request) {
    return switch (request.getOperationCase()) {
      case GET -> List.of(request.getGet().getKey());
      case PUT -> List.of(request.getPut().getKey());
      case DELETE -> List.of(request.getDelete().getKey());
      case COMPARE_AND_SET -> List.of(request.getCompareAndSet().getKey());
      case INCREMENT -> List.of(request.getIncrement().getKey());
      case DELETE_RANGE -> List.of(request.getDeleteRange().getRange().getStart());
      case SETTLE_WRITE -> List.of(request.getSettleWrite().getKey());
      case SPLIT_SHARD -> List.of(request.getSplitShard().getKey());
      case MULTI_GET -> request.getMultiGet().getKeysList();
      case BATCH -> batchKeys(request.getBatch());
      case SCAN,
          TRANSFER_LEADER,
          CHANGE_REPLICAS,
          NODE_STATUS,
          GET_CATALOG,
          CATALOG_UPDATE,
          PLACEMENT,
          SPLIT_KEYS,
          OPERATION_NOT_SET ->
          List.of();
    };
  }

  /** A key of the request; null for requests not found by key. */
  public static @Nullable ByteString firstKey(Request request) {
    List<ByteString> keys = keys(request);
    return keys.isEmpty() ? null : keys.get(0);
  }

  private static List<ByteString> batchKeys(BatchRequest batch) {
    List<ByteString> keys = new ArrayList<>(batch.getConditionsCount() + batch.getMutationsCount());
    for (Condition condition : batch.getConditionsList()) {
      keys.add(condition.getKey());
    }
    for (Mutation mutation : batch.getMutationsList()) {
      keys.add(mutation.getKey());
    }
    return keys;
  }
}
