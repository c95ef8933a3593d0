package io.flotilla.sim;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Runs seed after seed, each on one thread, until the last of them, the end of the time, or too
 * many failures.
 */
final class SeedRunner {

  /**
   * What to run.
   *
   * @param first the first seed
   * @param last the last seed, included
   * @param nanos after so long no seed is begun any more
   * @param threads that run seeds at once
   * @param failures after so many no seed is begun any more
   */
  record Plan(long first, long last, long nanos, int threads, int failures) {

    /** One seed after the other on this many threads, until one fails. */
    static Plan of(long first, long count, int threads) {
      return new Plan(first, first + count - 1, Long.MAX_VALUE, threads, 1);
    }
  }

  private final Plan plan;
  private final LongSupplier nanoClock;
  private final Consumer<SeedResult> listener;
  private final boolean talks;
  private final Coverage coverage = new Coverage();
  private final List<SeedResult> failed = new ArrayList<>();
  private final AtomicLong next;
  private long began;
  private long seeds;
  private long events;

  /**
   * @param listener is told each result as it comes, by one thread at a time
   * @param talks whether traces are printed as they grow
   */
  SeedRunner(Plan plan, LongSupplier nanoClock, Consumer<SeedResult> listener, boolean talks) {
    this.plan = plan;
    this.nanoClock = nanoClock;
    this.listener = listener;
    this.talks = talks;
    this.next = new AtomicLong(plan.first());
  }

  /** Runs them all; returns when the last one has ended. */
  SeedSummary run() throws InterruptedException {
    began = nanoClock.getAsLong();
    ExecutorService threads = Executors.newFixedThreadPool(plan.threads());
    try {
      Callable<Void> work =
          () -> {
            work();
            return null;
          };
      for (Future<Void> end : threads.invokeAll(Collections.nCopies(plan.threads(), work))) {
        end.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("a seed ended with a defect of the simulator", e.getCause());
    } finally {
      threads.shutdown();
    }
    return new SeedSummary(
        seeds,
        events,
        nanoClock.getAsLong() - began,
        plan.threads(),
        List.copyOf(failed),
        coverage);
  }

  private void work() {
    while (mayGoOn()) {
      long seed = next.getAndIncrement();
      if (seed > plan.last()) {
        return;
      }
      Coverage its = new Coverage();
      SeedResult result = SeedResult.of(seed, its, talks);
      ended(result, its);
    }
  }

  private synchronized boolean mayGoOn() {
    return failed.size() < plan.failures() && nanoClock.getAsLong() - began < plan.nanos();
  }

  private synchronized void ended(SeedResult result, Coverage its) {
    seeds++;
    events += result.events();
    coverage.add(its);
    if (result.failure().isPresent()) {
      failed.add(result);
    }
    listener.accept(result);
  }
}
