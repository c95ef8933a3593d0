package io.flotilla.server.local;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waits between two looks at something. */
@FunctionalInterface
public interface Pause {
  /** Lets real time pass. */
  Pause REAL = time -> TimeUnit.NANOSECONDS.sleep(time.toNanos());

  /** Returns after about this time. */
  void pause(Duration time) throws InterruptedException;
}
