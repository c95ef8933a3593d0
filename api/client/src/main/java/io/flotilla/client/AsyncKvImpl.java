package io.flotilla.client;

import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Function;

/** Keys and values over the calls of a client. */
final class AsyncKvImpl implements AsyncKv {
  private final ClientRuntime runtime;
  private final CallOptions options;

  AsyncKvImpl(ClientRuntime runtime, CallOptions options) {
    this.runtime = runtime;
    this.options = options;
  }

  @Override
  public AsyncKvImpl withTimeout(Duration timeout) {
    return new AsyncKvImpl(runtime, options.withTimeout(timeout));
  }

  @Override
  public AsyncKvImpl withReads(ReadOptions reads) {
    return new AsyncKvImpl(runtime, options.withReads(reads));
  }

  @Override
  public AsyncKvImpl withTraceparent(String traceparent) {
    return new AsyncKvImpl(runtime, options.tracedBy(traceparent));
  }

  @Override
  public CompletableFuture<Optional<Entry>> get(Key key) {
    return call(Requests.get(key), reply -> Replies.get(key, reply.getGet()));
  }

  @Override
  public CompletableFuture<Reading> inspect(Key key) {
    return call(Requests.get(key), reply -> Replies.reading(key, reply.getGet()));
  }

  @Override
  public CompletableFuture<Map<Key, Entry>> multiGet(Collection<Key> keys) {
    List<Key> distinct = List.copyOf(new LinkedHashSet<>(keys));
    if (distinct.isEmpty()) {
      return CompletableFuture.completedFuture(Map.of());
    }
    return call(
        Requests.multiGet(distinct), reply -> Replies.multiGet(distinct, reply.getMultiGet()));
  }

  @Override
  public CompletableFuture<WriteResult> put(Key key, Value value) {
    return call(Requests.of(Requests.put(key, value)), reply -> Replies.put(key, reply.getPut()));
  }

  @Override
  public CompletableFuture<PutAllResult> putAll(Map<Key, Value> values) {
    return new PutAllCall(runtime, options, values).start();
  }

  @Override
  public CompletableFuture<WriteResult> putIfAbsent(Key key, Value value) {
    return call(
        Requests.of(Requests.put(key, value).setIfAbsent(true)),
        reply -> Replies.put(key, reply.getPut()));
  }

  @Override
  public CompletableFuture<WriteResult> put(Key key, Value value, Duration ttl) {
    return call(
        Requests.of(Requests.put(key, value).setTtlMillis(TimeToLive.millis(ttl))),
        reply -> Replies.put(key, reply.getPut()));
  }

  @Override
  public CompletableFuture<WriteResult> putIfAbsent(Key key, Value value, Duration ttl) {
    return call(
        Requests.of(
            Requests.put(key, value).setIfAbsent(true).setTtlMillis(TimeToLive.millis(ttl))),
        reply -> Replies.put(key, reply.getPut()));
  }

  @Override
  public CompletableFuture<WriteResult> getAndPut(Key key, Value value) {
    return call(
        Requests.of(Requests.put(key, value).setReturnPrevious(true)),
        reply -> Replies.put(key, reply.getPut()));
  }

  @Override
  public CompletableFuture<WriteResult> getAndPut(Key key, Value value, Duration ttl) {
    return call(
        Requests.of(
            Requests.put(key, value).setReturnPrevious(true).setTtlMillis(TimeToLive.millis(ttl))),
        reply -> Replies.put(key, reply.getPut()));
  }

  @Override
  public CompletableFuture<WriteResult> delete(Key key) {
    return call(Requests.of(Requests.delete(key)), reply -> Replies.delete(key, reply.getDelete()));
  }

  @Override
  public CompletableFuture<WriteResult> getAndDelete(Key key) {
    return call(
        Requests.of(Requests.delete(key).setReturnPrevious(true)),
        reply -> Replies.delete(key, reply.getDelete()));
  }

  @Override
  public CompletableFuture<WriteResult> compareAndSet(Key key, long expectedRevision, Value value) {
    return call(
        Requests.compareAndSet(key, expectedRevision, value, 0),
        reply -> Replies.compareAndSet(key, reply.getCompareAndSet()));
  }

  @Override
  public CompletableFuture<WriteResult> compareAndSet(
      Key key, long expectedRevision, Value value, Duration ttl) {
    return call(
        Requests.compareAndSet(key, expectedRevision, value, TimeToLive.millis(ttl)),
        reply -> Replies.compareAndSet(key, reply.getCompareAndSet()));
  }

  @Override
  public CompletableFuture<WriteResult> compareAndDelete(Key key, long expectedRevision) {
    if (expectedRevision == 0) {
      throw new IllegalArgumentException("revision 0 means absent: there is nothing to delete");
    }
    return call(
        Requests.of(Requests.delete(key).setExpectedRevision(expectedRevision)),
        reply -> Replies.delete(key, reply.getDelete()));
  }

  @Override
  public CompletableFuture<Counted> increment(Key key, long delta, long initial) {
    return call(
        Requests.increment(key, delta, initial), reply -> Replies.counted(reply.getIncrement()));
  }

  @Override
  public CompletableFuture<DeletedRange> deleteRange(KeyRange range) {
    return RangeDeletion.start(this::deletePage, range);
  }

  @Override
  public CompletableFuture<DeletedRange> deletePage(KeyRange range) {
    if (range.isEmpty()) {
      return CompletableFuture.completedFuture(new DeletedRange(0, Optional.empty()));
    }
    return call(Requests.deletePage(range), reply -> Replies.deleted(reply.getDeleteRange()));
  }

  @Override
  public CompletableFuture<Settlement> settle(WriteId id) {
    return call(Requests.settle(id), reply -> Replies.settlement(reply.getSettleWrite()));
  }

  @Override
  public CompletableFuture<BatchResult> batch(Batch batch) {
    if (batch.writes().isEmpty()) {
      return CompletableFuture.failedFuture(
          Errors.rejected(ErrorCode.INVALID_ARGUMENT, "a batch needs at least one write"));
    }
    return call(Requests.batch(batch), reply -> Replies.batch(reply.getBatch()));
  }

  @Override
  public CompletableFuture<Page> scan(Scan scan) {
    if (scan.limit() == 0 || scan.range().isEmpty()) {
      return CompletableFuture.completedFuture(new Page(List.of(), Optional.empty()));
    }
    return call(Requests.page(scan), reply -> Replies.page(scan, reply.getScan()));
  }

  @Override
  public Flow.Publisher<Entry> scanPublisher(Scan scan) {
    return new ScanPublisher(this, scan);
  }

  /** Runs a task where the futures of this face are completed. */
  void handOut(Runnable task) {
    ClientCall.handOut(options.completions(), task);
  }

  private <T> CompletableFuture<T> call(Request request, Function<Reply, T> result) {
    return ClientCall.start(runtime, options, request, result);
  }
}
