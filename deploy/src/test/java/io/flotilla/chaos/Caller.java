package io.flotilla.chaos;

import io.flotilla.client.Counted;
import io.flotilla.client.Entry;
import io.flotilla.client.FlotillaException;
import io.flotilla.client.Key;
import io.flotilla.client.Kv;
import io.flotilla.client.Outcome;
import io.flotilla.client.Page;
import io.flotilla.client.ReadOptions;
import io.flotilla.client.Scan;
import io.flotilla.client.Value;
import io.flotilla.client.WriteResult;
import io.flotilla.history.History;
import io.flotilla.history.Operation.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** One client thread: one call after the other, each remembered. Confined to its thread. */
final class Caller {
  private static final int LONGEST_SCAN = 24;
  private static final int LARGEST_DELTA = 9;

  private final Workload shared;
  private final Kv kv;
  private final Kv followers;
  private final SplittableRandom random;
  private final Map<String, Long> revisions = new HashMap<>();
  private int process;
  private int written;

  Caller(Workload shared, Kv kv, SplittableRandom random) {
    this.shared = shared;
    this.kv = kv;
    this.followers = kv.withReads(ReadOptions.follower());
    this.random = random;
    this.process = shared.nextProcess();
  }

  /** One call of any kind. */
  void call() {
    KeySpace keys = shared.keys();
    switch (random.nextInt(16)) {
      case 0, 1 -> get(keys.register(random));
      case 2 -> get(keys.counter(random));
      case 3, 4 -> followerGet(keys.register(random));
      case 5 -> followerGet(keys.counter(random));
      case 6, 7 -> put(keys.register(random));
      case 8, 9, 10 -> compareAndSet(keys.register(random));
      case 11 -> putIfAbsent(keys.register(random));
      case 12 -> delete(keys.register(random));
      case 13 -> scan(keys.row(random, LONGEST_SCAN));
      default -> increment(keys.counter(random));
    }
  }

  private String value() {
    return process + "-" + ++written;
  }

  private void get(String key) {
    read(CallKind.GET, kv, key);
  }

  private void followerGet(String key) {
    read(CallKind.FOLLOWER_GET, followers, key);
  }

  private void read(CallKind kind, Kv from, String key) {
    History.Call call = begin(Kind.READ, key, null, -1);
    timed(
        kind,
        List.of(call),
        key,
        () -> {
          Optional<Entry> entry = from.get(Key.of(key));
          revisions.put(key, entry.map(Entry::revision).orElse(0L));
          sawEntry(call, entry);
        });
  }

  private static void sawEntry(History.Call call, Optional<Entry> entry) {
    entry.ifPresentOrElse(
        found -> call.ok(found.value().text(), found.revision()), () -> call.ok(null, -1));
  }

  private void put(String key) {
    String value = value();
    History.Call call = begin(Kind.WRITE, key, value, -1);
    timed(
        CallKind.PUT,
        List.of(call),
        key,
        () -> wrote(call, key, value, kv.put(Key.of(key), Value.of(value))));
  }

  /** A condition on absence: to a history it is a compare-and-set of revision 0. */
  private void putIfAbsent(String key) {
    String value = value();
    History.Call call = begin(Kind.CAS, key, value, 0);
    timed(
        CallKind.PUT_IF_ABSENT,
        List.of(call),
        key,
        () -> wrote(call, key, value, kv.putIfAbsent(Key.of(key), Value.of(value))));
  }

  /** With the revision that this thread saw last, so that it often loses. */
  private void compareAndSet(String key) {
    String value = value();
    long expected = revisions.getOrDefault(key, 0L);
    History.Call call = begin(Kind.CAS, key, value, expected);
    timed(
        CallKind.COMPARE_AND_SET,
        List.of(call),
        key,
        () -> {
          WriteResult result = kv.compareAndSet(Key.of(key), expected, Value.of(value));
          shared.tally().raced(result.applied());
          wrote(call, key, value, result);
        });
  }

  private void wrote(History.Call call, String key, String value, WriteResult result) {
    revisions.put(key, result.revision());
    if (result.applied()) {
      call.ok(value, result.revision());
    } else {
      call.mismatch();
    }
  }

