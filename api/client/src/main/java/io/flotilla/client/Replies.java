package io.flotilla.client;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.BatchReply;
import io.flotilla.contract.v1.CompareAndSetReply;
import io.flotilla.contract.v1.DeleteReply;
import io.flotilla.contract.v1.GetReply;
import io.flotilla.contract.v1.IncrementReply;
import io.flotilla.contract.v1.MultiGetReply;
import io.flotilla.contract.v1.PutReply;
import io.flotilla.contract.v1.Row;
import io.flotilla.contract.v1.ScanReply;
import java.time.Duration;
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
        ? Optional.of(new Entry(key, value(reply.getValue()), reply.getRevision()))
        : Optional.empty();
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
              Key.owned(row.getKey().toByteArray()), value(row.getValue()), row.getRevision()));
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
