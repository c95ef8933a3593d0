package io.flotilla.shard.kv;

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
import io.flotilla.contract.v1.IncrementReply;
import io.flotilla.contract.v1.IncrementRequest;
import io.flotilla.contract.v1.Mutation;
import io.flotilla.contract.v1.PutReply;
import io.flotilla.contract.v1.PutRequest;
import io.flotilla.contract.v1.Reply;
import io.flotilla.internal.v1.Command;
import io.flotilla.raft.Payload;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.KeyRange;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.storage.ReplicaState;
import io.flotilla.storage.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What the writes of clients do to the rows of a shard, and what they are answered. */
final class RowWrites {
  private final ReplicaState rows;
  private final Expiries expiries;

  RowWrites(ReplicaState rows, Expiries expiries) {
    this.rows = rows;
    this.expiries = expiries;
  }

  /** Executes a write whose keys lie in the shard. */
  Reply execute(Command command, ShardDescriptor shard, long revision) {
    Reply.Builder reply = Reply.newBuilder();
    return switch (command.getKindCase()) {
      case PUT -> reply.setPut(put(command.getPut(), revision)).build();
      case DELETE -> reply.setDelete(delete(command.getDelete(), revision)).build();
      case COMPARE_AND_SET ->
          reply.setCompareAndSet(compareAndSet(command.getCompareAndSet(), revision)).build();
      case BATCH -> reply.setBatch(batch(command.getBatch(), revision)).build();
      case INCREMENT -> increment(command.getIncrement(), revision);
      case DELETE_RANGE ->
          reply.setDeleteRange(deleteRange(command.getDeleteRange(), shard, revision)).build();
      default -> throw new IllegalStateException("not a write: " + command.getKindCase());
    };
  }

  private static Payload rowKey(ByteString key) {
    return KeySpace.userRow(Descriptors.payload(key));
  }

  /** The row as it is at the time of a write: null where it is absent or its time is over. */
  private @Nullable Payload before(Payload key, long revision) {
    return Expiries.visible(rows.get(Table.DATA, key), Stamps.millis(revision));
  }

  private void write(Payload key, long revision, long expiryMillis, ByteString value) {
    rows.put(Table.DATA, key, RowValue.encode(revision, expiryMillis, value));
    expiries.written(expiryMillis);
  }

  private void writeFor(long ttlMillis, Payload key, long revision, ByteString value) {
    long expiry = Expiries.expiryMillis(Stamps.millis(revision), ttlMillis);
    write(key, revision, expiry, value);
  }

  private static long revisionOf(@Nullable Payload stored) {
    return stored == null ? 0 : RowValue.revision(stored);
  }

  private PutReply put(PutRequest request, long revision) {
    Payload key = rowKey(request.getKey());
    boolean looksBefore = request.getIfAbsent() || request.getReturnPrevious();
    Payload before = looksBefore ? before(key, revision) : null;
    PutReply.Builder reply = PutReply.newBuilder();
    if (request.getIfAbsent() && before != null) {
      return reply
          .setRevision(RowValue.revision(before))
          .setPrevious(RowValue.toReply(before))
          .build();
    }
    writeFor(request.getTtlMillis(), key, revision, request.getValue());
    if (request.getReturnPrevious()) {
      reply.setPrevious(RowValue.toReply(before));
    }
    return reply.setApplied(true).setRevision(revision).build();
  }

  private DeleteReply delete(DeleteRequest request, long revision) {
    Payload key = rowKey(request.getKey());
    Payload before = before(key, revision);
    long expected = request.getExpectedRevision();
    DeleteReply.Builder reply = DeleteReply.newBuilder().setRevision(revision);
    boolean mismatch = expected != 0 && (before == null || RowValue.revision(before) != expected);
    if (request.getReturnPrevious() || mismatch) {
      reply.setPrevious(RowValue.toReply(before));
    }
    if (before == null || mismatch) {
      return reply.build();
    }
    rows.delete(Table.DATA, key);
    return reply.setApplied(true).build();
  }

  private CompareAndSetReply compareAndSet(CompareAndSetRequest request, long revision) {
    Payload key = rowKey(request.getKey());
    Payload before = before(key, revision);
    long found = revisionOf(before);
    if (found != request.getExpectedRevision()) {
      return CompareAndSetReply.newBuilder()
          .setRevision(found)
          .setCurrent(RowValue.toReply(before))
          .build();
    }
    writeFor(request.getTtlMillis(), key, revision, request.getValue());
    return CompareAndSetReply.newBuilder().setApplied(true).setRevision(revision).build();
  }

