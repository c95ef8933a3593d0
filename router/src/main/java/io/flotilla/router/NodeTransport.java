package io.flotilla.router;

import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Carries requests to nodes. Thread-safe, never blocks. */
public interface NodeTransport extends AutoCloseable {
  /**
   * Sends one request.
   *
   * <p>The future completes by the deadline and never exceptionally. What the transport itself has
   * to say is a reply with an error: OVERLOADED (not applied) if the node's queue is full,
   * UNAVAILABLE if the node cannot be reached or the connection broke, DEADLINE_EXCEEDED. These are
   * not applied for reads and for requests that have not left, of unknown outcome for any other.
   *
   * @param deadlineNanos on the scheduler's time line
   */
  CompletableFuture<Reply> call(NodeAddress node, Request request, long deadlineNanos);

  /** Whether the node has said anything since then, be it to a call that had been given up. */
  default boolean heardSince(NodeAddress node, long nanos) {
    return false;
  }

  /** The node has said nothing for long: the next call gets a new connection, open calls end. */
  default void reconnect(NodeAddress node) {}

  /** Other nodes are gone: what is kept of them may be forgotten as soon as no call is open. */
  default void retain(Set<NodeAddress> nodes) {}

  /** Ends all open calls as if their connections broke, and refuses new ones. Idempotent. */
  @Override
  void close();
}
