package io.flotilla.sim;

import io.flotilla.router.Scheduler;
import java.util.ArrayDeque;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** One life of a process: what it schedules happens only as long as it lives. */
final class SimProcess {
  private final World world;
  private final String name;
  private final SplittableRandom random;
  private final SimClock clock;
  private Consumer<String> observer = what -> {};
  private boolean alive = true;
  private long pausedUntil;

  /** A process on a machine of its own, whose clock is right. */
  SimProcess(World world, String name) {
    this(world, name, new SimClock(world, 0));
  }

  SimProcess(World world, String name, SimClock clock) {
    this.world = world;
    this.name = name;
    this.random = world.fork();
    this.clock = clock;
  }

  /** Is told of everything that has run in it, as long as it lives. */
  void observe(Consumer<String> told) {
    observer = told;
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
    pausedUntil = Math.max(pausedUntil, world.now() + nanos);
  }

  /** Whether nothing has held it since, and nothing does. */
  boolean ranFreelySince(long time) {
    return alive && pausedUntil <= time;
  }

  /** After so much time of the world. */
  void after(long delayNanos, String what, Runnable action) {
    world.after(delayNanos, name + " " + what, () -> run(what, action));
  }

  /** After so much time by its own clock. */
  void afterOwn(long delayNanos, String what, Runnable action) {
    atOwn(clock.nanos() + Math.max(0, delayNanos), what, action);
  }

  private void atOwn(long dueNanos, String what, Runnable action) {
    after(
        clock.worldNanos(dueNanos - clock.nanos()),
        what,
        () -> {
          if (clock.nanos() - dueNanos < 0) {
            atOwn(dueNanos, what, action); // the clock has slowed down or stood still
          } else {
            action.run();
          }
        });
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
    if (alive) {
      observer.accept(what);
    }
  }

  /** Runs a task at a fixed rate of its own clock; those that were missed come all at once. */
  Runnable every(long periodNanos, String what, Runnable task) {
    boolean[] stopped = new boolean[1];
    new Object() {
      private long due = clock.nanos();

      void next() {
        due += periodNanos;
        atOwn(
            due,
            what,
            () -> {
              if (!stopped[0]) {
                task.run();
                next();
              }
            });
      }
    }.next();
    return () -> stopped[0] = true;
  }

  /** Runs tasks one after the other, each after the time that the disk takes for it. */
  Executor serial(String what, SimDrive drive) {
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
        after(random.nextLong(drive.longestNanos()) + 1, what, this::run);
      }

      private void run() {
        long wait = drive.stalledNanos();
        if (wait > 0) {
          after(wait, what, this::run);
          return;
        }
        tasks.element().run();
        tasks.remove();
        if (!tasks.isEmpty()) {
          next();
        }
      }
    };
  }

  /** Virtual time for a router. */
  Scheduler scheduler() {
    return new Scheduler() {
      @Override
      public long nanoTime() {
        return clock.nanos();
      }

      @Override
      public Timer schedule(long delayNanos, Runnable task) {
        boolean[] cancelled = new boolean[1];
        afterOwn(
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
