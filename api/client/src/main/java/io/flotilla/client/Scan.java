package io.flotilla.client;

import java.util.Optional;

/**
 * Which keys to read, in which order. Immutable: each method returns a changed copy.
 *
 * <pre>{@code
 * Scan newest = Scan.prefix("event/").reversed().limit(10);
 * Scan names  = Scan.range(Key.of("a"), Key.of("n")).keysOnly();
 * }</pre>
 *
 * <p>A scan goes over any number of shards. Each page of a shard is linearizable by itself; a scan
 * as a whole is no snapshot: it sees every key that is present all the time exactly once, and keys
 * written meanwhile or not.
 */
public final class Scan {
  /** Most rows of one page. */
  public static final int MAX_PAGE_SIZE = 1_000;

  private final KeyRange range;
  private final boolean reverse;
  private final boolean keysOnly;
  private final long limit;
  private final int pageSize;

  private Scan(KeyRange range, boolean reverse, boolean keysOnly, long limit, int pageSize) {
    this.range = range;
    this.reverse = reverse;
    this.keysOnly = keysOnly;
    this.limit = limit;
    this.pageSize = pageSize;
  }

  /** Every key, in order. */
  public static Scan all() {
    return range(KeyRange.ALL);
  }

  /** The keys of {@code [start, end)}, in order. */
  public static Scan range(Key start, Key end) {
    return range(new KeyRange(Optional.of(start), Optional.of(end)));
  }

  /** The keys of the range, in order. */
  public static Scan range(KeyRange range) {
    return new Scan(range, false, false, Long.MAX_VALUE, MAX_PAGE_SIZE);
  }

  /** The keys from this one on, in order. */
  public static Scan from(Key start) {
    return range(new KeyRange(Optional.of(start), Optional.empty()));
  }

  /** The keys that begin with the prefix, in order. */
  public static Scan prefix(Key prefix) {
    return range(KeyRange.ofPrefix(prefix));
  }

  /** The keys that begin with the prefix in UTF-8, in order. */
  public static Scan prefix(String prefix) {
    return prefix(Key.of(prefix));
  }

  /** The same keys from the last to the first. */
  public Scan reversed() {
    return new Scan(range, !reverse, keysOnly, limit, pageSize);
  }

  /** Without the values, which then are {@link Value#EMPTY}. */
  public Scan keysOnly() {
    return new Scan(range, reverse, true, limit, pageSize);
  }

  /**
   * At most so many entries in all.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public Scan limit(long entries) {
    if (entries < 0) {
      throw new IllegalArgumentException("a limit is not negative: " + entries);
    }
    return new Scan(range, reverse, keysOnly, entries, pageSize);
  }

  /**
   * At most so many entries in one page, 1 to {@link #MAX_PAGE_SIZE}. A page also ends at 1 MiB.
   *
   * @throws IllegalArgumentException if it is out of these bounds
   */
  public Scan pageSize(int entries) {
    if (entries < 1 || entries > MAX_PAGE_SIZE) {
      throw new IllegalArgumentException("a page has 1 to " + MAX_PAGE_SIZE + " entries");
    }
    return new Scan(range, reverse, keysOnly, limit, entries);
  }

  /** The keys to read. */
  public KeyRange range() {
    return range;
  }

  /** Whether it goes from the last key to the first. */
  public boolean isReversed() {
    return reverse;
  }

  /** Whether the values are left out. */
  public boolean isKeysOnly() {
    return keysOnly;
  }

  /** Most entries in all. */
  public long limit() {
    return limit;
  }

  /** Most entries in one page. */
  public int pageSize() {
    return pageSize;
  }

  Scan rest(KeyRange remaining, int entriesRead) {
    return new Scan(remaining, reverse, keysOnly, Math.max(0, limit - entriesRead), pageSize);
  }

  @Override
  public String toString() {
    return "Scan" + range + (reverse ? " reversed" : "") + (keysOnly ? " keys only" : "");
  }
}
