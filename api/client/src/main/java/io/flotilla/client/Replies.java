package io.flotilla.client;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.BatchReply;
import io.flotilla.contract.v1.CompareAndSetReply;
import io.flotilla.contract.v1.DeleteRangeReply;
import io.flotilla.contract.v1.DeleteReply;
import io.flotilla.contract.v1.GetReply;
import io.flotilla.contract.v1.IncrementReply;
import io.flotilla.contract.v1.MultiGetReply;
import io.flotilla.contract.v1.PutReply;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Row;
import io.flotilla.contract.v1.ScanReply;
import io.flotilla.contract.v1.SettleWriteReply;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Makes results of good replies about keys. */
final class Replies {
  private Replies() {}

  static Optional<Entry> get(Key key, GetReply reply) {
    return reply.getFound()
        ? Optional.of(
            new Entry(
                key,
                value(reply.getValue()),
                reply.getRevision(),
                instant(reply.getExpiresAtMillis())))
        : Optional.empty();
  }

  private static Optional<Instant> instant(long millis) {
    return millis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
  }

  static Reading reading(Key key, GetReply reply) {
    return new Reading(
        get(key, reply), reply.hasAsOf() ? Optional.of(asOf(reply.getAsOf())) : Optional.empty());
  }

  private static AsOf asOf(io.flotilla.contract.v1.AsOf asOf) {
    return new AsOf(
        asOf.getShardId(),
        asOf.getNodeId(),
        asOf.getAppliedIndex(),
        asOf.getRevision(),
        asOf.hasAgeMillis()
            ? Optional.of(Duration.ofMillis(asOf.getAgeMillis()))
            : Optional.empty());
  }

  static Map<Key, Entry> multiGet(List<Key> keys, MultiGetReply reply) {
    Map<Key, Entry> found = new LinkedHashMap<>();
    for (int i = 0; i < keys.size(); i++) {
      Key key = keys.get(i);
      get(key, reply.getValues(i)).ifPresent(entry -> found.put(key, entry));
    }
    return Collections.unmodifiableMap(found);
  }

  static WriteResult put(Key key, PutReply reply) {
    return new WriteResult(reply.getApplied(), reply.getRevision(), get(key, reply.getPrevious()));
  }

  /** Where nothing was deleted, the revision is that of what is there. */
  static WriteResult delete(Key key, DeleteReply reply) {
    Optional<Entry> previous = get(key, reply.getPrevious());
    long revision =
        reply.getApplied() ? reply.getRevision() : previous.map(Entry::revision).orElse(0L);
    return new WriteResult(reply.getApplied(), revision, previous);
  }

  static WriteResult compareAndSet(Key key, CompareAndSetReply reply) {
    return new WriteResult(reply.getApplied(), reply.getRevision(), get(key, reply.getCurrent()));
  }

  static Counted counted(IncrementReply reply) {
    return new Counted(reply.getValue(), reply.getRevision());
  }

  static DeletedRange deleted(DeleteRangeReply reply) {
    return new DeletedRange(
        Integer.toUnsignedLong(reply.getDeleted()),
        reply.hasNext() ? Optional.of(range(reply.getNext())) : Optional.empty());
  }

  static Settlement settlement(SettleWriteReply reply) {
    return switch (reply.getSettlement()) {
      case SETTLEMENT_ANSWERED -> answered(reply.getAnswer());
      case SETTLEMENT_NEVER_APPLIED -> new Settlement(Settlement.State.NEVER_APPLIED, 0);
      case SETTLEMENT_FORGOTTEN -> new Settlement(Settlement.State.FORGOTTEN, 0);
      case SETTLEMENT_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException("no settlement this client knows");
    };
  }

  private static Settlement answered(Reply answer) {
    long revision =
        switch (answer.getResultCase()) {
          case PUT -> applied(answer.getPut().getApplied(), answer.getPut().getRevision());
          case DELETE -> applied(answer.getDelete().getApplied(), answer.getDelete().getRevision());
          case COMPARE_AND_SET ->
              applied(
                  answer.getCompareAndSet().getApplied(), answer.getCompareAndSet().getRevision());
          case BATCH -> applied(answer.getBatch().getApplied(), answer.getBatch().getRevision());
          case INCREMENT -> answer.getIncrement().getRevision();
          case DELETE_RANGE ->
              applied(
                  answer.getDeleteRange().getDeleted() != 0, answer.getDeleteRange().getRevision());
          default -> 0;
        };
    return revision == 0
        ? new Settlement(Settlement.State.NO_EFFECT, 0)
        : new Settlement(Settlement.State.APPLIED, revision);
  }

  private static long applied(boolean applied, long revision) {
    return applied ? revision : 0;
  }

  static BatchResult batch(BatchReply reply) {
    return reply.getApplied()
        ? new BatchResult(true, reply.getRevision(), OptionalInt.empty())
        : new BatchResult(false, 0, OptionalInt.of(reply.getFailedCondition()));
  }

  static Page page(Scan scan, ScanReply reply) {
    List<Entry> entries = new ArrayList<>(reply.getRowsCount());
    for (Row row : reply.getRowsList()) {
      entries.add(
          new Entry(
              Key.owned(row.getKey().toByteArray()),
              value(row.getValue()),
              row.getRevision(),
              instant(row.getExpiresAtMillis())));
    }
    boolean more = reply.hasNext() && entries.size() < scan.limit();
    return new Page(
        Collections.unmodifiableList(entries),
        more ? Optional.of(scan.rest(range(reply.getNext()), entries.size())) : Optional.empty());
  }

  static KeyRange range(io.flotilla.contract.v1.KeyRange range) {
    return new KeyRange(bound(range.getStart()), bound(range.getEnd()));
  }

  private static Optional<Key> bound(ByteString bytes) {
    return bytes.isEmpty() ? Optional.empty() : Optional.of(Key.bound(bytes.toByteArray()));
  }

  private static Value value(ByteString bytes) {
    return Value.owned(bytes.toByteArray());
  }
}
