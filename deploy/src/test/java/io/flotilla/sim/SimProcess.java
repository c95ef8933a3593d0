package io.flotilla.sim;

import io.flotilla.router.Scheduler;
import java.util.ArrayDeque;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;

/** One life of a process: what it schedules happens only as long as it lives. */
final class SimProcess {
  private final World world;
  private final String name;
  private final SplittableRandom random;
  private boolean alive = true;
  private long pausedUntil;

  SimProcess(World world, String name) {
    this.world = world;
    this.name = name;
    this.random = world.fork();
  }

  SplittableRandom random() {
    return random;
  }

  boolean isAlive() {
    return alive;
  }

  void kill() {
    alive = false;
  }

  /** Nothing happens in it for a while; then everything that was due does. */
  void pause(long nanos) {
    pausedUntil = world.now() + nanos;
  }

  void after(long delayNanos, String what, Runnable action) {
    world.after(delayNanos, name + " " + what, () -> run(what, action));
  }

  private void run(String what, Runnable action) {
    if (!alive) {
      return;
    }
    if (world.now() < pausedUntil) {
      after(pausedUntil - world.now(), what, action);
      return;
    }
    action.run();
  }

  /** Runs tasks one after the other, each after a delay of up to the bound. */
  Executor serial(String what, long maxDelayNanos) {
    return new Executor() {
      private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();

      @Override
      public void execute(Runnable task) {
        tasks.add(task);
        if (tasks.size() == 1) {
          next();
        }
      }

      private void next() {
        after(
            random.nextLong(maxDelayNanos) + 1,
            what,
            () -> {
              tasks.element().run();
              tasks.remove();
              if (!tasks.isEmpty()) {
                next();
              }
            });
      }
    };
  }

  /** Virtual time for a router. */
  Scheduler scheduler() {
    return new Scheduler() {
      @Override
      public long nanoTime() {
        return world.now();
      }

      @Override
      public Timer schedule(long delayNanos, Runnable task) {
        boolean[] cancelled = new boolean[1];
        after(
            delayNanos,
            "timer",
            () -> {
              if (!cancelled[0]) {
                task.run();
              }
            });
        return () -> cancelled[0] = true;
      }
    };
  }
}
