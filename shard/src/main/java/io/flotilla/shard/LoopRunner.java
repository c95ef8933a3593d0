package io.flotilla.shard;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Runs the turns of one loop, one after the other. */
public interface LoopRunner {

  /** There is work: a turn is to run soon. From any thread, cheap if one is due already. */
  void wake();

  /** A turn is to run in this time at the latest. From within a turn only. */
  void wakeWithin(long nanos);

  /** No turn runs after this returns. Not called from a turn. */
  void close();

  /** Makes the runner of a loop. */
  @FunctionalInterface
  interface Factory {
    /**
     * Makes a runner.
     *
     * @param name for the thread, if there is one
     * @param turn one pass; returns whether there is more to do at once
     */
    LoopRunner create(String name, Turn turn);
  }

  /** One pass of a loop over its mailbox. */
  @FunctionalInterface
  interface Turn {
    boolean run();
  }

  /**
   * A platform thread for each loop, parked while there is nothing to do.
   *
   * @param fatal hears of what no replica's guard caught: its loop has ended, and nobody else would
   *     notice
   */
  static Factory threads(Consumer<Throwable> fatal) {
    return (name, turn) -> new Threaded(name, turn, fatal);
  }

  /** A loop on a thread of its own. */
  final class Threaded implements LoopRunner {
    /** Not before somebody wakes it: until then whoever made this may not be complete. */
    private final AtomicBoolean due = new AtomicBoolean();

    private final Thread thread;
    private volatile boolean closed;

    /** Of the thread: it parks no longer than this; 0: as long as nobody wakes it. */
    private long patienceNanos;

    private Threaded(String name, Turn turn, Consumer<Throwable> fatal) {
      thread =
          new Thread(
              () -> {
                try {
                  run(turn);
                } catch (Throwable e) {
                  fatal.accept(e);
                  throw e;
                }
              },
              name);
      thread.setDaemon(true);
      thread.start();
    }

    private void run(Turn turn) {
      while (!closed) {
        if (due.getAndSet(false)) {
          patienceNanos = 0;
          if (turn.run()) {
            due.set(true);
          }
        } else if (patienceNanos > 0) {
          LockSupport.parkNanos(this, patienceNanos);
          due.set(true);
        } else {
          LockSupport.park(this);
        }
      }
    }

    @Override
    public void wake() {
      if (!due.getAndSet(true)) {
        LockSupport.unpark(thread);
      }
    }

    @Override
    public void wakeWithin(long nanos) {
      patienceNanos = nanos;
    }

    @Override
    public void close() {
      closed = true;
      LockSupport.unpark(thread);
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
