package io.flotilla.shard.kv;

import static io.flotilla.shard.kv.Commands.utf8;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.BatchReply;
import io.flotilla.contract.v1.BatchRequest;
import io.flotilla.contract.v1.CompareAndSetReply;
import io.flotilla.contract.v1.CompareAndSetRequest;
import io.flotilla.contract.v1.Condition;
import io.flotilla.contract.v1.DeleteRangeReply;
import io.flotilla.contract.v1.DeleteRangeRequest;
import io.flotilla.contract.v1.DeleteReply;
import io.flotilla.contract.v1.DeleteRequest;
import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.GetReply;
import io.flotilla.contract.v1.IncrementReply;
import io.flotilla.contract.v1.IncrementRequest;
import io.flotilla.contract.v1.Mutation;
import io.flotilla.contract.v1.PutReply;
import io.flotilla.contract.v1.PutRequest;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Settlement;
import io.flotilla.internal.v1.Command;
import java.math.BigInteger;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What a shard with no bound on its sessions should be, as plainly as it can be said. */
final class KvModel {
  private static final Comparator<ByteString> KEY_ORDER =
      ByteString.unsignedLexicographicalComparator();

  private record Write(long session, long sequence) {}

  private final TreeMap<ByteString, GetReply> rows = new TreeMap<>(KEY_ORDER);
  private final Map<Write, Reply> answered = new HashMap<>();
  private Optional<ByteString> end = Optional.empty();
  private long revision;

  /** Those that have not expired: the milliseconds of the last revision are the time. */
  NavigableMap<ByteString, GetReply> visibleRows() {
    TreeMap<ByteString, GetReply> visible = new TreeMap<>(rows);
    visible.values().removeIf(row -> !isVisible(row));
    return visible;
  }

  private boolean isVisible(GetReply row) {
    return row.getExpiresAtMillis() == 0 || row.getExpiresAtMillis() > revision >> 16;
  }

  /** Everything from the key on goes to a child. */
  void splitAt(String key, long stamp) {
    revision = Math.max(stamp, revision + 1);
    end = Optional.of(utf8(key));
    rows.tailMap(utf8(key), true).clear();
  }

  /** The reply; empty where the command must be refused because of its keys. */
  Optional<Reply> apply(long stamp, Command command) {
    Write write = new Write(command.getSessionId(), command.getSequence());
    Reply before = answered.get(write);
    boolean inside = keys(command).allMatch(this::isInside);
    if (before != null && (inside || !command.hasSettleWrite())) {
      return Optional.of(again(command, before));
    }
    if (!inside) {
      return Optional.empty();
    }
    revision = Math.max(stamp, revision + 1);
    Reply reply = execute(command);
    if (write.session() != 0) {
      answered.put(write, reply);
    }
    return Optional.of(reply);
  }

  private static Reply again(Command command, Reply before) {
    Reply.Builder reply = Reply.newBuilder();
    if (command.hasSettleWrite() == before.hasSettleWrite()) {
      return before;
    } else if (before.hasSettleWrite()) {
      reply.getErrorBuilder().setCode(ErrorCode.ERROR_CODE_FAILED_PRECONDITION);
    } else {
      reply.getSettleWriteBuilder().setSettlement(Settlement.SETTLEMENT_ANSWERED).setAnswer(before);
    }
    return reply.build();
  }

  private boolean isInside(ByteString key) {
    return end.isEmpty() || KEY_ORDER.compare(key, end.get()) < 0;
  }

  private static Stream<ByteString> keys(Command command) {
    return switch (command.getKindCase()) {
      case PUT -> Stream.of(command.getPut().getKey());
      case DELETE -> Stream.of(command.getDelete().getKey());
      case COMPARE_AND_SET -> Stream.of(command.getCompareAndSet().getKey());
      case INCREMENT -> Stream.of(command.getIncrement().getKey());
      case DELETE_RANGE -> Stream.of(command.getDeleteRange().getRange().getStart());
      case SETTLE_WRITE -> Stream.of(command.getSettleWrite().getKey());
      case EXPIRE -> Stream.of();
      case BATCH ->
          Stream.concat(
              command.getBatch().getMutationsList().stream().map(Mutation::getKey),
              command.getBatch().getConditionsList().stream().map(Condition::getKey));
      default -> throw new IllegalArgumentException("not in the model: " + command);
    };
  }

  private Reply execute(Command command) {
    Reply.Builder reply = Reply.newBuilder();
    switch (command.getKindCase()) {
      case PUT -> reply.setPut(put(command.getPut()));
      case DELETE -> reply.setDelete(delete(command.getDelete()));
      case COMPARE_AND_SET -> reply.setCompareAndSet(compareAndSet(command.getCompareAndSet()));
      case INCREMENT -> increment(command.getIncrement(), reply);
      case DELETE_RANGE -> reply.setDeleteRange(deleteRange(command.getDeleteRange()));
      case EXPIRE -> {} // what is hidden is removed or not
      case SETTLE_WRITE ->
          reply.getSettleWriteBuilder().setSettlement(Settlement.SETTLEMENT_NEVER_APPLIED);
      default -> reply.setBatch(batch(command.getBatch()));
    }
    return reply.build();
  }

