package io.flotilla.shard;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The only timer of a host. It never waits for a disk (R20). */
@FunctionalInterface
public interface TickSource {

  /**
   * Calls the task once per tick until the result is run.
   *
   * @param tickMillis length of a tick
   */
  Runnable start(int tickMillis, Runnable task);

  /** A thread of its own. */
  static TickSource thread() {
    return (tickMillis, task) -> {
      ScheduledExecutorService timer =
          Executors.newSingleThreadScheduledExecutor(
              runnable -> {
                Thread thread = new Thread(runnable, "ticks");
                thread.setDaemon(true);
                return thread;
              });
      var unused = timer.scheduleAtFixedRate(task, tickMillis, tickMillis, TimeUnit.MILLISECONDS);
      return timer::shutdownNow;
    };
  }
}
