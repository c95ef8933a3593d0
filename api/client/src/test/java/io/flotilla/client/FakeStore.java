package io.flotilla.client;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.BatchReply;
import io.flotilla.contract.v1.BatchRequest;
import io.flotilla.contract.v1.CompareAndSetReply;
import io.flotilla.contract.v1.CompareAndSetRequest;
import io.flotilla.contract.v1.Condition;
import io.flotilla.contract.v1.Context;
import io.flotilla.contract.v1.DeleteRangeReply;
import io.flotilla.contract.v1.DeleteRangeRequest;
import io.flotilla.contract.v1.DeleteReply;
import io.flotilla.contract.v1.DeleteRequest;
import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.GetReply;
import io.flotilla.contract.v1.IncrementReply;
import io.flotilla.contract.v1.IncrementRequest;
import io.flotilla.contract.v1.KeyRange;
import io.flotilla.contract.v1.MultiGetReply;
import io.flotilla.contract.v1.Mutation;
import io.flotilla.contract.v1.PutReply;
import io.flotilla.contract.v1.PutRequest;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.Row;
import io.flotilla.contract.v1.ScanReply;
import io.flotilla.contract.v1.ScanRequest;
import io.flotilla.contract.v1.SettleWriteReply;
import io.flotilla.contract.v1.Settlement;
import io.flotilla.router.Failures;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Rows in a sorted map, with the answers that were given to sessions. Its time stands still at 0.
 * The caller has found out that the request may be executed.
 */
final class FakeStore {
  /** As a shard does: more answers that are not acknowledged are refused. */
  static final int MAX_RESULTS_PER_SESSION = 1_024;

  /** Rows that one delete-range takes away. */
  static final int DELETED_ROWS = 10;

  private final NavigableMap<ByteString, GetReply> rows =
      new TreeMap<>(ByteString.unsignedLexicographicalComparator());
  private final Map<Long, Session> sessions = new HashMap<>();
  private final Set<Long> forgotten = new HashSet<>();
  private long revision = 100;
  private int writes;

  private static final class Session {
    final TreeMap<Long, Reply> results = new TreeMap<>();
    long acknowledged;
  }

  /** Writes that were executed, not those that were answered again. */
  synchronized int writes() {
    return writes;
  }

  synchronized int sessions() {
    return sessions.size();
  }

  /** Evicts all sessions, as if many others had come meanwhile. */
  synchronized void forgetSessions() {
    forgotten.addAll(sessions.keySet());
    sessions.clear();
  }

  synchronized Reply execute(Request request, KeyRange shard) {
    return switch (request.getOperationCase()) {
      case GET -> Reply.newBuilder().setGet(row(request.getGet().getKey())).build();
      case MULTI_GET -> {
        MultiGetReply.Builder values = MultiGetReply.newBuilder();
        request.getMultiGet().getKeysList().forEach(key -> values.addValues(row(key)));
        yield Reply.newBuilder().setMultiGet(values).build();
      }
      case SCAN -> Reply.newBuilder().setScan(scan(request.getScan(), shard)).build();
      case PUT, DELETE, COMPARE_AND_SET, BATCH, INCREMENT, DELETE_RANGE, SETTLE_WRITE ->
          once(request, shard);
      default -> throw new IllegalArgumentException("not of a store: " + request);
    };
  }

