package io.flotilla.server.http;

import java.util.concurrent.CompletableFuture;

/** What is at one path. */
@FunctionalInterface
public interface HttpPage {
  /**
   * Makes the answer; called on the event loop, which must not be held up. A future that fails
   * becomes an answer with status 500.
   */
  CompletableFuture<HttpAnswer> answer(HttpQuestion question);
}
