package io.flotilla.router;

import static io.flotilla.router.ScriptedNetwork.MILLIS;
import static io.flotilla.router.TestRoutes.get;
import static io.flotilla.router.TestRoutes.route;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.contract.v1.Consistency;
import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.GetCatalogReply;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The router of a node: it serves what it leads itself and learns routes from the system shard. */
class RouterTest {
  private final ScriptedNetwork network = new ScriptedNetwork(1);
  private final List<Request> executed = new ArrayList<>();
  private final Router router =
      Router.forNode(
          new Router.Parts(RouterConfig.defaults(), network, network, network.runtime),
          new LocalNode() {
            @Override
            public long nodeId() {
              return 1;
            }

            @Override
            public CompletableFuture<Reply> execute(Request request) {
              executed.add(request);
              return local(request);
            }
          });

  private CompletableFuture<Reply> answer = new CompletableFuture<>();

  private CompletableFuture<Reply> local(Request request) {
    return request.hasGetCatalog()
        ? CompletableFuture.completedFuture(ScriptedNetwork.notLeader(2))
        : answer;
  }

  @Test
  void pollsTheLeaderOfTheSystemShard() {
    bootstrap(1);
    network.nodes =
        (node, request) ->
            node == 2
                ? Reply.newBuilder()
                    .setGetCatalog(
                        GetCatalogReply.newBuilder().setVersion(5).addRoutes(route(2, "", "")))
                    .build()
                : ScriptedNetwork.notLeader(2);
    router.start();
    network.time.advance(100 * MILLIS);
    assertThat(router.routes().version()).isEqualTo(5);
    assertThat(network.sent).containsExactly("2/1");
    network.time.advance(2_000 * MILLIS);
    assertThat(network.requests).hasSizeBetween(3, 6);
    assertThat(network.requests.get(2).getGetCatalog().getKnownVersion()).isEqualTo(5);
    router.close();
    int before = network.requests.size();
    network.time.advance(5_000 * MILLIS);
    assertThat(network.requests).hasSize(before);
  }

  @Test
  void withoutALeaderAnOldCopyWillDo() {
    bootstrap(1);
    network.nodes =
        (node, request) ->
            request.getContext().getConsistency() == Consistency.CONSISTENCY_STALE && node == 3
                ? Reply.newBuilder()
                    .setGetCatalog(GetCatalogReply.newBuilder().setVersion(4))
                    .build()
                : ScriptedNetwork.notLeader(0);
    router.start();
    network.time.advance(4_000 * MILLIS);
    assertThat(router.routes().version()).isEqualTo(4);
  }

  @Test
  void servesWhatItLeadsWithoutTheNetwork() {
    bootstrap(1);
    answer = CompletableFuture.completedFuture(ScriptedNetwork.good(get("a", 0)));
    CompletableFuture<Reply> reply = router.dispatcher().dispatch(get("a", 1_000));
    assertThat(reply.join().hasGet()).isTrue();
    assertThat(network.sent).isEmpty();
    assertThat(executed).hasSize(1);
  }

  @Test
  void itsOwnSilentReplicasDoNotOutlastTheDeadline() {
    bootstrap(1);
    CompletableFuture<Reply> reply = router.dispatcher().dispatch(TestRoutes.put("a", 500));
    network.time.advance(499 * MILLIS);
    assertThat(reply).isNotDone();
    network.time.advance(MILLIS);
    assertThat(reply.join().getError().getCode()).isEqualTo(ErrorCode.ERROR_CODE_DEADLINE_EXCEEDED);
    assertThat(reply.join().getError().getOutcomeValue()).isEqualTo(2);
  }

  private void bootstrap(long leader) {
    router
        .routes()
        .bootstrap(
            TestRoutes.bytes("c"),
            List.of(TestRoutes.node(1), TestRoutes.node(2), TestRoutes.node(3)),
            List.of(route(1, "", ""), route(2, TestRoutes.range("", ""), 1, leader, 1)));
  }
}
