package io.flotilla.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.flotilla.contract.v1.BatchRequest;
import io.flotilla.contract.v1.CompareAndSetRequest;
import io.flotilla.contract.v1.Condition;
import io.flotilla.contract.v1.Context;
import io.flotilla.contract.v1.DeleteRangeRequest;
import io.flotilla.contract.v1.DeleteRequest;
import io.flotilla.contract.v1.GetRequest;
import io.flotilla.contract.v1.IncrementRequest;
import io.flotilla.contract.v1.MultiGetRequest;
import io.flotilla.contract.v1.Mutation;
import io.flotilla.contract.v1.PutRequest;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.ScanRequest;
import io.flotilla.contract.v1.SettleWriteRequest;
import java.util.Collection;

/**
 * Makes requests of the arguments of calls. Keys and values are immutable, so nothing is copied.
 */
final class Requests {
  private Requests() {}

  static Request get(Key key) {
    return Request.newBuilder().setGet(GetRequest.newBuilder().setKey(bytes(key))).build();
  }

  static Request multiGet(Collection<Key> keys) {
    MultiGetRequest.Builder get = MultiGetRequest.newBuilder();
    keys.forEach(key -> get.addKeys(bytes(key)));
    return Request.newBuilder().setMultiGet(get).build();
  }

  static PutRequest.Builder put(Key key, Value value) {
    return PutRequest.newBuilder().setKey(bytes(key)).setValue(bytes(value));
  }

  static Request of(PutRequest.Builder put) {
    return Request.newBuilder().setPut(put).build();
  }

  static DeleteRequest.Builder delete(Key key) {
    return DeleteRequest.newBuilder().setKey(bytes(key));
  }

  static Request of(DeleteRequest.Builder delete) {
    return Request.newBuilder().setDelete(delete).build();
  }

  /**
   * Writes at a revision.
   *
   * @param ttlMillis 0: until it is deleted
   */
  static Request compareAndSet(Key key, long expectedRevision, Value value, long ttlMillis) {
    return Request.newBuilder()
        .setCompareAndSet(
            CompareAndSetRequest.newBuilder()
                .setKey(bytes(key))
                .setExpectedRevision(expectedRevision)
                .setValue(bytes(value))
                .setTtlMillis(ttlMillis))
        .build();
  }

  static Request increment(Key key, long delta, long initial) {
    return Request.newBuilder()
        .setIncrement(
            IncrementRequest.newBuilder().setKey(bytes(key)).setDelta(delta).setInitial(initial))
        .build();
  }

  static Request deletePage(KeyRange range) {
    return Request.newBuilder()
        .setDeleteRange(DeleteRangeRequest.newBuilder().setRange(range(range)))
        .build();
  }

  /** Goes out under the number of the write it asks about. */
  static Request settle(WriteId id) {
    return Request.newBuilder()
        .setContext(Context.newBuilder().setSessionId(id.session()).setSequence(id.sequence()))
        .setSettleWrite(SettleWriteRequest.newBuilder().setKey(id.key()))
        .build();
  }

  static Request batch(Batch batch) {
    BatchRequest.Builder request = BatchRequest.newBuilder();
    for (Batch.Condition condition : batch.conditions()) {
      request.addConditions(
          Condition.newBuilder()
              .setKey(bytes(condition.key()))
              .setExpectedRevision(condition.revision()));
    }
    for (Batch.Write write : batch.writes()) {
      Mutation.Builder mutation = Mutation.newBuilder().setKey(bytes(write.key()));
      write
          .value()
          .ifPresentOrElse(value -> mutation.setPut(bytes(value)), () -> mutation.setDelete(true));
      write.ttl().ifPresent(ttl -> mutation.setTtlMillis(TimeToLive.millis(ttl)));
      request.addMutations(mutation);
    }
    return Request.newBuilder().setBatch(request).build();
  }

  static Request page(Scan scan) {
    return Request.newBuilder()
        .setScan(
            ScanRequest.newBuilder()
                .setRange(range(scan.range()))
                .setReverse(scan.isReversed())
                .setKeysOnly(scan.isKeysOnly())
                .setLimit((int) Math.min(scan.limit(), scan.pageSize())))
        .build();
  }

  /** Says in the context who may answer a read. */
  static void fill(Context.Builder context, ReadOptions reads) {
    context.setConsistency(
        switch (reads.consistency()) {
          case LINEARIZABLE -> io.flotilla.contract.v1.Consistency.CONSISTENCY_LINEARIZABLE;
          case FOLLOWER -> io.flotilla.contract.v1.Consistency.CONSISTENCY_FOLLOWER;
          case STALE -> io.flotilla.contract.v1.Consistency.CONSISTENCY_STALE;
        });
    reads.maxStaleness().ifPresent(bound -> context.setMaxStalenessMillis((int) bound.toMillis()));
  }

  static ByteString bytes(Key key) {
    return UnsafeByteOperations.unsafeWrap(key.unsafeBytes());
  }

  private static ByteString bytes(Value value) {
    return UnsafeByteOperations.unsafeWrap(value.unsafeBytes());
  }

  static io.flotilla.contract.v1.KeyRange range(KeyRange range) {
    io.flotilla.contract.v1.KeyRange.Builder wire = io.flotilla.contract.v1.KeyRange.newBuilder();
    range.start().ifPresent(start -> wire.setStart(bytes(start)));
    range.end().ifPresent(end -> wire.setEnd(bytes(end)));
    return wire.build();
  }
}
