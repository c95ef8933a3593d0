package io.flotilla.client;

import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The bytes that all calls of a client may have under way. A call takes its bytes before it is sent
 * and gives them back when it has its answer or is given up. Callers that wait get in in the order
 * in which they came, so that a large call is not overtaken forever. Thread-safe; waits without
 * pinning a virtual thread.
 */
final class InFlightBudget {
  /** What a call costs beside its own bytes: objects, timers, the reply. It bounds small calls. */
  static final int OVERHEAD_BYTES = 1_024;

  private final long maxBytes;
  private final Overflow overflow;
  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Waiter> waiters = new ArrayDeque<>();
  private long taken;
  private boolean closed;

  /**
   * An empty budget.
   *
   * @param nanoTime the time line of deadlines, which must run as fast as real time
   */
  InFlightBudget(long maxBytes, Overflow overflow, LongSupplier nanoTime) {
    this.maxBytes = maxBytes;
    this.overflow = overflow;
    this.nanoTime = nanoTime;
  }

  private static final class Waiter {
    final long bytes;
    final Condition turn;
    boolean admitted;

    Waiter(long bytes, Condition turn) {
      this.bytes = bytes;
      this.turn = turn;
    }
  }

  /**
   * Takes the bytes, or waits for them until the deadline.
   *
   * @throws FlotillaException if there is no room, the client is closed or the caller interrupted
   */
  void enter(long bytes, long deadlineNanos) {
    lock.lock();
    try {
      if (closed) {
        throw Errors.closed();
      }
      if (waiters.isEmpty() && fits(bytes)) {
        taken += bytes;
        return;
      }
      if (overflow == Overflow.FAIL) {
        throw full("");
      }
      await(new Waiter(bytes, lock.newCondition()), deadlineNanos);
    } finally {
      lock.unlock();
    }
  }

  /** Gives the bytes back. */
  void leave(long bytes) {
    lock.lock();
    try {
      taken -= bytes;
      admit();
    } finally {
      lock.unlock();
    }
  }

  /** Ends all waiting, and refuses new calls. */
  void close() {
    lock.lock();
    try {
      closed = true;
      waiters.forEach(waiter -> waiter.turn.signal());
    } finally {
      lock.unlock();
    }
  }

  long taken() {
    lock.lock();
    try {
      return taken;
    } finally {
      lock.unlock();
    }
  }

  private void await(Waiter waiter, long deadlineNanos) {
    waiters.addLast(waiter);
    try {
      while (!waiter.admitted) {
        long left = deadlineNanos - nanoTime.getAsLong();
        if (closed) {
          throw Errors.closed();
        }
        if (left <= 0) {
          throw full(" until the deadline of the call");
        }
        long unused = waiter.turn.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      if (!waiter.admitted) {
        throw Errors.interrupted(Outcome.NOT_APPLIED);
      }
    } finally {
      if (!waiter.admitted) {
        waiters.remove(waiter);
        // It may have been the one for which the others waited.
        admit();
      }
    }
  }

  private void admit() {
    while (!waiters.isEmpty() && fits(waiters.peekFirst().bytes)) {
      Waiter next = waiters.removeFirst();
      taken += next.bytes;
      next.admitted = true;
      next.turn.signal();
    }
  }

  /** One call is let in whatever its size, so that a large one is not refused forever. */
  private boolean fits(long bytes) {
    return taken == 0 || taken + bytes <= maxBytes;
  }

  private FlotillaException full(String when) {
    return Errors.notApplied(
        ErrorCode.OVERLOADED,
        "calls under way fill the "
            + maxBytes
            + " bytes of maxInFlightBytes"
            + when
            + ": slow down, or raise it");
  }
}
