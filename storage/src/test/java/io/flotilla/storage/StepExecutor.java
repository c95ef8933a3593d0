package io.flotilla.storage;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;

/** Runs tasks when told to, on the caller's thread, in order. */
public final class StepExecutor implements Executor {

  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  /** Runs one task; false when there is none. */
  public boolean runOne() {
    Runnable task = tasks.poll();
    if (task == null) {
      return false;
    }
    task.run();
    return true;
  }

  /** Runs tasks until there are none left. */
  public void runAll() {
    while (runOne()) {
      continue;
    }
  }

  /** Forgets all tasks, as a process does that dies. */
  public void clear() {
    tasks.clear();
  }

  public boolean isEmpty() {
    return tasks.isEmpty();
  }
}
