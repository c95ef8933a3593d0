package io.flotilla.router;

import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;

/** Time that passes only when a test says so. Tasks run on the thread of the test. */
public final class VirtualScheduler implements Scheduler {
  public static final long MILLIS = 1_000_000;

  private final PriorityQueue<Task> tasks = new PriorityQueue<>();
  private long now = 1_000_000_000_000L;
  private long order;

  private record Task(long due, long order, Runnable run) implements Comparable<Task> {
    @Override
    public int compareTo(Task other) {
      return due != other.due ? Long.compare(due, other.due) : Long.compare(order, other.order);
    }
  }

  @Override
  public long nanoTime() {
    return now;
  }

  @Override
  public Timer schedule(long delayNanos, Runnable run) {
    Task task = new Task(now + Math.max(0, delayNanos), order++, run);
    tasks.add(task);
    return () -> tasks.remove(task);
  }

  /** Lets time pass and runs what becomes due. */
  public void advance(long nanos) {
    long until = now + nanos;
    while (!tasks.isEmpty() && tasks.element().due() <= until) {
      runNext();
    }
    now = until;
  }

  /** Lets time pass until the future is complete, at most so long; its value. */
  public <T> T await(CompletableFuture<T> future, long atMostNanos) {
    long until = now + atMostNanos;
    while (!future.isDone() && !tasks.isEmpty() && tasks.element().due() <= until) {
      runNext();
    }
    if (!future.isDone()) {
      throw new AssertionError("not complete after " + atMostNanos / MILLIS + " ms");
    }
    return future.join();
  }

  private void runNext() {
    Task task = tasks.remove();
    now = Math.max(now, task.due());
    task.run().run();
  }
}
