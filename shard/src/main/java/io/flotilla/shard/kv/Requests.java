package io.flotilla.shard.kv;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.BatchRequest;
import io.flotilla.contract.v1.ChangeReplicasRequest;
import io.flotilla.contract.v1.Condition;
import io.flotilla.contract.v1.Consistency;
import io.flotilla.contract.v1.Context;
import io.flotilla.contract.v1.KeyRange;
import io.flotilla.contract.v1.Mutation;
import io.flotilla.contract.v1.ReplicaChange;
import io.flotilla.contract.v1.Request;
import io.flotilla.internal.v1.Command;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Holds requests against the bounds of the contract, and makes commands of writes. */
public final class Requests {
  private Requests() {}

  /**
   * What is wrong with a request, in words that name the field, its value and its bound.
   *
   * @param nowMillis milliseconds since 1970
   * @return empty if nothing is
   */
  public static Optional<String> fault(Request request, long nowMillis) {
    String fault = operationFault(request);
    if (fault.isEmpty()) {
      fault = contextFault(request.getContext(), nowMillis);
    }
    return fault.isEmpty() ? Optional.empty() : Optional.of(fault);
  }

  private static String contextFault(Context context, long nowMillis) {
    if (context.getTimeoutMillis() < 0 || context.getTimeoutMillis() > Limits.MAX_TIMEOUT_MILLIS) {
      return "timeout_millis is "
          + Integer.toUnsignedString(context.getTimeoutMillis())
          + ", at most "
          + Limits.MAX_TIMEOUT_MILLIS;
    }
    if (context.getConsistency() == Consistency.UNRECOGNIZED) {
      return "consistency is "
          + context.getConsistencyValue()
          + ", which this version of the server does not know";
    }
    if (context.getMaxStalenessMillis() != 0
        && context.getConsistency() != Consistency.CONSISTENCY_STALE) {
      return "max_staleness_millis goes with CONSISTENCY_STALE, not with "
          + context.getConsistency();
    }
    if ((context.getSessionId() == 0) != (context.getSequence() == 0)) {
      return "session_id and sequence go together: give both or none";
    }
    // When such a session is evicted, all that begin before its time are refused: for ever, if the
    // time is far enough ahead.
    long aheadMillis = SessionTable.beganMillis(context.getSessionId()) - nowMillis;
    return aheadMillis > Limits.MAX_SESSION_AHEAD_MILLIS
        ? "session_id begins "
            + aheadMillis
            + " ms ahead of this node, at most "
            + Limits.MAX_SESSION_AHEAD_MILLIS
            + ": check the clocks"
        : "";
  }

  private static String operationFault(Request request) {
    return switch (request.getOperationCase()) {
      case GET -> keyFault(request.getGet().getKey());
      case MULTI_GET -> {
        int keys = request.getMultiGet().getKeysCount();
        yield keys == 0 || keys > Limits.MAX_MULTI_GET_KEYS
            ? "keys has " + keys + " entries, 1 to " + Limits.MAX_MULTI_GET_KEYS
            : firstKeyFault(request.getMultiGet().getKeysList());
      }
      case PUT ->
          either(
              keyFault(request.getPut().getKey()),
              valueFault(request.getPut().getValue(), request.getPut().getTtlMillis()));
      case DELETE -> keyFault(request.getDelete().getKey());
      case COMPARE_AND_SET ->
          either(
              keyFault(request.getCompareAndSet().getKey()),
              valueFault(
                  request.getCompareAndSet().getValue(),
                  request.getCompareAndSet().getTtlMillis()));
      case INCREMENT -> keyFault(request.getIncrement().getKey());
      case BATCH -> batchFault(request.getBatch());
      case SCAN -> rangeFault(request.getScan().getRange(), request.getScan().getLimit());
      case DELETE_RANGE ->
          rangeFault(request.getDeleteRange().getRange(), request.getDeleteRange().getLimit());
      case SETTLE_WRITE -> settleFault(request);
      case SPLIT_SHARD -> keyFault(request.getSplitShard().getKey());
      case SPLIT_KEYS -> {
        int parts = request.getSplitKeys().getParts();
        yield parts < 2 || parts > Limits.MAX_SPLIT_PARTS
            ? "parts is " + parts + ", 2 to " + Limits.MAX_SPLIT_PARTS
            : "";
      }
      case CHANGE_REPLICAS -> changesFault(request.getChangeReplicas());
      case GET_CATALOG -> {
        int ids = request.getGetCatalog().getShardIdsCount();
        yield ids > Limits.MAX_SHARD_IDS
            ? "shard_ids has " + ids + " entries, at most " + Limits.MAX_SHARD_IDS
            : "";
      }
      case TRANSFER_LEADER, NODE_STATUS, CATALOG_UPDATE, PLACEMENT -> "";
      case OPERATION_NOT_SET -> "the request has no operation this server knows";
    };
  }

