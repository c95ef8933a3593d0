package io.flotilla.router;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A hashed timing wheel with one thread. Setting and cancelling a timer costs the same however many
 * there are, which matters because every call has a deadline and nearly none reaches it.
 *
 * <p>A task runs up to two ticks late, on the executor. The thread sleeps until a timer may be due:
 * most are cancelled long before, so it hardly ever wakes.
 */
public final class WheelScheduler implements Scheduler, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WheelScheduler.class);

  static final long TICK_NANOS = 4_000_000;
  private static final int BUCKETS = 1024;
  private static final long NEVER = Long.MAX_VALUE;

  private final Executor executor;
  private final LongSupplier clock;
  private final long origin;
  private final Bucket[] buckets = new Bucket[BUCKETS];
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition earlier = lock.newCondition();
  private final Thread thread;

  /** Buckets of all ticks up to this one have been looked through or are about to be. */
  private volatile long passed = -1;

  /** The thread looks again at this tick at the latest; written under the lock. */
  private volatile long wakesAt = NEVER;

  private volatile boolean closed;

  /**
   * Starts the thread.
   *
   * @param executor runs the tasks
   */
  public WheelScheduler(String threadName, Executor executor) {
    this(threadName, executor, System::nanoTime);
  }

  WheelScheduler(String threadName, Executor executor, LongSupplier clock) {
    this.executor = executor;
    this.clock = clock;
    this.origin = clock.getAsLong();
    for (int i = 0; i < BUCKETS; i++) {
      buckets[i] = new Bucket();
    }
    this.thread = new Thread(this::run, threadName);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public long nanoTime() {
    return clock.getAsLong();
  }

  @Override
  public Timer schedule(long delayNanos, Runnable task) {
    long due = clock.getAsLong() - origin + Math.max(0, delayNanos);
    // The tick after the one in which it is due: never early.
    Entry entry = new Entry(this, due / TICK_NANOS + 1, task);
    buckets[index(entry.tick)].add(entry);
    if (entry.tick < wakesAt) {
      wakeBy(entry.tick);
    }
    if (entry.tick <= passed) {
      // This thread was held up for longer than the delay: the wheel comes by only a turn later.
      fireNow(entry);
    }
    return entry;
  }

  private void wakeBy(long tick) {
    lock.lock();
    try {
      if (tick < wakesAt) {
        wakesAt = tick;
        earlier.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  private void fireNow(Entry entry) {
    if (buckets[index(entry.tick)].remove(entry)) {
      fire(entry);
    }
  }

  /** Stops the thread. Timers that wait never run. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }

  private static int index(long tick) {
    return (int) (tick & (BUCKETS - 1));
  }

  private void run() {
    long tick = 0;
    try {
      while (!closed) {
        long now = now();
        // After a long sleep each bucket needs one look only.
        tick = Math.max(tick, now - BUCKETS);
        for (; tick <= now; tick++) {
          passed = tick;
          buckets[index(tick)].takeDue(now).forEach(this::fire);
        }
        sleep();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private long now() {
    return (clock.getAsLong() - origin) / TICK_NANOS;
  }

  /** Until a timer may be due, a tick at least. */
  private void sleep() throws InterruptedException {
    wakesAt = NEVER; // whoever sets a timer from here on says so
    long next = NEVER;
    for (Bucket bucket : buckets) {
      next = Math.min(next, bucket.earliestAfter(passed));
    }
    lock.lockInterruptibly();
    try {
      wakesAt = Math.max(Math.min(wakesAt, next), now() + 1);
      long asleep = now();
      while (asleep < wakesAt) {
        if (wakesAt == NEVER) {
          earlier.await();
        } else {
          long unused = earlier.awaitNanos((wakesAt - asleep) * TICK_NANOS);
        }
        asleep = now();
      }
    } finally {
      lock.unlock();
    }
  }

  private void fire(Entry entry) {
    try {
      executor.execute(entry.task);
    } catch (RejectedExecutionException e) {
      LOG.debug("Timer dropped: its executor is shut down");
    }
  }

  /** A timer; a link of its bucket's list. */
  private static final class Entry implements Timer {
    final WheelScheduler owner;
    final long tick;
    final Runnable task;
    boolean linked;
    @Nullable Entry before;
    @Nullable Entry after;

    Entry(WheelScheduler owner, long tick, Runnable task) {
      this.owner = owner;
      this.tick = tick;
      this.task = task;
    }

    @Override
    public void cancel() {
      boolean unused = owner.buckets[index(tick)].remove(this);
    }
  }

  /** Timers of all ticks that fall on one place of the wheel: a linked list under a lock. */
  private static final class Bucket {
    private final ReentrantLock guard = new ReentrantLock();
    private @Nullable Entry head;

    /** No timer here is due before this tick; it does not rise when one is cancelled. */
    private volatile long earliest = NEVER;

    /** Where no timer is due; a lower bound that was passed is found anew. */
    long earliestAfter(long passed) {
      if (earliest > passed) {
        return earliest;
      }
      guard.lock();
      try {
        earliest = NEVER;
        for (Entry entry = head; entry != null; entry = entry.after) {
          earliest = Math.min(earliest, entry.tick);
        }
        return earliest;
      } finally {
        guard.unlock();
      }
    }

    void add(Entry entry) {
      guard.lock();
      try {
        earliest = Math.min(earliest, entry.tick);
        entry.after = head;
        if (head != null) {
          head.before = entry;
        }
        head = entry;
        entry.linked = true;
      } finally {
        guard.unlock();
      }
    }

    boolean remove(Entry entry) {
      guard.lock();
      try {
        return unlink(entry);
      } finally {
        guard.unlock();
      }
    }

    List<Entry> takeDue(long now) {
      List<Entry> due = new ArrayList<>();
      guard.lock();
      try {
        long left = NEVER;
        Entry next = head;
        while (next != null) {
          Entry entry = next;
          next = entry.after;
          if (entry.tick <= now && unlink(entry)) {
            due.add(entry);
          } else {
            left = Math.min(left, entry.tick);
          }
        }
        earliest = left;
      } finally {
        guard.unlock();
      }
      return due;
    }

    private boolean unlink(Entry entry) {
      if (!entry.linked) {
        return false;
      }
      entry.linked = false;
      if (entry.before != null) {
        entry.before.after = entry.after;
      } else {
        head = entry.after;
      }
      if (entry.after != null) {
        entry.after.before = entry.before;
      }
      entry.before = null;
      entry.after = null;
      return true;
    }
  }
}
