package io.flotilla.server.health;

import io.flotilla.contract.v1.NodeInfo;
import io.flotilla.contract.v1.NodeMode;
import io.flotilla.router.Router;
import io.flotilla.router.Scheduler;
import io.flotilla.shard.HostStats;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * A node that is part of a cluster, as far as its health goes.
 *
 * @param scheduler time and timers
 * @param draining whether its replicas are to leave
 * @param stats of the replicas here; may never complete
 * @param cluster asks every node and waits for a few seconds
 */
public record Member(
    Scheduler scheduler,
    BooleanSupplier draining,
    Supplier<CompletableFuture<HostStats>> stats,
    Supplier<CompletableFuture<ClusterHealth>> cluster) {
  private static final long ASK_NANOS = TimeUnit.SECONDS.toNanos(3);

  /** A node that knows the others by its router. */
  public static Member of(
      long nodeId,
      Router router,
      Scheduler scheduler,
      Supplier<CompletableFuture<HostStats>> stats) {
    return new Member(
        scheduler, () -> isDraining(nodeId, router), stats, () -> ask(router, scheduler));
  }

  private static boolean isDraining(long nodeId, Router router) {
    List<NodeInfo> nodes = router.routes().directory().nodes();
    return nodes.stream()
        .filter(node -> node.getNodeId() == nodeId)
        .anyMatch(node -> node.getMode() == NodeMode.NODE_MODE_DRAINING);
  }

  private static CompletableFuture<ClusterHealth> ask(Router router, Scheduler scheduler) {
    return router
        .admin()
        .listNodes(scheduler.nanoTime() + ASK_NANOS)
        .thenApply(
            answer ->
                ClusterHealth.of(
                    router.routes().table().routes().size(), answer.value().getNodesList()));
  }
}
