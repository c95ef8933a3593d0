package io.flotilla.client;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/**
 * Keys and values with futures. Thread-safe.
 *
 * <pre>{@code
 * AsyncKv kv = client.async();
 * kv.get(Key.of("user/42"))
 *     .thenCompose(seen -> kv.put(Key.of("copy/42"), seen.orElseThrow().value()))
 *     .thenAccept(result -> log.info("copied at {}", result.revision()));
 * }</pre>
 *
 * <p>Futures complete by the deadline, with a result or with a {@link FlotillaException}. Dependent
 * actions run on the executor of the builder. Cancelling a future gives up its result; a write that
 * has left may still happen.
 *
 * <p>A call that finds no room for its bytes waits or fails as {@link Overflow} says; so these
 * methods can block the caller, at most until the deadline.
 */
public interface AsyncKv {
  /** The same with another deadline for each call; more than zero, at most 60 s. */
  AsyncKv withTimeout(Duration timeout);

  /** The same with other reads; see {@link ReadOptions}. Writes are not changed. */
  AsyncKv withReads(ReadOptions reads);

  /**
   * The same with a W3C {@code traceparent}, which goes to the nodes with each request and to the
   * {@link CallListener}.
   *
   * @throws IllegalArgumentException if it is not of the form of W3C Trace Context
   */
  AsyncKv withTraceparent(String traceparent);

  /** The entry of the key; empty if it is absent. */
  CompletableFuture<Optional<Entry>> get(Key key);

  /** {@link #get(Key)} with other options for this call. */
  default CompletableFuture<Optional<Entry>> get(Key key, ReadOptions reads) {
    return withReads(reads).get(key);
  }

  /** {@link #get(Key)}, and what is known of the state that was read. */
  CompletableFuture<Reading> inspect(Key key);

  /**
   * The entries of those keys that are present, in the order of the keys. Keys of one shard are
   * read together; there is no snapshot over shards.
   */
  CompletableFuture<Map<Key, Entry>> multiGet(Collection<Key> keys);

  /** {@link #multiGet(Collection)} with other options for this call. */
  default CompletableFuture<Map<Key, Entry>> multiGet(Collection<Key> keys, ReadOptions reads) {
    return withReads(reads).multiGet(keys);
  }

  /** Writes the value. Always applied. A time to live that the key had before ends. */
  CompletableFuture<WriteResult> put(Key key, Value value);

  /**
   * Writes the value for so long, counted from the write by the clock of its shard's leader. When
   * the time is over the key is absent for everybody at once, for reads, scans and conditions
   * alike: as soon as its shard is written to again, or a second or so later. Any put without a
   * time to live makes the key stay; an increment leaves the time as it is.
   *
   * @throws IllegalArgumentException if the time is less than 1 ms or more than 3,650 days
   */
  CompletableFuture<WriteResult> put(Key key, Value value, Duration ttl);

  /**
   * Writes many keys, of any shards, up to 256 at a time. Not atomic, and in no order: others see
   * the keys come one by one, and some may fail while others are written; a {@link Batch} is
   * atomic, within one shard. Each key is written exactly once, as by {@link #put}, and each has a
   * result of its own. The deadline is that of the whole: keys whose turn has not come by then fail
   * as not applied. The future itself does not fail.
   */
  CompletableFuture<PutAllResult> putAll(Map<Key, Value> values);

  /** Writes the value if the key is absent. If not applied, {@code existing} has what is there. */
  CompletableFuture<WriteResult> putIfAbsent(Key key, Value value);

  /**
   * {@link #putIfAbsent(Key, Value)} for so long, as {@link #put(Key, Value, Duration)}: with a
   * value that says who, this is a lock that a holder which died loses.
   */
  CompletableFuture<WriteResult> putIfAbsent(Key key, Value value, Duration ttl);

  /** Writes the value; {@code existing} has what was there before. */
  CompletableFuture<WriteResult> getAndPut(Key key, Value value);

