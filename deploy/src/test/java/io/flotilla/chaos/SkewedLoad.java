package io.flotilla.chaos;

import io.flotilla.client.FlotillaClient;
import io.flotilla.client.FlotillaException;
import io.flotilla.client.Key;
import io.flotilla.client.Kv;
import io.flotilla.client.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Callers that read and write in equal parts at a steady rate, and prefer the first keys by far: an
 * eighth of the keys, at the start, gets half of the calls. Until told otherwise; then all calls
 * are for one key.
 */
final class SkewedLoad implements AutoCloseable {
  static final Key HOT = Key.of("key/00000");
  private static final int THREADS = 16;
  private static final int KEYS = 20_000;

  /** Of the power function that maps a uniform number to a key. */
  private static final double SKEW = 3;

  private static final Duration DEADLINE = Duration.ofSeconds(10);
  private static final Value VALUE = Value.of("v".repeat(100));

  private final Kv kv;
  private final LongSupplier nanoClock;
  private final Defects defects;
  private final long pauseNanos;
  private final AtomicLong calls = new AtomicLong();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean oneKey;

  /**
   * Begins.
   *
   * @param rate calls a second, of all callers together
   */
  SkewedLoad(FlotillaClient client, long seed, int rate, LongSupplier nanoClock, Defects defects) {
    this.kv = client.kv().withTimeout(DEADLINE);
    this.nanoClock = nanoClock;
    this.defects = defects;
    this.pauseNanos = TimeUnit.SECONDS.toNanos(THREADS) / rate;
    SplittableRandom seeds = new SplittableRandom(seed);
    for (int i = 0; i < THREADS; i++) {
      SplittableRandom random = seeds.split();
      Thread thread = new Thread(() -> run(random), "caller-" + i);
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
  }

  /** From now on all calls are for the first key. */
  void useOneKey() {
    oneKey = true;
  }

  long calls() {
    return calls.get();
  }

  private void run(SplittableRandom random) {
    long due = nanoClock.getAsLong() + random.nextLong(pauseNanos);
    try {
      while (!stopped.await(Math.max(0, due - nanoClock.getAsLong()), TimeUnit.NANOSECONDS)) {
        call(random);
        // Who was held up does not make up for it: that would be a burst.
        due = Math.max(due + pauseNanos, nanoClock.getAsLong());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void call(SplittableRandom random) {
    Key key = oneKey ? HOT : key(random);
    try {
      if (random.nextBoolean()) {
        var unused = kv.get(key);
      } else {
        var unused = kv.put(key, VALUE);
      }
      calls.incrementAndGet();
    } catch (FlotillaException e) {
      defects.add("a call for " + key.text() + " failed: " + e.code() + ": " + e.getMessage());
    }
  }

  private static Key key(SplittableRandom random) {
    return Key.of("key/%05d".formatted((int) (KEYS * Math.pow(random.nextDouble(), SKEW))));
  }

  @Override
  public void close() {
    stopped.countDown();
    try {
      for (Thread thread : threads) {
        thread.join(DEADLINE.plus(DEADLINE).toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
