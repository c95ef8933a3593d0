package io.flotilla.router;

/**
 * Time and timers. Thread-safe. A simulation implements it with virtual time; {@link
 * WheelScheduler} is the real one.
 */
public interface Scheduler {
  /** Nanoseconds since some fixed time; only differences mean anything. */
  long nanoTime();

  /**
   * Runs a short task once after the delay, or a little later; never blocks.
   *
   * @param delayNanos zero or less: as soon as possible
   * @return takes the task back if it has not begun; repeatable
   */
  Timer schedule(long delayNanos, Runnable task);

  /** A task that waits for its time. */
  @FunctionalInterface
  interface Timer {
    /** Takes the task back if it has not begun. */
    void cancel();
  }
}
