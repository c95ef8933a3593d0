package io.flotilla.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes that are applied whole or not at all, if all conditions hold. Up to 128 operations and 2
 * MiB. All keys must lie in one shard; otherwise the call fails with {@link
 * ErrorCode#CROSSES_SHARDS}. Immutable: each method returns a longer batch.
 *
 * <pre>{@code
 * Batch move = Batch.empty()
 *     .ifRevision(from, seen.revision())
 *     .ifAbsent(to)
 *     .delete(from)
 *     .put(to, seen.value());
 * boolean moved = kv.batch(move).applied();
 * }</pre>
 */
public final class Batch {
  /** Most conditions and writes together. */
  public static final int MAX_OPERATIONS = 128;

  /** Most bytes of all keys and values that are written together. */
  public static final int MAX_BYTES = 2 << 20;

  private static final Batch EMPTY = new Batch(List.of(), List.of(), 0);

  private final List<Condition> conditions;
  private final List<Write> writes;
  private final int bytes;

  private Batch(List<Condition> conditions, List<Write> writes, int bytes) {
    if (conditions.size() + writes.size() > MAX_OPERATIONS) {
      throw new IllegalArgumentException("a batch has at most " + MAX_OPERATIONS + " operations");
    }
    if (bytes > MAX_BYTES) {
      throw new IllegalArgumentException(
          "a batch writes at most " + MAX_BYTES + " bytes, this one " + bytes);
    }
    this.conditions = conditions;
    this.writes = writes;
    this.bytes = bytes;
  }

  /** The batch to begin with; it cannot be sent before it has a write. */
  public static Batch empty() {
    return EMPTY;
  }

  /**
   * Also require that the key has this revision; 0: that it is absent.
   *
   * @throws IllegalArgumentException if there are more than {@link #MAX_OPERATIONS}
   */
  public Batch ifRevision(Key key, long revision) {
    return new Batch(appended(conditions, new Condition(key, revision)), writes, bytes);
  }

  /** Also require that the key is absent; bounds as for {@link #ifRevision}. */
  public Batch ifAbsent(Key key) {
    return ifRevision(key, 0);
  }

  /**
   * Also write the value.
   *
   * @throws IllegalArgumentException if there are more than {@link #MAX_OPERATIONS} or {@link
   *     #MAX_BYTES}
   */
  public Batch put(Key key, Value value) {
    return with(new Write(key, Optional.of(value), Optional.empty()), key.size() + value.size());
  }

  /**
   * Also write the value, for so long; see {@link AsyncKv#put(Key, Value, Duration)}.
   *
   * @throws IllegalArgumentException as for {@link #put(Key, Value)}, or if the time is less than 1
   *     ms or more than 3,650 days
   */
  public Batch put(Key key, Value value, Duration ttl) {
    long unused = TimeToLive.millis(ttl);
    return with(new Write(key, Optional.of(value), Optional.of(ttl)), key.size() + value.size());
  }

  /** Also delete the key, which may be absent; bounds as for {@link #put(Key, Value)}. */
  public Batch delete(Key key) {
    return with(new Write(key, Optional.empty(), Optional.empty()), key.size());
  }

  private Batch with(Write write, int size) {
    return new Batch(conditions, appended(writes, write), bytes + size);
  }

  /** The conditions, in the order in which they were added. */
  public List<Condition> conditions() {
    return conditions;
  }

  /** The writes, in the order in which they were added and will be applied. */
  public List<Write> writes() {
    return writes;
  }

  /**
   * What must hold.
   *
   * @param key the key it is about
   * @param revision that the key must have; 0: the key must be absent
   */
  public record Condition(Key key, long revision) {}

  /**
   * What is written.
   *
   * @param key the key it is about
   * @param value the new value; empty: the key is deleted
   * @param ttl how long the value stays; empty: until it is deleted
   */
  public record Write(Key key, Optional<Value> value, Optional<Duration> ttl) {}

  private static <T> List<T> appended(List<T> list, T item) {
    List<T> longer = new ArrayList<>(list.size() + 1);
    longer.addAll(list);
    longer.add(item);
    return List.copyOf(longer);
  }
}
