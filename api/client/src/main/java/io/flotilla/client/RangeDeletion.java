package io.flotilla.client;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Deletes a range page after page; one page is under way at a time. */
final class RangeDeletion {
  private final Function<KeyRange, CompletableFuture<DeletedRange>> page;
  private final CompletableFuture<DeletedRange> result = new CompletableFuture<>();
  private volatile DeletedRange done;

  private RangeDeletion(Function<KeyRange, CompletableFuture<DeletedRange>> page, KeyRange range) {
    this.page = page;
    this.done = new DeletedRange(0, range.isEmpty() ? Optional.empty() : Optional.of(range));
  }

  /** Whoever completes the future before, ends it after the page that is under way. */
  static CompletableFuture<DeletedRange> start(
      Function<KeyRange, CompletableFuture<DeletedRange>> page, KeyRange range) {
    RangeDeletion deletion = new RangeDeletion(page, range);
    deletion.next();
    return deletion.result;
  }

  private void next() {
    if (done.rest().isEmpty()) {
      result.complete(done);
    } else if (!result.isDone()) {
      var unused = page.apply(done.rest().get()).whenComplete(this::answered);
    }
  }

  private void answered(@Nullable DeletedRange deleted, @Nullable Throwable failure) {
    if (deleted != null) {
      done = new DeletedRange(done.deleted() + deleted.deleted(), deleted.rest());
      next();
      return;
    }
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    result.completeExceptionally(
        cause instanceof FlotillaException e
            ? e.after(done)
            : Errors.defect("the call failed: " + cause, true).after(done));
  }
}
