package io.flotilla.router;

import io.flotilla.contract.v1.GetCatalogReply;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Asks a node for its copy of the route map. Thread-safe, never blocks. */
public interface RouteFeed extends AutoCloseable {
  /**
   * The node's copy now.
   *
   * @param knownVersion 0: all of it in any case
   * @param deadlineNanos on the scheduler's time line
   * @return completes by the deadline, never exceptionally
   */
  CompletableFuture<Answer> fetch(NodeAddress node, long knownVersion, long deadlineNanos);

  /**
   * The node's copy now and each later version.
   *
   * @param onEnd called once, with the reason, unless the subscription was cancelled
   */
  Subscription watch(
      NodeAddress node,
      long knownVersion,
      Consumer<GetCatalogReply> onCatalog,
      Consumer<String> onEnd);

  /** Ends all of it. Idempotent. */
  @Override
  void close();

  /**
   * Either a catalog or a problem.
   *
   * @param catalog what the node knows; null: the node did not answer
   * @param problem why it did not; empty if it did
   * @param refused whether one side does not believe the other who it is, which rarely passes
   */
  record Answer(@Nullable GetCatalogReply catalog, String problem, boolean refused) {
    /** The node answered. */
    public static Answer of(GetCatalogReply catalog) {
      return new Answer(catalog, "", false);
    }

    /** The node did not answer. */
    public static Answer failed(String problem) {
      return new Answer(null, problem, false);
    }

    /** One side does not believe the other who it is. */
    public static Answer refused(String problem) {
      return new Answer(null, problem, true);
    }
  }

  /** A running subscription. */
  @FunctionalInterface
  interface Subscription {
    /** Ends it. Idempotent. */
    void cancel();
  }
}
