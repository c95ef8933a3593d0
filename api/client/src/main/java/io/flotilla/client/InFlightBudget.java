package io.flotilla.client;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that all calls of a client may have under way. A call takes its bytes before it is sent
 * and gives them back when it has its answer or is given up. Callers that wait get in in the order
 * in which they came, so that a large call is not overtaken forever. Thread-safe; waits without
 * pinning a virtual thread.
 *
 * <p>Calls that one node answers have a lane of their own, which holds three quarters at most: a
 * node that does not answer takes neither all the room nor a place in the queue of the others.
 */
final class InFlightBudget {
  /**
   * What a call costs beside its own bytes: objects, timers, the reply. It bounds small calls. A
   * put under way was measured to take 2.2 KiB of heap beside its key and value.
   */
  static final int OVERHEAD_BYTES = 2_560;

  static final long NO_LANE = 0;

  private final long maxBytes;
  private final Overflow overflow;
  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Long, Lane> lanes = new HashMap<>();
  private long taken;
  private long arrivals;
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

  private static final class Lane {
    final long id;
    final long maxBytes;
    final ArrayDeque<Waiter> waiters = new ArrayDeque<>();
    long taken;

    Lane(long id, long maxBytes) {
      this.id = id;
      this.maxBytes = maxBytes;
    }

    /** One call is let in whatever its size, so that a large one is not refused forever. */
    boolean fits(long bytes) {
      return taken == 0 || taken + bytes <= maxBytes;
    }
  }

  private static final class Waiter {
    final Lane lane;
    final long bytes;
    final long order;
    final Condition turn;
    boolean admitted;

    Waiter(Lane lane, long bytes, long order, Condition turn) {
      this.lane = lane;
      this.bytes = bytes;
      this.order = order;
      this.turn = turn;
    }
  }

  /**
   * Takes the bytes, or waits for them until the deadline.
   *
   * @param laneId the node that is to answer; {@link #NO_LANE}: not known, or the only one
   * @throws FlotillaException if there is no room, the client is closed or the caller interrupted
   */
  void enter(long bytes, long laneId, long deadlineNanos) {
    lock.lock();
    try {
      if (closed) {
        throw Errors.closed();
      }
      Lane lane = lane(laneId);
      if (mayPass(lane, bytes)) {
        take(lane, bytes);
      } else if (overflow == Overflow.FAIL) {
        throw full("");
      } else {
        await(new Waiter(lane, bytes, arrivals++, lock.newCondition()), deadlineNanos);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes the bytes if they are there; never waits.
   *
   * @throws FlotillaException if the client is closed
   */
  boolean tryEnter(long bytes, long laneId) {
    lock.lock();
    try {
      if (closed) {
        throw Errors.closed();
      }
      Lane lane = lane(laneId);
      boolean room = mayPass(lane, bytes);
      if (room) {
        take(lane, bytes);
      }
      return room;
    } finally {
      lock.unlock();
    }
  }

  private Lane lane(long id) {
    return lanes.computeIfAbsent(
        id, lane -> new Lane(lane, lane == NO_LANE ? maxBytes : maxBytes / 4 * 3));
  }

  /** Whether it fits and overtakes nobody. */
  private boolean mayPass(Lane lane, long bytes) {
    return lane.waiters.isEmpty() && lane.fits(bytes) && fits(bytes) && next() == null;
  }

  /** Gives the bytes back. */
  void leave(long bytes, long laneId) {
    lock.lock();
    try {
      taken -= bytes;
      Lane lane = lanes.get(laneId);
      if (lane != null) {
        lane.taken -= bytes;
        forget(lane);
      }
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
      lanes.values().forEach(lane -> lane.waiters.forEach(waiter -> waiter.turn.signal()));
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
    waiter.lane.waiters.addLast(waiter);
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
        waiter.lane.waiters.remove(waiter);
        forget(waiter.lane);
        // It may have been the one for which the others waited.
        admit();
      }
    }
  }

  private void admit() {
    for (Waiter next = next(); next != null && fits(next.bytes); next = next()) {
      next.lane.waiters.removeFirst();
      take(next.lane, next.bytes);
      next.admitted = true;
      next.turn.signal();
    }
  }

  /** Who came first of those that only the others' bytes keep out; null: nobody. */
  private @Nullable Waiter next() {
    Waiter first = null;
    for (Lane lane : lanes.values()) {
      Waiter head = lane.waiters.peekFirst();
      if (head != null && lane.fits(head.bytes) && (first == null || head.order < first.order)) {
        first = head;
      }
    }
    return first;
  }

  private void take(Lane lane, long bytes) {
    taken += bytes;
    lane.taken += bytes;
  }

  private void forget(Lane lane) {
    if (lane.taken == 0 && lane.waiters.isEmpty()) {
      lanes.remove(lane.id);
    }
  }

  private boolean fits(long bytes) {
    return taken == 0 || taken + bytes <= maxBytes;
  }

  private FlotillaException full(String when) {
    return Errors.notApplied(
        ErrorCode.OVERLOADED,
        "calls under way fill the "
            + maxBytes
            + " bytes of maxInFlightBytes, or those of one node three quarters of it"
            + when
            + ": slow down, or raise it");
  }
}