  private Reply once(Request request, KeyRange shard) {
    Context context = request.getContext();
    if (context.getSessionId() == 0) {
      return write(request, shard);
    }
    if (request.hasSettleWrite()) {
      return settle(context);
    }
    if (forgotten.contains(context.getSessionId())) {
      return Failures.rejected(ErrorCode.ERROR_CODE_SESSION_EXPIRED, "the session was evicted");
    }
    Session session = sessions.computeIfAbsent(context.getSessionId(), id -> new Session());
    Reply first = session.results.get(context.getSequence());
    if (first != null) {
      return first.hasSettleWrite()
          ? Failures.rejected(ErrorCode.ERROR_CODE_FAILED_PRECONDITION, "settled before")
          : first;
    }
    if (context.getSequence() <= session.acknowledged) {
      return Failures.rejected(ErrorCode.ERROR_CODE_SESSION_EXPIRED, "acknowledged before");
    }
    if (session.results.size() >= MAX_RESULTS_PER_SESSION
        && context.getAcknowledgedSequence() <= session.acknowledged) {
      return Failures.notApplied(ErrorCode.ERROR_CODE_OVERLOADED, "too many open answers");
    }
    Reply reply = write(request, shard);
    session.results.put(context.getSequence(), reply);
    session.acknowledged = Math.max(session.acknowledged, context.getAcknowledgedSequence());
    session.results.headMap(session.acknowledged, true).clear();
    return reply;
  }

  private Reply settle(Context context) {
    Session session = sessions.get(context.getSessionId());
    boolean gone =
        forgotten.contains(context.getSessionId())
            || (session != null && context.getSequence() <= session.acknowledged);
    if (gone) {
      return settled(Settlement.SETTLEMENT_FORGOTTEN, Reply.getDefaultInstance());
    }
    Reply never = settled(Settlement.SETTLEMENT_NEVER_APPLIED, Reply.getDefaultInstance());
    Reply first =
        sessions
            .computeIfAbsent(context.getSessionId(), id -> new Session())
            .results
            .computeIfAbsent(context.getSequence(), sequence -> never);
    return first.hasSettleWrite() ? first : settled(Settlement.SETTLEMENT_ANSWERED, first);
  }

  private static Reply settled(Settlement settlement, Reply answer) {
    return Reply.newBuilder()
        .setSettleWrite(SettleWriteReply.newBuilder().setSettlement(settlement).setAnswer(answer))
        .build();
  }

  private Reply write(Request request, KeyRange shard) {
    writes++;
    revision++;
    return switch (request.getOperationCase()) {
      case PUT -> Reply.newBuilder().setPut(put(request.getPut())).build();
      case DELETE -> Reply.newBuilder().setDelete(delete(request.getDelete())).build();
      case COMPARE_AND_SET ->
          Reply.newBuilder().setCompareAndSet(set(request.getCompareAndSet())).build();
      case INCREMENT -> Reply.newBuilder().setIncrement(increment(request.getIncrement())).build();
      case DELETE_RANGE ->
          Reply.newBuilder().setDeleteRange(deleteRange(request.getDeleteRange(), shard)).build();
      default -> Reply.newBuilder().setBatch(batch(request.getBatch())).build();
    };
  }

  private PutReply put(PutRequest put) {
    GetReply before = row(put.getKey());
    if (put.getIfAbsent() && before.getFound()) {
      return PutReply.newBuilder().setRevision(before.getRevision()).setPrevious(before).build();
    }
    write(put.getKey(), put.getValue(), put.getTtlMillis());
    PutReply.Builder reply = PutReply.newBuilder().setApplied(true).setRevision(revision);
    return put.getReturnPrevious() ? reply.setPrevious(before).build() : reply.build();
  }

  private DeleteReply delete(DeleteRequest delete) {
    GetReply before = row(delete.getKey());
    long expected = delete.getExpectedRevision();
    boolean mismatch = expected != 0 && before.getRevision() != expected;
    DeleteReply.Builder reply = DeleteReply.newBuilder().setRevision(revision);
    if (delete.getReturnPrevious() || mismatch) {
      reply.setPrevious(before);
    }
    if (before.getFound() && !mismatch) {
      rows.remove(delete.getKey());
      reply.setApplied(true);
    }
    return reply.build();
  }

  private CompareAndSetReply set(CompareAndSetRequest set) {
    GetReply before = row(set.getKey());
    if (before.getRevision() != set.getExpectedRevision()) {
      return CompareAndSetReply.newBuilder()
          .setRevision(before.getRevision())
          .setCurrent(before)
          .build();
    }
    write(set.getKey(), set.getValue(), set.getTtlMillis());
    return CompareAndSetReply.newBuilder().setApplied(true).setRevision(revision).build();
  }