  /** {@link #getAndPut(Key, Value)} for so long, as {@link #put(Key, Value, Duration)}. */
  CompletableFuture<WriteResult> getAndPut(Key key, Value value, Duration ttl);

  /** Deletes the key. Not applied if it is absent. */
  CompletableFuture<WriteResult> delete(Key key);

  /** Deletes the key; {@code existing} has what was there before. */
  CompletableFuture<WriteResult> getAndDelete(Key key);

  /**
   * Writes the value if the key has the revision (0: if it is absent). If not applied, {@code
   * existing} has what is there.
   */
  CompletableFuture<WriteResult> compareAndSet(Key key, long expectedRevision, Value value);

  /** The same for so long, as {@link #put(Key, Value, Duration)}. */
  CompletableFuture<WriteResult> compareAndSet(
      Key key, long expectedRevision, Value value, Duration ttl);

  /**
   * Deletes the key if it has the revision.
   *
   * @throws IllegalArgumentException if the revision is 0
   */
  CompletableFuture<WriteResult> compareAndDelete(Key key, long expectedRevision);

  /**
   * Adds to the counter at the key, whatever others do meanwhile; an absent key counts as {@code
   * initial}. A counter is an ordinary value, a signed 64-bit number in decimal digits ({@code
   * Value.of("42")}): it can be read with {@code get}, set with {@code put} and taken away with
   * {@code delete}. If the value is no such number, or the sum does not fit into 64 bits, the call
   * fails with {@link ErrorCode#FAILED_PRECONDITION} and the value stays.
   *
   * @param delta may be negative
   */
  CompletableFuture<Counted> increment(Key key, long delta, long initial);

  /** {@link #increment(Key, long, long)} where an absent key counts as 0. */
  default CompletableFuture<Counted> increment(Key key, long delta) {
    return increment(key, delta, 0);
  }

  /**
   * Deletes all keys of the range, whichever shards hold them, a page of up to 1,000 rows after the
   * other. It is <em>not</em> one atomic write: each page is, within its shard. Others see it come
   * on from the start of the range to its end, and a key written meanwhile stays if its place was
   * passed before. Each page has the deadline of one call.
   *
   * <p>If it fails, {@link FlotillaException#deleted()} says what was deleted and what is left;
   * calling it again with the rest, or with the whole range, goes on.
   */
  CompletableFuture<DeletedRange> deleteRange(KeyRange range);

  /** One page of {@link #deleteRange}: {@link DeletedRange#rest()} is what is left after it. */
  CompletableFuture<DeletedRange> deletePage(KeyRange range);

  /**
   * Asks what became of a write that failed with {@link Outcome#UNKNOWN}, {@link
   * FlotillaException#writeId()}. Once answered it stays so: a write that had not been executed
   * then is refused should it still arrive. May be asked again, by any client, as long as servers
   * remember; see {@link Settlement.State#FORGOTTEN}.
   */
  CompletableFuture<Settlement> settle(WriteId id);

  /** Applies the batch whole or not at all. */
  CompletableFuture<BatchResult> batch(Batch batch);

  /** The first page of the scan; {@link Page#next()} is the rest. */
  CompletableFuture<Page> scan(Scan scan);

  /**
   * All entries of the scan as a reactive stream. Each subscriber gets a scan of its own, by the
   * rules of {@link Flow} and Reactive Streams 1.0.4: no more entries than were requested, one page
   * read ahead at most, nothing after a cancel, each page with the deadline of one call. Signals
   * come on the executor of the builder, one at a time; the stream fails with a {@link
   * FlotillaException}.
   *
   * <pre>{@code
   * Flux<Entry> users = JdkFlowAdapter.flowPublisherToFlux(kv.scanPublisher(Scan.prefix("user/")));
   * }</pre>
   */
  Flow.Publisher<Entry> scanPublisher(Scan scan);

  /** {@link #scan(Scan)} with other options for this call. */
  default CompletableFuture<Page> scan(Scan scan, ReadOptions reads) {
    return withReads(reads).scan(scan);
  }
}
