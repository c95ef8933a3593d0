package io.flotilla.client;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What most tests need. */
final class Tests {
  /** Longer than anything takes on a busy machine. */
  static final long PATIENCE_SECONDS = 30;

  private Tests() {}

  static <T> T await(CompletableFuture<T> future) throws Exception {
    return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  static void await(CountDownLatch latch) throws Exception {
    if (!latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new TimeoutException("the latch is still at " + latch.getCount());
    }
  }

  static FlotillaException failureOf(CompletableFuture<?> future) throws Exception {
    try {
      throw new AssertionError("it succeeded with " + await(future));
    } catch (ExecutionException e) {
      return (FlotillaException) Objects.requireNonNull(e.getCause());
    }
  }

  static FlotillaException failureOf(ThrowingCallable call) {
    return Objects.requireNonNull(catchThrowableOfType(FlotillaException.class, call));
  }

  static Key key(String text) {
    return Key.of(text);
  }

  static Value value(String text) {
    return Value.of(text);
  }
}
