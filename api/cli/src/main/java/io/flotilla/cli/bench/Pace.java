package io.flotilla.cli.bench;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** A monotonic clock that can be waited for. */
public interface Pace {
  /** Nanoseconds since any moment. */
  long nanos();

  /**
   * Waits until the clock shows at least so much.
   *
   * @throws InterruptedException if the thread was interrupted
   */
  void until(long nanos) throws InterruptedException;

  /** One that parks the thread. */
  static Pace of(LongSupplier clock) {
    return new Pace() {
      @Override
      public long nanos() {
        return clock.getAsLong();
      }

      @Override
      public void until(long nanos) throws InterruptedException {
        for (long left = nanos - nanos(); left > 0; left = nanos - nanos()) {
          LockSupport.parkNanos(left);
          if (Thread.interrupted()) {
            throw new InterruptedException();
          }
        }
      }
    };
  }
}
