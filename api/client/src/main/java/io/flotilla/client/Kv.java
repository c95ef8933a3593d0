package io.flotilla.client;

import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Keys and values, blocking. Thread-safe; waits without pinning a virtual thread.
 *
 * <pre>{@code
 * Kv kv = client.kv();
 * kv.put("greeting", "hello");
 * String text = kv.get("greeting").orElseThrow().value().text();
 *
 * // Count, safely against others:
 * long visitors = kv.increment("visitors", 1).value();
 *
 * // Change what was read, unless somebody else did meanwhile:
 * Optional<Entry> seen = kv.get(key);
 * long revision = seen.map(Entry::revision).orElse(0L);
 * boolean won = kv.compareAndSet(key, revision, next).applied();
 *
 * try (Stream<Entry> entries = kv.scan(Scan.prefix("user/"))) {
 *   entries.forEach(System.out::println);
 * }
 * }</pre>
 *
 * <p>Every method throws {@link FlotillaException} by its deadline at the latest if it fails. An
 * interrupted caller gets {@link ErrorCode#INTERRUPTED} and keeps its interrupt status.
 */
public interface Kv {
  /** The same with another deadline for each call; more than zero, at most 60 s. */
  Kv withTimeout(Duration timeout);

  /**
   * The same with other reads, as in {@code kv.withReads(ReadOptions.follower())}. Writes are not
   * changed.
   */
  Kv withReads(ReadOptions reads);

  /** The same with a W3C {@code traceparent}; see {@link AsyncKv#withTraceparent}. */
  Kv withTraceparent(String traceparent);

  /** The entry of the key; empty if it is absent. */
  Optional<Entry> get(Key key);

  /** {@link #get(Key)} with other options for this call. */
  default Optional<Entry> get(Key key, ReadOptions reads) {
    return withReads(reads).get(key);
  }

  /** {@link #get(Key)}, and what is known of the state that was read. */
  Reading inspect(Key key);

  /** The entries of those keys that are present, in the order of the keys. */
  Map<Key, Entry> multiGet(Collection<Key> keys);

  /** {@link #multiGet(Collection)} with other options for this call. */
  default Map<Key, Entry> multiGet(Collection<Key> keys, ReadOptions reads) {
    return withReads(reads).multiGet(keys);
  }

  /** Writes the value. Always applied. */
  WriteResult put(Key key, Value value);

  /**
   * Writes the value for so long: afterwards the key is absent. See {@link AsyncKv#put(Key, Value,
   * Duration)} for when exactly.
   *
   * <pre>{@code
   * kv.put(Key.of("session/42"), token, Duration.ofMinutes(30));
   * }</pre>
   */
  WriteResult put(Key key, Value value, Duration ttl);

  /**
   * Writes many keys, of any shards. Not atomic: each key has a result of its own, and some may
   * fail while others are written; see {@link AsyncKv#putAll}. Throws only if the caller is
   * interrupted.
   */
  PutAllResult putAll(Map<Key, Value> values);

  /** Writes the value if the key is absent. If not applied, {@code existing} has what is there. */
  WriteResult putIfAbsent(Key key, Value value);

  /** {@link #putIfAbsent(Key, Value)} for so long, as {@link #put(Key, Value, Duration)}. */
  WriteResult putIfAbsent(Key key, Value value, Duration ttl);

  /** Writes the value; {@code existing} has what was there before. */
  WriteResult getAndPut(Key key, Value value);

  /** {@link #getAndPut(Key, Value)} for so long, as {@link #put(Key, Value, Duration)}. */
  WriteResult getAndPut(Key key, Value value, Duration ttl);

  /** Deletes the key. Not applied if it is absent. */
  WriteResult delete(Key key);

  /** Deletes the key; {@code existing} has what was there before. */
  WriteResult getAndDelete(Key key);

  /** Writes if the key has the revision (0: is absent); see {@link AsyncKv#compareAndSet}. */
  WriteResult compareAndSet(Key key, long expectedRevision, Value value);

  /** The same for so long, as {@link #put(Key, Value, Duration)}. */
  WriteResult compareAndSet(Key key, long expectedRevision, Value value, Duration ttl);

  /** Deletes if the key has the revision; see {@link AsyncKv#compareAndDelete}. */
  WriteResult compareAndDelete(Key key, long expectedRevision);

  /**
   * Adds to the counter at the key; an absent key counts as {@code initial}. See {@link
   * AsyncKv#increment(Key, long, long)} for what a counter is.
   *
   * <pre>{@code
   * long next = kv.increment(Key.of("sequence"), 1, 1_000).value();   // 1001, then 1002
   * }</pre>
   */
  Counted increment(Key key, long delta, long initial);

  /** {@link #increment(Key, long, long)} where an absent key counts as 0. */
  default Counted increment(Key key, long delta) {
    return increment(key, delta, 0);
  }

  /** {@link #increment(Key, long)} for a text key. */
  default Counted increment(String key, long delta) {
    return increment(Key.of(key), delta);
  }

  /**
   * Deletes all keys of the range, page after page, over any number of shards. Atomic per page and
   * shard only; see {@link AsyncKv#deleteRange}. What was done before a failure is in {@link
   * FlotillaException#deleted()}.
   *
   * <pre>{@code
   * long gone = kv.deleteRange(KeyRange.ofPrefix(Key.of("session/"))).deleted();
   * }</pre>
   */
  DeletedRange deleteRange(KeyRange range);

  /** One page of {@link #deleteRange}: {@link DeletedRange#rest()} is what is left after it. */
  DeletedRange deletePage(KeyRange range);

  /**
   * Asks what became of a write that failed with {@link Outcome#UNKNOWN}, for good; see {@link
   * AsyncKv#settle}.
   *
   * <pre>{@code
   * try {
   *   kv.put(key, value);
   * } catch (FlotillaException e) {
   *   WriteId id = e.writeId().orElseThrow(() -> e);
   *   if (kv.settle(id).state() == Settlement.State.NEVER_APPLIED) {
   *     kv.put(key, value);
   *   }
   * }
   * }</pre>
   */
  Settlement settle(WriteId id);

  /** Applies the batch whole or not at all. */
  BatchResult batch(Batch batch);

  /** One page of the scan; {@link Page#next()} is the rest. */
  Page scanPage(Scan scan);

  /** {@link #scanPage(Scan)} with other options for this page. */
  default Page scanPage(Scan scan, ReadOptions reads) {
    return withReads(reads).scanPage(scan);
  }

  /**
   * The entries of the scan. Pages are fetched as the iterator needs them, each with the deadline
   * of one call; memory holds one page.
   */
  Iterator<Entry> scanIterator(Scan scan);

  /** {@link #scanIterator(Scan)} with other options for all its pages. */
  default Iterator<Entry> scanIterator(Scan scan, ReadOptions reads) {
    return withReads(reads).scanIterator(scan);
  }

  /** The entries of the scan as a lazy, sequential stream over {@link #scanIterator}. */
  Stream<Entry> scan(Scan scan);

  /** {@link #scan(Scan)} with other options for all its pages. */
  default Stream<Entry> scan(Scan scan, ReadOptions reads) {
    return withReads(reads).scan(scan);
  }

  /** {@link #get(Key)} for a text key. */
  default Optional<Entry> get(String key) {
    return get(Key.of(key));
  }

  /** {@link #put(Key, Value)} for text. */
  default WriteResult put(String key, String value) {
    return put(Key.of(key), Value.of(value));
  }

  /** {@link #putIfAbsent(Key, Value)} for text. */
  default WriteResult putIfAbsent(String key, String value) {
    return putIfAbsent(Key.of(key), Value.of(value));
  }

  /** {@link #delete(Key)} for a text key. */
  default WriteResult delete(String key) {
    return delete(Key.of(key));
  }

  /** {@link #compareAndSet(Key, long, Value)} for text. */
  default WriteResult compareAndSet(String key, long expectedRevision, String value) {
    return compareAndSet(Key.of(key), expectedRevision, Value.of(value));
  }
}
