package io.flotilla.storage;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Futures that fail with a plain {@link StoreException}, whatever stage of a chain failed. */
final class Futures {

  private Futures() {}

  /** Runs work on an executor; a closed executor fails the future. */
  static <T> CompletableFuture<T> supply(Executor executor, Supplier<T> work) {
    try {
      return plain(CompletableFuture.supplyAsync(work, executor));
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(new StoreException("the store is closed", e));
    }
  }

  static <T> CompletableFuture<T> plain(CompletableFuture<T> stage) {
    CompletableFuture<T> result = new CompletableFuture<>();
    stage.whenComplete((value, failure) -> pass(value, failure, result));
    return result;
  }

  static <T> void pass(T value, @Nullable Throwable failure, CompletableFuture<T> to) {
    if (failure == null) {
      to.complete(value);
      return;
    }
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    to.completeExceptionally(
        cause instanceof StoreException ? cause : new StoreException("unexpected failure", cause));
  }
}
