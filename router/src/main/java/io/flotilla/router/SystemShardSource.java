package io.flotilla.router;

import io.flotilla.contract.v1.Consistency;
import io.flotilla.contract.v1.Context;
import io.flotilla.contract.v1.GetCatalogRequest;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.router.RouteFeed.Answer;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;

/**
 * Asks the system shard: its leader, then any replica for what it has, then other nodes for their
 * copies. The last step finds a system shard that has moved away from all replicas known here.
 */
final class SystemShardSource implements RouteRefresher.Source {
  private final BiFunction<Request, Long, CompletableFuture<Reply>> dispatch;
  private final ContactSource others;
  private final RouterConfig config;
  private final RouterRuntime runtime;

  /**
   * @param dispatch sends a request to its shard, by a deadline
   */
  SystemShardSource(
      BiFunction<Request, Long, CompletableFuture<Reply>> dispatch,
      ContactSource others,
      RouterConfig config,
      RouterRuntime runtime) {
    this.dispatch = dispatch;
    this.others = others;
    this.config = config;
    this.runtime = runtime;
  }

  @Override
  public CompletableFuture<Answer> fetch(long knownVersion) {
    return ask(knownVersion, Consistency.CONSISTENCY_LINEARIZABLE)
        .thenCompose(
            answer ->
                answer.catalog() != null
                    ? CompletableFuture.completedFuture(answer)
                    : ask(knownVersion, Consistency.CONSISTENCY_STALE))
        .thenCompose(
            answer ->
                answer.catalog() != null
                    ? CompletableFuture.completedFuture(answer)
                    : others.fetch(knownVersion));
  }

  private CompletableFuture<Answer> ask(long knownVersion, Consistency consistency) {
    Request request =
        Request.newBuilder()
            .setContext(Context.newBuilder().setConsistency(consistency))
            .setGetCatalog(GetCatalogRequest.newBuilder().setKnownVersion(knownVersion))
            .build();
    long deadline = runtime.scheduler().nanoTime() + config.refreshAttemptNanos();
    return dispatch
        .apply(request, deadline)
        .thenApply(
            reply ->
                reply.hasGetCatalog()
                    ? Answer.of(reply.getGetCatalog())
                    : Answer.failed(reply.getError().getMessage()));
  }
}
