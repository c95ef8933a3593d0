package io.flotilla.client;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/** Waits for calls on behalf of blocking callers, without pinning a virtual thread. */
final class Waiting {
  private Waiting() {}

  /** Begins a call that changes nothing and waits for it. */
  static <T> T read(Supplier<CompletableFuture<T>> call) {
    return await(call, Outcome.NOT_APPLIED);
  }

  /** Begins a write and waits for it. */
  static <T> T write(Supplier<CompletableFuture<T>> call) {
    return await(call, Outcome.UNKNOWN);
  }

  private static <T> T await(Supplier<CompletableFuture<T>> call, Outcome afterInterrupt) {
    if (Thread.currentThread().isInterrupted()) {
      throw Errors.interrupted(Outcome.NOT_APPLIED);
    }
    CompletableFuture<T> future = call.get();
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw failure(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      Optional<WriteId> id =
          future instanceof CallFuture<T> write ? write.giveUp() : Optional.empty();
      if (future.cancel(false)) {
        FlotillaException interrupted = Errors.interrupted(afterInterrupt);
        throw id.map(interrupted::of).orElse(interrupted);
      }
      return ended(future);
    }
  }

  /** The end of a future that was complete when the interrupt was noticed. */
  private static <T> T ended(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      throw failure(e);
    }
  }

  private static FlotillaException failure(Exception e) {
    return e.getCause() instanceof FlotillaException failure
        ? failure.here()
        : Errors.defect("the call failed: " + e.getCause(), true);
  }
}
