package io.flotilla.router.access;

import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Decides on each request of one port. Called in the gRPC context of its call. Thread-safe. */
public interface Guard {
  /** Lets everything through: there is nobody to ask, or somebody has decided already. */
  Guard OPEN = (request, next) -> next.apply(request);

  /**
   * Lets the request go on, or answers it.
   *
   * @return completes as what comes next does
   */
  CompletableFuture<Reply> through(
      Request request, Function<Request, CompletableFuture<Reply>> next);

  /** Whether whoever began the call is still believed; if not, the call is to end. */
  default boolean holds() {
    return true;
  }
}
