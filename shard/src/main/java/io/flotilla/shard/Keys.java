package io.flotilla.shard;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.Condition;
import io.flotilla.contract.v1.Consistency;
import io.flotilla.contract.v1.Mutation;
import io.flotilla.contract.v1.Request;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.KeyRange;

/** What a request is about. */
final class Keys {
  private Keys() {}

  static boolean isRead(Request request) {
    return switch (request.getOperationCase()) {
      case GET, MULTI_GET, SCAN, GET_CATALOG -> true;
      default -> false;
    };
  }

  /** Whether it is a read that need not be answered by the leader. */
  static boolean mayAnyReplicaAnswer(Request request) {
    return isRead(request)
        && request.getContext().getConsistency() != Consistency.CONSISTENCY_LINEARIZABLE;
  }

  /** Whether the range holds all keys of the request; of a range, where it begins. */
  static boolean allInside(Request request, KeyRange range) {
    return switch (request.getOperationCase()) {
      case GET -> inside(range, request.getGet().getKey());
      case MULTI_GET ->
          request.getMultiGet().getKeysList().stream().allMatch(key -> inside(range, key));
      case PUT -> inside(range, request.getPut().getKey());
      case DELETE -> inside(range, request.getDelete().getKey());
      case COMPARE_AND_SET -> inside(range, request.getCompareAndSet().getKey());
      case INCREMENT -> inside(range, request.getIncrement().getKey());
      case DELETE_RANGE -> inside(range, request.getDeleteRange().getRange().getStart());
      case SETTLE_WRITE -> inside(range, request.getSettleWrite().getKey());
      case BATCH ->
          request.getBatch().getMutationsList().stream()
                  .map(Mutation::getKey)
                  .allMatch(key -> inside(range, key))
              && request.getBatch().getConditionsList().stream()
                  .map(Condition::getKey)
                  .allMatch(key -> inside(range, key));
      case SCAN -> scanBegins(request, range);
      case SPLIT_SHARD -> inside(range, request.getSplitShard().getKey());
      case TRANSFER_LEADER,
          CHANGE_REPLICAS,
          NODE_STATUS,
          GET_CATALOG,
          CATALOG_UPDATE,
          PLACEMENT,
          SPLIT_KEYS,
          OPERATION_NOT_SET ->
          true;
    };
  }

  private static boolean scanBegins(Request request, KeyRange range) {
    KeyRange wanted = Descriptors.fromProto(request.getScan().getRange());
    if (!request.getScan().getReverse()) {
      return range.contains(wanted.start());
    }
    boolean toTheEnd = wanted.end().isEmpty();
    if (toTheEnd) {
      return range.end().isEmpty();
    }
    return range.start().compareTo(wanted.end()) < 0
        && (range.end().isEmpty() || wanted.end().compareTo(range.end()) <= 0);
  }

  private static boolean inside(KeyRange range, ByteString key) {
    return range.contains(Descriptors.payload(key));
  }
}
