package io.flotilla.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Where the store's work runs. Tasks of one writer must run one after the other, in order, each
 * from start to end on one platform thread: a write transaction of LMDB belongs to its thread.
 *
 * <p>In production each writer is a dedicated thread; a simulator passes executors that put the
 * tasks on its schedule.
 */
public final class StoreExecutors implements AutoCloseable {

  private static final long CLOSE_SECONDS = 30;

  private final Executor journal;
  private final Executor state;
  private final Executor background;
  private final FatalStorageHandler fatal;
  private final StoreMeter meter;
  private final List<ExecutorService> owned;

  /**
   * Executors that the caller owns.
   *
   * @param journal single writer of the journal environment
   * @param state single writer of the state environment
   * @param background reads and writes snapshot files; any number of threads
   * @param fatal what to do when a commit fails
   */
  public StoreExecutors(
      Executor journal, Executor state, Executor background, FatalStorageHandler fatal) {
    this(journal, state, background, fatal, StoreMeter.NONE, new ArrayList<>());
  }

  private StoreExecutors(
      Executor journal,
      Executor state,
      Executor background,
      FatalStorageHandler fatal,
      StoreMeter meter,
      List<ExecutorService> owned) {
    this.journal = journal;
    this.state = state;
    this.background = background;
    this.fatal = fatal;
    this.meter = meter;
    this.owned = owned;
  }

  /** Three dedicated threads; a failed commit halts the process. */
  public static StoreExecutors dedicatedThreads() {
    return dedicatedThreads(FatalStorageHandler.haltProcess());
  }

  /** Three dedicated threads, ended by {@link #close}. */
  public static StoreExecutors dedicatedThreads(FatalStorageHandler fatal) {
    ExecutorService journal = thread("journal-writer");
    ExecutorService state = thread("state-writer");
    ExecutorService background = thread("store-background");
    StoreExecutors executors = new StoreExecutors(journal, state, background, fatal);
    executors.owned.add(background);
    executors.owned.add(journal);
    executors.owned.add(state);
    return executors;
  }

  /** The same threads, with somebody who hears of each commit. */
  public StoreExecutors metered(StoreMeter listener) {
    return new StoreExecutors(journal, state, background, fatal, listener, owned);
  }

  StoreMeter meter() {
    return meter;
  }

  Executor journal() {
    return journal;
  }

  Executor state() {
    return state;
  }

  Executor background() {
    return background;
  }

  FatalStorageHandler fatal() {
    return fatal;
  }

  /** Runs what is queued and ends the owned threads; does nothing for executors of the caller. */
  @Override
  public void close() {
    for (ExecutorService service : owned) {
      service.shutdown();
      awaitEnd(service);
    }
  }

  private static void awaitEnd(ExecutorService service) {
    try {
      if (!service.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        throw new StoreException("a writer thread did not end in " + CLOSE_SECONDS + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException("interrupted while closing the store", e);
    }
  }

  /** A thread that is there from the start, so that the number of threads never changes. */
  private static ExecutorService thread(String name) {
    ThreadPoolExecutor single =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            });
    single.prestartAllCoreThreads();
    return single;
  }
}
