package io.flotilla.cli;

import io.flotilla.client.AsOf;
import io.flotilla.client.AsyncKv;
import io.flotilla.client.Batch;
import io.flotilla.client.BatchResult;
import io.flotilla.client.Consistency;
import io.flotilla.client.Counted;
import io.flotilla.client.DeletedRange;
import io.flotilla.client.Entry;
import io.flotilla.client.FlotillaException;
import io.flotilla.client.Key;
import io.flotilla.client.KeyRange;
import io.flotilla.client.Kv;
import io.flotilla.client.Page;
import io.flotilla.client.PutAllResult;
import io.flotilla.client.ReadOptions;
import io.flotilla.client.Reading;
import io.flotilla.client.Scan;
import io.flotilla.client.Settlement;
import io.flotilla.client.Value;
import io.flotilla.client.WriteId;
import io.flotilla.client.WriteResult;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Keys and values in a sorted map; every call fails while {@link #failure} is set. */
final class FakeKv implements Kv {
  private static final AsOf STATE = new AsOf(2, 3, 17, 101, Optional.of(Duration.ofMillis(40)));

  /** Rows that one page of a delete-range takes away. */
  static final int PAGE_ROWS = 3;

  final TreeMap<Key, Entry> rows = new TreeMap<>();
  @Nullable FlotillaException failure;
  ReadOptions reads = ReadOptions.linearizable();
  Settlement settlement = new Settlement(Settlement.State.APPLIED, 7);
  final List<WriteId> settled = new ArrayList<>();

  /** What reads of one key see of its entry; null: nothing. */
  UnaryOperator<@Nullable Entry> lens = entry -> entry;

  /** The page of a delete-range that fails, with {@link #failure}; -1: none. */
  int failingPage = -1;

  private int deletedPages;
  private long revision = 100;

  /** The same rows with futures that are complete when they are handed out. */
  AsyncKv async() {
    return (AsyncKv)
        Proxy.newProxyInstance(
            AsyncKv.class.getClassLoader(),
            new Class<?>[] {AsyncKv.class},
            (proxy, method, arguments) -> {
              try {
                String name = method.getName().equals("scan") ? "scanPage" : method.getName();
                return CompletableFuture.completedFuture(
                    Kv.class.getMethod(name, method.getParameterTypes()).invoke(this, arguments));
              } catch (InvocationTargetException e) {
                return CompletableFuture.failedFuture(e.getCause());
              }
            });
  }

  @Override
  public Kv withTimeout(Duration timeout) {
    return this;
  }

  @Override
  public Kv withTraceparent(String traceparent) {
    return this;
  }

  @Override
  public PutAllResult putAll(Map<Key, Value> values) {
    Map<Key, WriteResult> written = new TreeMap<>();
    values.forEach((key, value) -> written.put(key, put(key, value)));
    return new PutAllResult(written, Map.of());
  }

  @Override
  public Kv withReads(ReadOptions options) {
    reads = options;
    return this;
  }

  @Override
  public synchronized Reading inspect(Key key) {
    return new Reading(
        get(key),
        reads.consistency() == Consistency.LINEARIZABLE ? Optional.empty() : Optional.of(STATE));
  }

  @Override
  public synchronized Optional<Entry> get(Key key) {
    check();
    return Optional.ofNullable(lens.apply(rows.get(key)));
  }

  @Override
  public synchronized WriteResult put(Key key, Value value) {
    check();
    rows.put(key, new Entry(key, value, ++revision));
    return new WriteResult(true, revision, Optional.empty());
  }

  @Override
  public synchronized WriteResult putIfAbsent(Key key, Value value) {
    return compareAndSet(key, 0, value);
  }

  @Override
  public synchronized WriteResult put(Key key, Value value, Duration ttl) {
    check();
    rows.put(key, new Entry(key, value, ++revision, Optional.of(Instant.EPOCH.plus(ttl))));
    return new WriteResult(true, revision, Optional.empty());
  }

  @Override
  public synchronized WriteResult putIfAbsent(Key key, Value value, Duration ttl) {
    return rows.containsKey(key) ? putIfAbsent(key, value) : put(key, value, ttl);
  }

  @Override
  public WriteResult compareAndSet(Key key, long expectedRevision, Value value, Duration ttl) {
    throw new UnsupportedOperationException();
  }

  @Override
  public synchronized WriteResult delete(Key key) {
    check();
    boolean present = rows.remove(key) != null;
    return new WriteResult(present, present ? ++revision : 0, Optional.empty());
  }

  @Override
  public synchronized WriteResult compareAndSet(Key key, long expectedRevision, Value value) {
    check();
    long found = Optional.ofNullable(rows.get(key)).map(Entry::revision).orElse(0L);
    return found == expectedRevision
        ? put(key, value)
        : new WriteResult(false, found, Optional.ofNullable(rows.get(key)));
  }

  @Override
  public synchronized WriteResult compareAndDelete(Key key, long expectedRevision) {
    check();
    long found = Optional.ofNullable(rows.get(key)).map(Entry::revision).orElse(0L);
    return found == expectedRevision
        ? delete(key)
        : new WriteResult(false, found, Optional.ofNullable(rows.get(key)));
  }

  @Override
  public synchronized Counted increment(Key key, long delta, long initial) {
    check();
    long before =
        Optional.ofNullable(rows.get(key))
            .map(entry -> Long.parseLong(entry.value().text()))
            .orElse(initial);
    WriteResult written = put(key, Value.of(Long.toString(before + delta)));
    return new Counted(before + delta, written.revision());
  }

  @Override
  public synchronized DeletedRange deletePage(KeyRange range) {
    List<Key> page = rows.keySet().stream().filter(range::contains).limit(PAGE_ROWS + 1L).toList();
    if (deletedPages++ == failingPage) {
      throw Objects.requireNonNull(failure);
    }
    page.stream().limit(PAGE_ROWS).forEach(rows::remove);
    return page.size() > PAGE_ROWS
        ? new DeletedRange(
            PAGE_ROWS, Optional.of(new KeyRange(Optional.of(page.get(PAGE_ROWS)), range.end())))
        : new DeletedRange(page.size(), Optional.empty());
  }

  @Override
  public DeletedRange deleteRange(KeyRange range) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Settlement settle(WriteId id) {
    settled.add(id);
    return settlement;
  }

  @Override
  public Iterator<Entry> scanIterator(Scan scan) {
    return scan(scan).iterator();
  }

  @Override
  public Stream<Entry> scan(Scan scan) {
    check();
    return (scan.isReversed() ? rows.descendingMap() : rows)
        .values().stream()
            .filter(entry -> scan.range().contains(entry.key()))
            .limit(scan.limit())
            .map(
                entry ->
                    scan.isKeysOnly()
                        ? new Entry(entry.key(), Value.EMPTY, entry.revision())
                        : entry);
  }

  @Override
  public Map<Key, Entry> multiGet(Collection<Key> keys) {
    throw new UnsupportedOperationException();
  }

  @Override
  public WriteResult getAndPut(Key key, Value value) {
    throw new UnsupportedOperationException();
  }

  @Override
  public WriteResult getAndPut(Key key, Value value, Duration ttl) {
    throw new UnsupportedOperationException();
  }

  @Override
  public WriteResult getAndDelete(Key key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public BatchResult batch(Batch batch) {
    throw new UnsupportedOperationException();
  }

  @Override
  public synchronized Page scanPage(Scan scan) {
    return new Page(scan(scan).toList(), Optional.empty());
  }

  private void check() {
    if (failure != null) {
      throw failure;
    }
  }
}
