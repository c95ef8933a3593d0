package io.flotilla.storage;

import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * Runs long work on the state writer as a row of small transactions, so that flushes get their turn
 * in between.
 */
final class StepRunner {

  private final OrderedStore store;
  private final WriterQueue<FlushBatch> queue;

  StepRunner(OrderedStore store, WriterQueue<FlushBatch> queue) {
    this.store = store;
    this.queue = queue;
  }

  /**
   * Repeats a step, each time in a transaction of its own, until it answers true. Lack of room
   * fails the future and so does a {@link StoreException} of the step itself; a commit that fails
   * is fatal and completes nothing.
   */
  CompletableFuture<Void> repeat(Predicate<OrderedStore.WriteTxn> step) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    schedule(step, done);
    return done;
  }

  private void schedule(Predicate<OrderedStore.WriteTxn> step, CompletableFuture<Void> done) {
    if (!queue.execute(() -> run(step, done))) {
      done.completeExceptionally(new StoreException("the store is closed"));
    }
  }

  private void run(Predicate<OrderedStore.WriteTxn> step, CompletableFuture<Void> done) {
    boolean last;
    try (OrderedStore.WriteTxn txn = store.beginWrite()) {
      try {
        last = step.test(txn);
      } catch (StoreException e) {
        done.completeExceptionally(e);
        return;
      }
      txn.commit();
    } catch (StoreFullException e) {
      done.completeExceptionally(e);
      return;
    } catch (Throwable e) {
      queue.fail(e);
      return;
    }
    if (last) {
      done.complete(null);
    } else {
      schedule(step, done);
    }
  }
}