  private Reply increment(IncrementRequest request, long revision) {
    Payload key = rowKey(request.getKey());
    Payload before = before(key, revision);
    OptionalLong number =
        before == null
            ? OptionalLong.of(request.getInitial())
            : Counters.decode(RowValue.value(before));
    if (number.isEmpty()) {
      return Failures.rejected(
          ErrorCode.ERROR_CODE_FAILED_PRECONDITION,
          "the value of the key is no counter: a decimal number of 64 bits, as in 42 or -7; "
              + "nothing was changed");
    }
    OptionalLong sum = Counters.add(number.getAsLong(), request.getDelta());
    if (sum.isEmpty()) {
      return Failures.rejected(
          ErrorCode.ERROR_CODE_FAILED_PRECONDITION,
          "the counter is "
              + number.getAsLong()
              + ", and "
              + request.getDelta()
              + " more does not fit into 64 bits; nothing was changed");
    }
    long expiry = before == null ? 0 : RowValue.expiryMillis(before);
    write(key, revision, expiry, Counters.encode(sum.getAsLong()));
    return Reply.newBuilder()
        .setIncrement(IncrementReply.newBuilder().setValue(sum.getAsLong()).setRevision(revision))
        .build();
  }

  private BatchReply batch(BatchRequest request, long revision) {
    for (int i = 0; i < request.getConditionsCount(); i++) {
      Condition condition = request.getConditions(i);
      Payload before = before(rowKey(condition.getKey()), revision);
      long found = revisionOf(before);
      if (found != condition.getExpectedRevision()) {
        return BatchReply.newBuilder().setFailedCondition(i).build();
      }
    }
    for (Mutation mutation : request.getMutationsList()) {
      Payload key = rowKey(mutation.getKey());
      if (mutation.getKindCase() == Mutation.KindCase.PUT) {
        writeFor(mutation.getTtlMillis(), key, revision, mutation.getPut());
      } else {
        rows.delete(Table.DATA, key);
      }
    }
    return BatchReply.newBuilder().setApplied(true).setRevision(revision).build();
  }

  /** The rows are looked up first: a scan does not see what is written under it. */
  private DeleteRangeReply deleteRange(
      DeleteRangeRequest request, ShardDescriptor shard, long revision) {
    KeyRange wanted = Descriptors.fromProto(request.getRange());
    KeyRange part = RangeParts.common(wanted, shard.range());
    DeletedPage page = new DeletedPage(request.getLimit(), Stamps.millis(revision));
    rows.scan(KeySpace.rows(shard.shardId(), part), false, page::add);
    page.keys.forEach(key -> rows.delete(Table.DATA, key));
    @Nullable KeyRange next =
        page.full
            ? RangeParts.after(wanted, KeySpace.userKey(page.lastKey()), false)
            : RangeParts.beyond(wanted, part, false);
    DeleteRangeReply.Builder reply =
        DeleteRangeReply.newBuilder().setDeleted(page.visible).setRevision(revision);
    return next == null ? reply.build() : reply.setNext(Descriptors.toProto(next)).build();
  }

  /** Rows that one call deletes. Those whose time is over go with them and are not told. */
  private static final class DeletedPage {
    final List<Payload> keys = new ArrayList<>();
    private final int limit;
    private final long nowMillis;
    private long bytes;
    int visible;
    boolean full;

    DeletedPage(int limit, long nowMillis) {
      this.limit = limit == 0 ? Limits.MAX_DELETED_ROWS : Math.min(limit, Limits.MAX_DELETED_ROWS);
      this.nowMillis = nowMillis;
    }

    boolean add(Payload rowKey, Payload stored) {
      keys.add(rowKey);
      bytes += rowKey.size() + (long) RowValue.valueBytes(stored);
      visible += Expiries.isHidden(stored, nowMillis) ? 0 : 1;
      full =
          visible >= limit
              || keys.size() >= Limits.MAX_DELETED_ROWS
              || bytes >= Limits.MAX_DELETED_BYTES;
      return !full;
    }

    Payload lastKey() {
      return keys.get(keys.size() - 1);
    }
  }
}
