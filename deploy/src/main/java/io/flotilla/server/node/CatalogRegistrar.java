package io.flotilla.server.node;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.ErrorDetail;
import io.flotilla.contract.v1.NodeInfo;
import io.flotilla.contract.v1.Outcome;
import io.flotilla.contract.v1.Reply;
import io.flotilla.router.Router;
import io.flotilla.shard.bootstrap.ClusterEntry.Registered;
import io.flotilla.shard.bootstrap.ClusterEntry.Registrar;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Registers this node with the catalog of a running cluster, as a client of it. */
public final class CatalogRegistrar implements Registrar {
  private final Function<List<String>, Router> clients;

  /**
   * A registrar.
   *
   * @param clients makes a router that begins at these addresses, as a client does
   */
  public CatalogRegistrar(Function<List<String>, Router> clients) {
    this.clients = clients;
  }

  @Override
  public CompletableFuture<Registered> register(List<String> contacts, NodeInfo node) {
    Router router = clients.apply(contacts);
    router.start();
    return router
        .refresher()
        .refresh()
        .thenCompose(problem -> router.dispatcher().dispatch(MemberNode.registration(node)))
        .thenCompose(
            reply -> router.refresher().refresh().thenApply(problem -> registered(router, reply)))
        .whenComplete((result, failure) -> router.close());
  }

  private static Registered registered(Router router, Reply reply) {
    ErrorDetail error = reply.getError();
    ByteString clusterId = router.routes().clusterId();
    boolean known = !clusterId.isEmpty();
    if (reply.hasError() || !known) {
      String problem = known ? error.getMessage() : "the cluster did not say who it is";
      return new Registered(
          clusterId, 0, List.of(), problem, error.getOutcome() != Outcome.OUTCOME_REJECTED);
    }
    return new Registered(
        clusterId, reply.getCatalogUpdate().getId(), router.routes().directory().nodes(), "", true);
  }
}