  private void delete(String key) {
    History.Call call = begin(Kind.DELETE, key, null, -1);
    timed(
        CallKind.DELETE,
        List.of(call),
        key,
        () -> {
          WriteResult result = kv.delete(Key.of(key));
          revisions.put(key, 0L);
          call.ok(null, result.applied() ? result.revision() : -1);
        });
  }

  private void increment(String counter) {
    int delta = 1 + random.nextInt(LARGEST_DELTA);
    History.Call call = begin(Kind.ADD, counter, String.valueOf(delta), -1);
    Optional<FlotillaException> failure =
        timed(
            CallKind.INCREMENT,
            List.of(call),
            counter,
            () -> {
              Counted counted = kv.increment(Key.of(counter), delta);
              shared.ledger().acknowledged(counter, delta);
              call.ok(String.valueOf(counted.value()), counted.revision());
            });
    if (failure.filter(error -> error.outcome() == Outcome.UNKNOWN).isPresent()) {
      shared.ledger().unknown(counter, delta);
    }
  }

  /**
   * Each key is read at some moment of the scan, all of them at none: so each is its own call of
   * the history. What has a deadline is each page.
   */
  private void scan(List<String> row) {
    Map<String, History.Call> open = new TreeMap<>();
    row.forEach(
        key ->
            open.put(key, shared.history().invoke(shared.nextProcess(), Kind.READ, key, null, -1)));
    Kv from = random.nextBoolean() ? kv : followers;
    boolean reversed = random.nextBoolean();
    Scan forward = Scan.range(KeySpace.range(row)).pageSize(1 + random.nextInt(LONGEST_SCAN));
    Deque<Scan> rest = new ArrayDeque<>(List.of(reversed ? forward.reversed() : forward));
    List<Entry> entries = new ArrayList<>();
    boolean failed = false;
    while (!rest.isEmpty() && !failed) {
      failed =
          timed(
                  CallKind.SCAN_PAGE,
                  List.copyOf(open.values()),
                  row.get(0),
                  () -> {
                    Page page = from.scanPage(rest.remove());
                    page.entries().stream()
                        .filter(entry -> !KeySpace.isProbe(entry.key().text()))
                        .forEach(entries::add);
                    page.next().ifPresent(rest::add);
                  })
              .isPresent();
    }
    if (!failed) {
      sawRow(open, entries, reversed);
    }
  }

  private void sawRow(Map<String, History.Call> open, List<Entry> entries, boolean reversed) {
    Map<String, Entry> found = new TreeMap<>();
    String before = null;
    for (Entry entry : entries) {
      String key = entry.key().text();
      int order = before == null ? 1 : key.compareTo(before) * (reversed ? -1 : 1);
      if (order <= 0 || !open.containsKey(key)) {
        shared.defect("a scan of " + open.keySet() + " gave " + key + " after " + before);
      }
      found.put(key, entry);
      before = key;
    }
    open.forEach((key, call) -> sawEntry(call, Optional.ofNullable(found.get(key))));
  }

  private History.Call begin(Kind kind, String key, @Nullable String argument, long expected) {
    return shared.history().invoke(process, kind, key, argument, expected);
  }

  /** Makes the call, which ends the open ones itself unless it fails. */
  private Optional<FlotillaException> timed(
      CallKind kind, List<History.Call> open, String key, Runnable body) {
    long start = shared.nanos();
    try {
      body.run();
      shared.tally().ended(kind, shared.nanos() - start);
      return Optional.empty();
    } catch (FlotillaException e) {
      long end = shared.nanos();
      shared.tally().ended(kind, end - start);
      shared.failed(new CallFailure(shared.sinceBegin(end), end - start, kind, key, e));
      boolean unknown = e.outcome() == Outcome.UNKNOWN;
      BiConsumer<History.Call, String> ending = unknown ? History.Call::info : History.Call::fail;
      open.forEach(call -> ending.accept(call, e.code().name()));
      if (unknown) {
        process = shared.nextProcess();
      }
      return Optional.of(e);
    }
  }
}
