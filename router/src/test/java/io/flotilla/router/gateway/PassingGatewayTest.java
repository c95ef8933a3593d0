package io.flotilla.router.gateway;

import static io.flotilla.router.TestRoutes.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.contract.v1.Context;
import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.GetCatalogReply;
import io.flotilla.contract.v1.GetCatalogRequest;
import io.flotilla.contract.v1.NodeInfo;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.router.Failures;
import io.flotilla.router.TestRoutes;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A gateway without replicas. Node 1 leads the keys below "m", node 2 the others. */
class PassingGatewayTest {
  private final FakeNode network = new FakeNode();
  private final Gateway gateway = network.withoutReplicas(CatalogView.behind("router:7001"));

  @Test
  void everythingIsPassedOnToItsLeader() {
    assertThat(gateway.handle(put("a", 100)).join().hasPut()).isTrue();
    assertThat(gateway.handle(put("z", 100)).join().hasPut()).isTrue();
    assertThat(network.forwardedTo).containsExactly("node:7001", "node:7002");
    assertThat(network.forwarded.get(0).getContext().getForwarded()).isFalse();
    assertThat(network.executed).isEmpty();
  }

  @Test
  void whatTheClientThinksItKnowsDoesNotMatter() {
    Context.Builder old = Context.newBuilder().setShardId(2).setNodeId(1).setForwarded(true);
    Request request = put("z", 100).toBuilder().setContext(old).build();
    assertThat(gateway.handle(request).join().hasPut()).isTrue();
    assertThat(network.forwardedTo).containsExactly("node:7002");
  }

  @Test
  void anErrorKeepsTheNodeThatSaidIt() {
    network.remote =
        request ->
            CompletableFuture.completedFuture(
                Failures.of(
                    Failures.rejected(ErrorCode.ERROR_CODE_INVALID_ARGUMENT, "no")
                        .getError()
                        .toBuilder()
                        .setNodeId(1)
                        .build()));
    assertThat(gateway.handle(put("a", 100)).join().getError().getNodeId()).isEqualTo(1);
  }

  @Test
  void allNodesAreBehindOneAddress() {
    network.remote =
        request ->
            CompletableFuture.completedFuture(
                Reply.newBuilder()
                    .setGetCatalog(
                        GetCatalogReply.newBuilder().setVersion(7).addNodes(TestRoutes.node(4)))
                    .build());
    GetCatalogReply known = gateway.catalog(0);
    assertThat(known.getNodesList()).hasSize(3);
    assertThat(known.getNodesList()).extracting(NodeInfo::getAddress).containsOnly("router:7001");
    Request question =
        Request.newBuilder().setGetCatalog(GetCatalogRequest.getDefaultInstance()).build();
    GetCatalogReply asked = gateway.handle(question).join().getGetCatalog();
    assertThat(asked.getNodesList()).extracting(NodeInfo::getAddress).containsOnly("router:7001");
    assertThat(asked.getNodesList()).extracting(NodeInfo::getNodeId).containsExactly(4L);
  }

  @Test
  void theMapIsPassedOnAsItIsIfClientsCanReachTheNodes() {
    Gateway open = network.withoutReplicas(CatalogView.AS_IT_IS);
    assertThat(open.catalog(0).getNodesList())
        .extracting(NodeInfo::getAddress)
        .containsExactly("node:7001", "node:7002", "node:7003");
  }
}