  private GetReply at(ByteString key) {
    GetReply row = rows.getOrDefault(key, GetReply.getDefaultInstance());
    return isVisible(row) ? row : GetReply.getDefaultInstance();
  }

  private void write(ByteString key, ByteString value, long ttlMillis) {
    writeUntil(key, value, ttlMillis == 0 ? 0 : (revision >> 16) + ttlMillis);
  }

  private void writeUntil(ByteString key, ByteString value, long expiryMillis) {
    rows.put(
        key,
        GetReply.newBuilder()
            .setFound(true)
            .setValue(value)
            .setRevision(revision)
            .setExpiresAtMillis(expiryMillis)
            .build());
  }

  private PutReply put(PutRequest request) {
    GetReply before = at(request.getKey());
    if (request.getIfAbsent() && before.getFound()) {
      return PutReply.newBuilder().setRevision(before.getRevision()).setPrevious(before).build();
    }
    write(request.getKey(), request.getValue(), request.getTtlMillis());
    PutReply.Builder reply = PutReply.newBuilder().setApplied(true).setRevision(revision);
    return request.getReturnPrevious() ? reply.setPrevious(before).build() : reply.build();
  }

  private DeleteReply delete(DeleteRequest request) {
    GetReply before = at(request.getKey());
    boolean mismatch =
        request.getExpectedRevision() != 0 && request.getExpectedRevision() != before.getRevision();
    DeleteReply.Builder reply = DeleteReply.newBuilder().setRevision(revision);
    if (request.getReturnPrevious() || mismatch) {
      reply.setPrevious(before);
    }
    if (before.getFound() && !mismatch) {
      rows.remove(request.getKey());
      reply.setApplied(true);
    }
    return reply.build();
  }

  private CompareAndSetReply compareAndSet(CompareAndSetRequest request) {
    GetReply before = at(request.getKey());
    if (before.getRevision() != request.getExpectedRevision()) {
      return CompareAndSetReply.newBuilder()
          .setRevision(before.getRevision())
          .setCurrent(before)
          .build();
    }
    write(request.getKey(), request.getValue(), request.getTtlMillis());
    return CompareAndSetReply.newBuilder().setApplied(true).setRevision(revision).build();
  }

  /** With numbers that have no bound. Of a refusal the model knows the code alone. */
  private void increment(IncrementRequest request, Reply.Builder reply) {
    GetReply before = at(request.getKey());
    String text =
        before.getFound() ? before.getValue().toStringUtf8() : Long.toString(request.getInitial());
    BigInteger sum =
        text.matches("0|-?[1-9][0-9]*")
            ? new BigInteger(text).add(BigInteger.valueOf(request.getDelta()))
            : null;
    if (sum == null || sum.bitLength() > 63) {
      reply.getErrorBuilder().setCode(ErrorCode.ERROR_CODE_FAILED_PRECONDITION);
      return;
    }
    writeUntil(request.getKey(), utf8(sum.toString()), before.getExpiresAtMillis());
    reply.setIncrement(
        IncrementReply.newBuilder().setValue(sum.longValueExact()).setRevision(revision));
  }

  private DeleteRangeReply deleteRange(DeleteRangeRequest request) {
    ByteString wantedEnd = request.getRange().getEnd();
    NavigableMap<ByteString, GetReply> part = rows.tailMap(request.getRange().getStart(), true);
    part = wantedEnd.isEmpty() ? part : part.headMap(wantedEnd, false);
    DeleteRangeReply.Builder reply = DeleteRangeReply.newBuilder().setRevision(revision);
    while (!part.isEmpty()
        && (request.getLimit() == 0 || reply.getDeleted() < request.getLimit())) {
      Map.Entry<ByteString, GetReply> row = part.pollFirstEntry();
      ByteString key = row.getKey();
      if (!isVisible(row.getValue())) {
        continue;
      }
      reply.setDeleted(reply.getDeleted() + 1);
      if (reply.getDeleted() == request.getLimit()) {
        ByteString next = key.concat(ByteString.copyFrom(new byte[1]));
        return reply.setNext(request.getRange().toBuilder().setStart(next)).build();
      }
    }
    boolean beyond =
        end.isPresent() && (wantedEnd.isEmpty() || KEY_ORDER.compare(end.get(), wantedEnd) < 0);
    return beyond
        ? reply.setNext(request.getRange().toBuilder().setStart(end.get())).build()
        : reply.build();
  }

  private BatchReply batch(BatchRequest request) {
    List<Condition> conditions = request.getConditionsList();
    for (int i = 0; i < conditions.size(); i++) {
      if (at(conditions.get(i).getKey()).getRevision() != conditions.get(i).getExpectedRevision()) {
        return BatchReply.newBuilder().setFailedCondition(i).build();
      }
    }
    for (Mutation mutation : request.getMutationsList()) {
      if (mutation.hasPut()) {
        write(mutation.getKey(), mutation.getPut(), mutation.getTtlMillis());
      } else {
        rows.remove(mutation.getKey());
      }
    }
    return BatchReply.newBuilder().setApplied(true).setRevision(revision).build();
  }
}
