package io.flotilla.chaos;

import io.flotilla.client.FlotillaClient;
import io.flotilla.history.History;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** The client side of a run: threads that call, and what they share. Thread-safe. */
final class Workload {
  /** A call that does not even end long after its deadline is a defect. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final ChaosPlan.Load load;
  private final LongSupplier nanoClock;
  private final Consumer<String> say;
  private final long begin;
  private final KeySpace keys;
  private final History history;
  private final CallTally tally = new CallTally();
  private final Ledger ledger;
  private final Defects defects;
  private final AtomicInteger processes = new AtomicInteger();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final List<Thread> threads = new ArrayList<>();

  Workload(ChaosPlan.Load load, LongSupplier nanoClock, Defects defects, Consumer<String> say) {
    this.load = load;
    this.nanoClock = nanoClock;
    this.defects = defects;
    this.say = say;
    this.begin = nanoClock.getAsLong();
    this.keys = new KeySpace(load.keys());
    this.history = new History(nanoClock);
    this.ledger = new Ledger(keys.counters());
  }

  /** Starts the threads, each with a random stream of its own. */
  void start(List<FlotillaClient> clients, SplittableRandom random) {
    for (int i = 0; i < load.threads(); i++) {
      FlotillaClient client = clients.get(i % clients.size());
      SplittableRandom own = random.split();
      Caller caller = new Caller(this, client.kv().withTimeout(load.deadline()), own.split());
      Thread thread = new Thread(() -> work(caller, own), "caller-" + i);
      thread.setDaemon(true);
      threads.add(thread);
    }
    threads.forEach(Thread::start);
  }

  private void work(Caller caller, SplittableRandom random) {
    long meanPause = TimeUnit.SECONDS.toNanos(load.threads()) / load.callsPerSecond();
    try {
      while (!stopped.await(random.nextLong(2 * meanPause), TimeUnit.NANOSECONDS)) {
        caller.call();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      defect("a client thread ended: " + e);
    }
  }

  /** No calls any more; waits for those under way. */
  void stop() throws InterruptedException {
    stopped.countDown();
    long until = nanoClock.getAsLong() + load.deadline().plus(PATIENCE).toNanos();
    for (Thread thread : threads) {
      long left = Math.max(1, TimeUnit.NANOSECONDS.toMillis(until - nanoClock.getAsLong()));
      thread.join(left);
      if (thread.isAlive()) {
        defect("a call of " + thread.getName() + " has not ended long after its deadline");
      }
    }
  }

  int nextProcess() {
    return processes.getAndIncrement();
  }

  void failed(CallFailure failure) {
    tally.failed(failure);
    say.accept(failure.toString());
  }

  /** Something that no call may do. */
  void defect(String what) {
    defects.add(what);
  }

  long nanos() {
    return nanoClock.getAsLong();
  }

  long sinceBegin(long nanos) {
    return nanos - begin;
  }

  KeySpace keys() {
    return keys;
  }

  History history() {
    return history;
  }

  CallTally tally() {
    return tally;
  }

  Ledger ledger() {
    return ledger;
  }
}