  private static String changesFault(ChangeReplicasRequest request) {
    int count = request.getChangesCount();
    boolean onlyFence = count == 0 && request.getFence() != 0;
    if (!onlyFence && (count == 0 || count > Limits.MAX_REPLICA_CHANGES)) {
      return "changes has " + count + " entries, 1 to " + Limits.MAX_REPLICA_CHANGES;
    }
    Set<Long> nodes = new HashSet<>();
    for (ReplicaChange change : request.getChangesList()) {
      if (change.getNodeId() <= 0 || !nodes.add(change.getNodeId())) {
        return "node_id " + change.getNodeId() + " stands twice in changes, or is no id";
      }
      switch (change.getKind()) {
        case REPLICA_CHANGE_KIND_UNSPECIFIED, UNRECOGNIZED -> {
          return "the change of node " + change.getNodeId() + " has no kind this server knows";
        }
        default -> {}
      }
    }
    return "";
  }

  private static String either(String first, String second) {
    return first.isEmpty() ? second : first;
  }

  private static String firstKeyFault(Iterable<ByteString> keys) {
    for (ByteString key : keys) {
      String fault = keyFault(key);
      if (!fault.isEmpty()) {
        return fault;
      }
    }
    return "";
  }

  private static String keyFault(ByteString key) {
    if (key.isEmpty()) {
      return "key is empty, 1 to " + Limits.MAX_KEY_BYTES + " bytes";
    }
    return key.size() > Limits.MAX_KEY_BYTES
        ? "key has " + key.size() + " bytes, at most " + Limits.MAX_KEY_BYTES
        : "";
  }

  private static String valueFault(ByteString value, long ttlMillis) {
    if (ttlMillis < 0 || ttlMillis > Limits.MAX_TTL_MILLIS) {
      return "ttl_millis is "
          + Long.toUnsignedString(ttlMillis)
          + ", at most "
          + Limits.MAX_TTL_MILLIS;
    }
    return value.size() > Limits.MAX_VALUE_BYTES
        ? "value has " + value.size() + " bytes, at most " + Limits.MAX_VALUE_BYTES
        : "";
  }

  private static String batchFault(BatchRequest batch) {
    int operations = batch.getMutationsCount() + batch.getConditionsCount();
    if (batch.getMutationsCount() == 0 || operations > Limits.MAX_BATCH_OPERATIONS) {
      return "batch has "
          + operations
          + " operations, 1 to "
          + Limits.MAX_BATCH_OPERATIONS
          + " with at least one mutation";
    }
    long bytes = 0;
    for (Mutation mutation : batch.getMutationsList()) {
      String fault =
          either(
              keyFault(mutation.getKey()), valueFault(mutation.getPut(), mutation.getTtlMillis()));
      boolean deletes = mutation.getKindCase() == Mutation.KindCase.DELETE && mutation.getDelete();
      if (mutation.getKindCase() != Mutation.KindCase.PUT && !deletes) {
        fault = "a mutation is neither put nor delete";
      } else if (deletes && mutation.getTtlMillis() != 0) {
        fault = "a mutation that deletes has a ttl_millis";
      }
      if (!fault.isEmpty()) {
        return fault;
      }
      bytes += mutation.getKey().size() + mutation.getPut().size();
    }
    for (Condition condition : batch.getConditionsList()) {
      String fault = keyFault(condition.getKey());
      if (!fault.isEmpty()) {
        return fault;
      }
    }
    return bytes > Limits.MAX_BATCH_BYTES
        ? "batch has " + bytes + " bytes, at most " + Limits.MAX_BATCH_BYTES
        : "";
  }

