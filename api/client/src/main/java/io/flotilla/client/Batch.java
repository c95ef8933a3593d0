package io.flotilla.client;

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

  private static final Batch EMPTY = new Batch(List.of(), List.of());

  private final List<Condition> conditions;
  private final List<Write> writes;

  private Batch(List<Condition> conditions, List<Write> writes) {
    if (conditions.size() + writes.size() > MAX_OPERATIONS) {
      throw new IllegalArgumentException("a batch has at most " + MAX_OPERATIONS + " operations");
    }
    this.conditions = conditions;
    this.writes = writes;
  }

  /** The batch that does nothing. */
  public static Batch empty() {
    return EMPTY;
  }

  /** Also require that the key has this revision. */
  public Batch ifRevision(Key key, long revision) {
    return new Batch(appended(conditions, new Condition(key, revision)), writes);
  }

  /** Also require that the key is absent. */
  public Batch ifAbsent(Key key) {
    return ifRevision(key, 0);
  }

  /** Also write the value. */
  public Batch put(Key key, Value value) {
    return new Batch(conditions, appended(writes, new Write(key, Optional.of(value))));
  }

  /** Also delete the key, which may be absent. */
  public Batch delete(Key key) {
    return new Batch(conditions, appended(writes, new Write(key, Optional.empty())));
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
   */
  public record Write(Key key, Optional<Value> value) {}

  private static <T> List<T> appended(List<T> list, T item) {
    List<T> longer = new ArrayList<>(list.size() + 1);
    longer.addAll(list);
    longer.add(item);
    return List.copyOf(longer);
  }
}
