package io.flotilla.router;

import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import java.util.concurrent.CompletableFuture;

/** The node a gateway runs in: saves the way over the network. A client has none. */
public interface LocalNode {
  /** Id of the node; not 0. */
  long nodeId();

  /**
   * Lets the node's own replicas answer; never passes the request on. Thread-safe, does not block.
   * The future completes with a reply, never exceptionally.
   */
  CompletableFuture<Reply> execute(Request request);
}