  private IncrementReply increment(IncrementRequest request) {
    GetReply before = row(request.getKey());
    long number =
        before.getFound() ? Long.parseLong(before.getValue().toStringUtf8()) : request.getInitial();
    long sum = number + request.getDelta();
    write(request.getKey(), ByteString.copyFromUtf8(Long.toString(sum)), 0);
    return IncrementReply.newBuilder().setValue(sum).setRevision(revision).build();
  }

  private DeleteRangeReply deleteRange(DeleteRangeRequest request, KeyRange shard) {
    ScanRequest.Builder scan =
        ScanRequest.newBuilder().setRange(request.getRange()).setLimit(DELETED_ROWS);
    ScanReply found = scan(scan.build(), shard);
    found.getRowsList().forEach(row -> rows.remove(row.getKey()));
    DeleteRangeReply.Builder reply =
        DeleteRangeReply.newBuilder().setDeleted(found.getRowsCount()).setRevision(revision);
    return found.hasNext() ? reply.setNext(found.getNext()).build() : reply.build();
  }

  private BatchReply batch(BatchRequest batch) {
    for (int i = 0; i < batch.getConditionsCount(); i++) {
      Condition condition = batch.getConditions(i);
      if (row(condition.getKey()).getRevision() != condition.getExpectedRevision()) {
        return BatchReply.newBuilder().setFailedCondition(i).build();
      }
    }
    for (Mutation mutation : batch.getMutationsList()) {
      if (mutation.hasPut()) {
        write(mutation.getKey(), mutation.getPut(), mutation.getTtlMillis());
      } else {
        rows.remove(mutation.getKey());
      }
    }
    return BatchReply.newBuilder().setApplied(true).setRevision(revision).build();
  }

  private void write(ByteString key, ByteString value, long ttlMillis) {
    GetReply.Builder row =
        GetReply.newBuilder().setFound(true).setValue(value).setRevision(revision);
    rows.put(key, ttlMillis == 0 ? row.build() : row.setExpiresAtMillis(ttlMillis).build());
  }

  private GetReply row(ByteString key) {
    return rows.getOrDefault(key, GetReply.getDefaultInstance());
  }

  private ScanReply scan(ScanRequest scan, KeyRange shard) {
    KeyRange part = FakeCluster.common(scan.getRange(), shard);
    NavigableMap<ByteString, GetReply> found = rows.tailMap(part.getStart(), true);
    if (!part.getEnd().isEmpty()) {
      found = found.headMap(part.getEnd(), false);
    }
    ScanReply.Builder page = ScanReply.newBuilder();
    KeyRange.Builder rest = scan.getRange().toBuilder();
    for (var row : (scan.getReverse() ? found.descendingMap() : found).entrySet()) {
      if (page.getRowsCount() == scan.getLimit()) {
        return page.setNext(rest).build();
      }
      page.addRows(
          Row.newBuilder()
              .setKey(row.getKey())
              .setValue(scan.getKeysOnly() ? ByteString.EMPTY : row.getValue().getValue())
              .setRevision(row.getValue().getRevision())
              .setExpiresAtMillis(row.getValue().getExpiresAtMillis()));
      if (scan.getReverse()) {
        rest.setEnd(row.getKey());
      } else {
        rest.setStart(row.getKey().concat(ByteString.copyFrom(new byte[1])));
      }
    }
    boolean whole =
        scan.getReverse()
            ? part.getStart().equals(scan.getRange().getStart())
            : part.getEnd().equals(scan.getRange().getEnd());
    if (!whole) {
      page.setNext(scan.getReverse() ? rest.setEnd(part.getStart()) : rest.setStart(part.getEnd()));
    }
    return page.build();
  }
}
