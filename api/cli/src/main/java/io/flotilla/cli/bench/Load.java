package io.flotilla.cli.bench;

import java.util.concurrent.CompletableFuture;

/** Issues operations until it is told to stop. */
interface Load {
  /** Begins; returns at once. */
  void start();

  /**
   * Issues no more, and waits for what is under way: at most as long as the deadlines of the calls.
   *
   * @throws InterruptedException if the thread was interrupted
   */
  void stop() throws InterruptedException;

  /** Begins one operation. */
  @FunctionalInterface
  interface Issuer {
    /**
     * Begins an operation.
     *
     * @param number a number; operations of one number never run at the same time, or all are begun
     *     by one thread
     */
    CompletableFuture<?> issue(long number);
  }
}
