package io.flotilla.chaos;

import io.flotilla.client.Entry;
import io.flotilla.client.FlotillaException;
import io.flotilla.client.Key;
import io.flotilla.client.Kv;
import io.flotilla.client.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/**
 * Callers in a closed loop: each has keys of its own, spread over all shards, puts the next number
 * into one and reads another. Counts what was answered, by tenths of a second. Thread-safe.
 */
final class RollingLoad {
  static final long SLOT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private static final Duration DEADLINE = Duration.ofSeconds(10);
  private static final int MOST_SLOTS = 36_000;
  private static final int KEYS_OF_CALLER = 64;

  private final Kv kv;
  private final int callers;
  private final LongSupplier nanoClock;
  private final Defects defects;
  private final long begin;
  private final AtomicIntegerArray answered = new AtomicIntegerArray(MOST_SLOTS);
  private final AtomicLongArray acknowledged;
  private final CountDownLatch end = new CountDownLatch(1);
  private final List<Thread> threads = new ArrayList<>();

  RollingLoad(Kv kv, int callers, LongSupplier nanoClock, Defects defects) {
    this.kv = kv.withTimeout(DEADLINE);
    this.callers = callers;
    this.nanoClock = nanoClock;
    this.defects = defects;
    this.begin = nanoClock.getAsLong();
    this.acknowledged = new AtomicLongArray(callers * KEYS_OF_CALLER);
  }

  /** Keys at which shards can begin, so many shards. */
  static List<Key> borders(int shards) {
    List<Key> borders = new ArrayList<>();
    for (int i = 1; i < shards; i++) {
      borders.add(Key.of(String.format(Locale.ROOT, "%02d", i * KEYS_OF_CALLER / shards)));
    }
    return borders;
  }

  private static Key key(int caller, int number) {
    return Key.of(String.format(Locale.ROOT, "%02d/%04d", number, caller));
  }

  void start() {
    for (int caller = 0; caller < callers; caller++) {
      int mine = caller;
      Thread thread = new Thread(() -> call(mine), "caller-" + caller);
      thread.setDaemon(true);
      threads.add(thread);
    }
    threads.forEach(Thread::start);
  }

  private void call(int caller) {
    for (long round = 1; end.getCount() > 0; round++) {
      for (int number = 0; number < KEYS_OF_CALLER && end.getCount() > 0; number++) {
        try {
          put(caller, number, round);
          read(caller, (number + KEYS_OF_CALLER / 2) % KEYS_OF_CALLER);
        } catch (FlotillaException e) {
          defects.add("a call failed: " + e.getMessage());
        }
      }
    }
  }

  private void put(int caller, int number, long round) {
    kv.put(key(caller, number), Value.of(String.valueOf(round)));
    acknowledged.set(caller * KEYS_OF_CALLER + number, round);
    count();
  }

  /** Nobody else writes the key: it must be as it was last acknowledged. */
  private void read(int caller, int number) {
    long wanted = acknowledged.get(caller * KEYS_OF_CALLER + number);
    long found =
        kv.get(key(caller, number)).map(Entry::value).map(v -> Long.parseLong(v.text())).orElse(0L);
    if (found != wanted) {
      defects.add(
          "%s is %d and was acknowledged as %d"
              .formatted(key(caller, number).text(), found, wanted));
    }
    count();
  }

  private void count() {
    answered.incrementAndGet(slot(nanoClock.getAsLong()));
  }

  private int slot(long nanos) {
    return (int) Math.min(MOST_SLOTS - 1, (nanos - begin) / SLOT_NANOS);
  }

  /** Waits for the calls under way, then reads every key once more. */
  void stop() throws InterruptedException {
    end.countDown();
    for (Thread thread : threads) {
      thread.join(DEADLINE.multipliedBy(2).toMillis());
      if (thread.isAlive()) {
        defects.add("a call of " + thread.getName() + " has not ended long after its deadline");
      }
    }
    for (int caller = 0; caller < callers; caller++) {
      for (int number = 0; number < KEYS_OF_CALLER; number++) {
        read(caller, number);
      }
    }
  }

  /** Answers in each whole slot between two times. */
  int[] answered(long fromNanos, long toNanos) {
    int first = slot(fromNanos) + 1;
    int[] slots = new int[Math.max(0, slot(toNanos) - first)];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = answered.get(first + i);
    }
    return slots;
  }
}
