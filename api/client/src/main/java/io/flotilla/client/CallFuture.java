package io.flotilla.client;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The future of a call, which knows under which id a write was sent. */
final class CallFuture<T> extends CompletableFuture<T> {
  private volatile @Nullable WriteId writeId;
  private volatile boolean asksLater;

  void sentAs(WriteId id) {
    writeId = id;
  }

  /**
   * Gives the write up, to be settled later.
   *
   * @return its id; empty if it has none
   */
  Optional<WriteId> giveUp() {
    asksLater = true;
    return Optional.ofNullable(writeId);
  }

  /** Whether somebody who gave the write up has its id. */
  boolean asksLater() {
    return asksLater;
  }
}
