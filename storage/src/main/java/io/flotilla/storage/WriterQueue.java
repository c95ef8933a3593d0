package io.flotilla.storage;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that waits for the writer of one environment. Everything waiting becomes one commit, up to a
 * bound; work stays queued until it is durable, so running out of room loses nothing.
 *
 * <p>Threads: any may submit; commits and completions run on the executor, in the order submitted.
 */
final class WriterQueue<T> {

  private static final Logger LOG = LoggerFactory.getLogger(WriterQueue.class);

  /** What the writer does with a group. */
  interface Committer<T> {

    /**
     * Makes a group durable and visible. An empty group is a chance to do only housekeeping.
     *
     * @throws StoreFullException when there is no room and nothing was changed
     */
    void commit(List<T> group);

    /** Frees some room; false when there is nothing to free. May throw like {@link #commit}. */
    boolean makeRoom();
  }

  /** One piece of work; {@code endsGroup} keeps later work out of its commit. */
  private record Pending<T>(T work, long bytes, boolean endsGroup, Runnable onDurable) {}

  private final String name;
  private final Executor writer;
  private final FatalStorageHandler fatal;
  private final long maxCommitBytes;
  private final StoreMeter meter;
  private final StoreMeter.Part part;
  private final Committer<T> committer;

  /** When the commit under way began. Confined to the writer. */
  private long takenAt;

  // All below are guarded by this.
  private final ArrayDeque<Pending<T>> queue = new ArrayDeque<>();
  private long queuedBytes;
  private boolean scheduled;
  private boolean full;
  private boolean stopped;

  WriterQueue(
      StoreMeter.Part part,
      Executor writer,
      StoreExecutors executors,
      long maxCommitBytes,
      Committer<T> committer) {
    this.part = part;
    this.name = part.inWords();
    this.writer = writer;
    this.fatal = executors.fatal();
    this.meter = executors.meter();
    this.maxCommitBytes = maxCommitBytes;
    this.committer = committer;
  }

  void submit(T work, long bytes, boolean endsGroup, Runnable onDurable) {
    synchronized (this) {
      if (stopped) {
        return;
      }
      queue.add(new Pending<>(work, bytes, endsGroup, onDurable));
      queuedBytes += bytes;
      if (scheduled) {
        return;
      }
      scheduled = true;
    }
    start();
  }

  /** Tries again if the queue waits for room. */
  void roomMayBeFree() {
    synchronized (this) {
      if (!full || stopped || scheduled) {
        return;
      }
      scheduled = true;
    }
    start();
  }

  synchronized long queuedBytes() {
    return queuedBytes;
  }

  synchronized boolean isFull() {
    return full;
  }

  /** Runs other work on the writer; false when the queue was stopped. */
  synchronized boolean execute(Runnable task) {
    if (stopped) {
      return false;
    }
    writer.execute(task);
    return true;
  }

  /** Accepts nothing any more; what is queued is still written if the executor runs it. */
  synchronized void stop() {
    stopped = true;
  }

  /** Drops everything and reports that the environment cannot be used any more. */
  void fail(Throwable cause) {
    synchronized (this) {
      stopped = true;
      queue.clear();
      queuedBytes = 0;
    }
    fatal.fatal("the " + name + " cannot be written", cause);
  }

  /** Not under the lock, where the writer would wake only to wait for it. */
  private void start() {
    try {
      writer.execute(this::drain);
    } catch (RejectedExecutionException e) {
      if (!isStopped()) {
        throw e;
      }
      LOG.debug("the {} was stopped before its last work began", name, e);
    }
  }

  private synchronized boolean isStopped() {
    return stopped;
  }

  /**
   * One commit; runs on the writer. Each commit is a task of its own, so that other tasks get their
   * turn, except after a stop, when the executor takes no more tasks.
   */
  private void drain() {
    boolean more = true;
    while (more) {
      List<Pending<T>> taken = take();
      try {
        committer.commit(taken.stream().map(Pending::work).toList());
        finish(taken);
        more = continueHere(true);
      } catch (StoreFullException e) {
        more = makeRoom(e);
      } catch (Throwable e) {
        fail(e);
        return;
      }
    }
  }

  /** Schedules the next commit if there is work; true when the caller has to go on itself. */
  private boolean continueHere(boolean mayCommit) {
    synchronized (this) {
      boolean again = mayCommit && !queue.isEmpty();
      if (again && stopped) {
        return true;
      }
      scheduled = again;
      if (!again) {
        return false;
      }
    }
    start();
    return false;
  }

  private synchronized List<Pending<T>> take() {
    takenAt = meter.nanos();
    List<Pending<T>> taken = new ArrayList<>();
    long bytes = 0;
    for (Pending<T> pending : queue) {
      boolean fits = bytes + pending.bytes() <= maxCommitBytes && !full;
      if (!taken.isEmpty() && !fits) {
        break;
      }
      taken.add(pending);
      bytes += pending.bytes();
      if (pending.endsGroup()) {
        break;
      }
    }
    return taken;
  }

  private void finish(List<Pending<T>> done) {
    long bytesDone = done.stream().mapToLong(Pending::bytes).sum();
    meter.committed(part, done.size(), bytesDone, meter.nanos() - takenAt);
    synchronized (this) {
      for (Pending<T> pending : done) {
        queue.remove();
        queuedBytes -= pending.bytes();
      }
      full = false;
    }
    for (Pending<T> pending : done) {
      pending.onDurable().run();
    }
  }

  /** Answers like {@link #continueHere}. */
  private boolean makeRoom(StoreFullException cause) {
    boolean freed = false;
    try {
      freed = committer.makeRoom();
    } catch (StoreFullException e) {
      LOG.debug("the {} has no room to free room", name, e);
    } catch (Throwable e) {
      fail(e);
      return false;
    }
    synchronized (this) {
      if (!freed && !full) {
        LOG.warn("the {} is full, its queue waits: {}", name, cause.getMessage());
      }
      full = !freed;
    }
    return continueHere(freed);
  }
}
