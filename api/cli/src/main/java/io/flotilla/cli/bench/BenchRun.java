package io.flotilla.cli.bench;

import io.flotilla.client.AsyncKv;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/** Loads the keys and runs a workload. Not thread-safe. */
public final class BenchRun {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final int LOADERS = 256;

  private final BenchPlan plan;
  private final List<AsyncKv> clients;
  private final Surroundings surroundings;
  private final Ledger ledger;
  private final Operations operations;
  private final KeyChooser chooser;

  /**
   * What a run sees of the world.
   *
   * @param pace the clock
   * @param processes of this machine
   * @param servers process ids of the servers that are here
   * @param progress takes a line now and then
   */
  public record Surroundings(
      Pace pace, Processes processes, List<Long> servers, Consumer<String> progress) {}

  /**
   * A run that has not begun.
   *
   * @param plan what to do
   * @param clients one or more, used in turns
   * @param run a number that no earlier run over the same keys had
   * @param surroundings clock and processes
   */
  public BenchRun(BenchPlan plan, List<AsyncKv> clients, long run, Surroundings surroundings) {
    this.plan = plan;
    this.clients = List.copyOf(clients);
    this.surroundings = surroundings;
    Values values = new Values(run, plan.valueSize());
    this.ledger = new Ledger(values, Math.toIntExact(plan.keys().count()));
    this.operations = new Operations(plan.keys(), values, ledger);
    this.chooser = plan.distribution().chooser(plan.keys().count(), operations::count);
  }

  /**
   * Writes all keys once.
   *
   * @return keys that could not be written
   * @throws InterruptedException if the thread was interrupted
   */
  public long preload() throws InterruptedException {
    Semaphore room = new Semaphore(LOADERS);
    LongAdder failed = new LongAdder();
    long start = surroundings.pace().nanos();
    long told = start;
    for (long number = 0; number < plan.keys().count(); number++) {
      room.acquire();
      var unused =
          operations
              .write(client(number), number)
              .whenComplete(
                  (done, failure) -> {
                    if (failure != null) {
                      failed.increment();
                    }
                    room.release();
                  });
      if (surroundings.pace().nanos() - told >= SECOND) {
        told = surroundings.pace().nanos();
        surroundings
            .progress()
            .accept(
                String.format(
                    Locale.ROOT, "loading: %,d of %,d keys", number + 1, plan.keys().count()));
      }
    }
    room.acquire(LOADERS);
    return failed.sum();
  }

  /**
   * Runs the workload for the warm-up and the measured time.
   *
   * @param outstanding most operations under way at one time, over all clients
   * @throws InterruptedException if the thread was interrupted
   */
  public Measurement measure(int outstanding) throws InterruptedException {
    ScheduledExecutorService threads =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "bench-issuer");
              thread.setDaemon(true);
              return thread;
            });
    try {
      Tally tally = new Tally();
      Load load = load(outstanding, tally, threads);
      load.start();
      observe("warm-up", plan.schedule().warmUp(), tally);
      tally.reset();
      Measurement measured = measured(outstanding, tally);
      load.stop();
      return measured;
    } finally {
      threads.shutdownNow();
    }
  }

  /** The first reads that were wrong, for people. */
  public List<String> wrongReads() {
    return ledger.examples();
  }

  private Measurement measured(int outstanding, Tally tally) throws InterruptedException {
    Processes processes = surroundings.processes();
    List<Long> self = List.of(ProcessHandle.current().pid());
    double serversBefore = processes.cpuSeconds(surroundings.servers());
    double clientBefore = processes.cpuSeconds(self);
    long start = surroundings.pace().nanos();
    Histogram times = observe("", plan.schedule().time(), tally);
    double seconds = (surroundings.pace().nanos() - start) / (double) SECOND;
    return new Measurement(
        plan,
        outstanding,
        clients.size(),
        seconds,
        times,
        new Measurement.Faults(tally.errors(), ledger.wrong()),
        new Measurement.Cost(
            surroundings.servers().size(),
            processes.cpuSeconds(surroundings.servers()) - serversBefore,
            processes.residentBytes(surroundings.servers()),
            processes.cpuSeconds(self) - clientBefore));
  }

  private Load load(int outstanding, Tally tally, ScheduledExecutorService threads) {
    SplittableRandom seeds = new SplittableRandom(plan.schedule().seed());
    SplittableRandom[] randoms = new SplittableRandom[outstanding];
    for (int i = 0; i < outstanding; i++) {
      randoms[i] = seeds.split();
    }
    Load.Issuer issuer =
        number -> {
          SplittableRandom random = randoms[(int) (number % outstanding)];
          OperationKind kind = plan.workload().next(random);
          return operations.issue(kind, chooser, client(number), random);
        };
    return plan.perSecond() > 0
        ? new OpenLoop(plan.perSecond(), outstanding, issuer, tally, surroundings.pace())
        : new ClosedLoop(outstanding, issuer, tally, surroundings.pace(), threads);
  }

  private AsyncKv client(long number) {
    return clients.get((int) (number % clients.size()));
  }

  /** Lets the time pass, and tells what happens in each second of it. */
  private Histogram observe(String phase, Duration time, Tally tally) throws InterruptedException {
    Histogram total = Tally.histogram();
    long start = surroundings.pace().nanos();
    long end = start + time.toNanos();
    for (long last = start; last < end; ) {
      long next = Math.min(end, last + SECOND);
      surroundings.pace().until(next);
      Histogram interval = tally.interval();
      total.add(interval);
      if (next < end || next - last == SECOND) {
        surroundings.progress().accept(line(phase, next - start, next - last, interval, tally));
      }
      last = next;
    }
    return total;
  }

  private static String line(
      String phase, long sinceStart, long length, Histogram interval, Tally tally) {
    long errors = tally.errors().values().stream().mapToLong(Long::longValue).sum();
    return String.format(
        Locale.ROOT,
        "%4d s  %,9.0f op/s  p50 %.3f ms  p99 %.3f ms%s%s",
        sinceStart / SECOND,
        interval.getTotalCount() * (double) SECOND / length,
        interval.getValueAtPercentile(50) / 1e6,
        interval.getValueAtPercentile(99) / 1e6,
        errors > 0 ? "  " + errors + " errors" : "",
        phase.isEmpty() ? "" : "  (" + phase + ")");
  }
}