  private static String rangeFault(KeyRange range, int limit) {
    ByteString start = range.getStart();
    ByteString end = range.getEnd();
    if (isNoBound(start) || isNoBound(end)) {
      return "a bound of the range has more than " + (Limits.MAX_KEY_BYTES + 1) + " bytes";
    }
    boolean empty =
        !end.isEmpty() && ByteString.unsignedLexicographicalComparator().compare(start, end) >= 0;
    if (empty) {
      return "the range is empty: its start is not before its end";
    }
    return limit < 0 ? "limit is out of bounds" : "";
  }

  private static boolean isNoBound(ByteString key) {
    return key.size() > Limits.MAX_KEY_BYTES + 1;
  }

  /** The key may be the start of a range, and so none that can be written. */
  private static String settleFault(Request request) {
    if (isNoBound(request.getSettleWrite().getKey())) {
      return "key has more than " + (Limits.MAX_KEY_BYTES + 1) + " bytes";
    }
    return request.getContext().getSessionId() == 0
        ? "session_id and sequence of the write to be settled are missing"
        : "";
  }

  /** Whether the request changes a user shard through its log. */
  public static boolean isWrite(Request request) {
    return switch (request.getOperationCase()) {
      case PUT, DELETE, COMPARE_AND_SET, BATCH, INCREMENT, DELETE_RANGE, SETTLE_WRITE -> true;
      default -> false;
    };
  }

  /** The command of a write, as it goes into the log: the call's own context stays outside. */
  public static Command toCommand(Request request) {
    Context context = request.getContext();
    Command.Builder command =
        Command.newBuilder()
            .setSessionId(context.getSessionId())
            .setSequence(context.getSequence())
            .setAcknowledgedSequence(context.getAcknowledgedSequence());
    switch (request.getOperationCase()) {
      case PUT ->
          command.setPut(
              request.getPut().hasContext()
                  ? request.getPut().toBuilder().clearContext().build()
                  : request.getPut());
      case DELETE ->
          command.setDelete(
              request.getDelete().hasContext()
                  ? request.getDelete().toBuilder().clearContext().build()
                  : request.getDelete());
      case COMPARE_AND_SET ->
          command.setCompareAndSet(
              request.getCompareAndSet().hasContext()
                  ? request.getCompareAndSet().toBuilder().clearContext().build()
                  : request.getCompareAndSet());
      case BATCH ->
          command.setBatch(
              request.getBatch().hasContext()
                  ? request.getBatch().toBuilder().clearContext().build()
                  : request.getBatch());
      case INCREMENT ->
          command.setIncrement(
              request.getIncrement().hasContext()
                  ? request.getIncrement().toBuilder().clearContext().build()
                  : request.getIncrement());
      case DELETE_RANGE ->
          command.setDeleteRange(
              request.getDeleteRange().hasContext()
                  ? request.getDeleteRange().toBuilder().clearContext().build()
                  : request.getDeleteRange());
      case SETTLE_WRITE ->
          command.setSettleWrite(
              request.getSettleWrite().hasContext()
                  ? request.getSettleWrite().toBuilder().clearContext().build()
                  : request.getSettleWrite());
      case CATALOG_UPDATE -> command.setCatalogUpdate(request.getCatalogUpdate());
      default -> throw new IllegalArgumentException("not a write: " + request.getOperationCase());
    }
    return command.build();
  }
}
