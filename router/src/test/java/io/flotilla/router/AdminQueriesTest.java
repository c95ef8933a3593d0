package io.flotilla.router;

import static io.flotilla.router.ScriptedNetwork.MILLIS;
import static io.flotilla.router.TestRoutes.route;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.contract.v1.Context;
import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.GetCatalogReply;
import io.flotilla.contract.v1.ListNodesReply;
import io.flotilla.contract.v1.ListShardsReply;
import io.flotilla.contract.v1.ListShardsRequest;
import io.flotilla.contract.v1.NodeState;
import io.flotilla.contract.v1.NodeStatusReply;
import io.flotilla.contract.v1.NodeStatusRequest;
import io.flotilla.contract.v1.RaftRole;
import io.flotilla.contract.v1.ReplicaStatus;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Questions about the whole cluster, and to one node. */
class AdminQueriesTest {
  private ScriptedNetwork network = new ScriptedNetwork(1);

  private static GetCatalogReply catalog() {
    return GetCatalogReply.newBuilder()
        .setVersion(4)
        .addNodes(TestRoutes.node(1))
        .addNodes(TestRoutes.node(2))
        .addNodes(TestRoutes.node(3))
        .addRoutes(route(1, "", ""))
        .addRoutes(route(2, "", "m"))
        .addRoutes(route(3, "m", ""))
        .build();
  }

  private static Reply answer(long node, Request request) {
    if (request.hasGetCatalog()) {
      return Reply.newBuilder().setGetCatalog(catalog()).build();
    }
    return Reply.newBuilder()
        .setNodeStatus(
            NodeStatusReply.newBuilder()
                .setNodeId(node)
                .addReplicas(
                    ReplicaStatus.newBuilder()
                        .setShardId(3)
                        .setNodeId(node)
                        .setRole(
                            node == 3 ? RaftRole.RAFT_ROLE_LEADER : RaftRole.RAFT_ROLE_FOLLOWER)
                        .setTerm(9)
                        .setShard(route(3, "m", "").getShard())))
        .build();
  }

  @Test
  void shardsAreListedWithWhatTheirReplicasSay() {
    Router router = routerWith(AdminQueriesTest::answer);
    ListShardsReply list = shards(router, ListShardsRequest.getDefaultInstance());
    assertThat(list.getShardsList())
        .extracting(shard -> RouteMap.id(shard.getRoute()))
        .containsExactly(2L, 3L);
    assertThat(list.getShards(1).getReplicasList())
        .extracting(ReplicaStatus::getNodeId)
        .containsExactly(1L, 2L, 3L);
    assertThat(list.getShards(1).getRoute().getLeaderNodeId())
        .as("the leader knows it before the catalog")
        .isEqualTo(3);
    assertThat(list.getUnreachableNodeIdsList()).isEmpty();
  }

  @Test
  void shardsCanBeChosen() {
    Router router = routerWith(AdminQueriesTest::answer);
    assertThat(ids(router, ListShardsRequest.newBuilder().setIncludeSystem(true)))
        .containsExactly(1L, 2L, 3L);
    assertThat(ids(router, ListShardsRequest.newBuilder().setShardId(3))).containsExactly(3L);
    assertThat(ids(router, ListShardsRequest.newBuilder().setRange(TestRoutes.range("a", "b"))))
        .containsExactly(2L);
  }

  @Test
  void aSilentNodeIsNamedAndDoesNotFailTheQuestion() {
    Router router =
        routerWith(
            (node, request) -> node == 2 && request.hasNodeStatus() ? null : answer(node, request));
    ListNodesReply list = nodes(router, 2_000).value();
    assertThat(list.getNodesList())
        .extracting(NodeState::getReachable)
        .containsExactly(true, false, true);
    assertThat(list.getNodes(1).getProblem()).isNotEmpty();
  }

  @Test
  void withoutACatalogTheLastKnownNodesAreAsked() {
    Router router =
        routerWith((node, request) -> request.hasGetCatalog() ? null : answer(node, request));
    assertThat(nodes(router, 2_000).value().getNodesCount()).isEqualTo(3);
  }

  @Test
  void whereNothingIsKnownTheAnswerIsAnErrorInTime() {
    Router router =
        Router.forClient(
            new Router.Parts(RouterConfig.defaults(), network, network, network.runtime),
            List.of(TestRoutes.address(1)));
    long begun = network.time.nanoTime();
    AdminQueries.Result<ListNodesReply> result = nodes(router, 300);
    assertThat(result.ok()).isFalse();
    assertThat(result.error().getCode()).isEqualTo(ErrorCode.ERROR_CODE_UNAVAILABLE);
    assertThat(network.time.nanoTime() - begun).isLessThanOrEqualTo(300 * MILLIS);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void aNodeThatCannotBeReachedIsAskedThroughAnother(long seed) {
    network = new ScriptedNetwork(seed);
    Router router =
        routerWith(
            (node, request) ->
                node == 3
                    ? Failures.notApplied(ErrorCode.ERROR_CODE_UNAVAILABLE, "refused")
                    : answer(request.getContext().getNodeId(), request));
    Reply reply = run(router, status(3));
    assertThat(reply.getNodeStatus().getNodeId()).isEqualTo(3);
    assertThat(network.sent).hasSize(2).startsWith("3");
    assertThat(network.sent.get(1)).isNotEqualTo("3");
  }

  @Test
  void anUnknownNodeIsLookedForInTheMapOnce() {
    network.catalog = catalog();
    Router router = routerWith(AdminQueriesTest::answer);
    assertThat(run(router, status(9)).getError().getCode())
        .isEqualTo(ErrorCode.ERROR_CODE_NOT_FOUND);
    assertThat(network.fetches).isEqualTo(1);
    network.catalog = null;
    Reply unsure = run(router, status(9));
    assertThat(unsure.getError().getCode()).isEqualTo(ErrorCode.ERROR_CODE_UNAVAILABLE);
    assertThat(unsure.getError().getMessage()).contains("down");
  }

  private Router routerWith(BiFunction<Long, Request, @Nullable Reply> answers) {
    network.nodes = answers;
    return network.client(route(1, "", ""));
  }

  private static Request status(long nodeId) {
    return Request.newBuilder()
        .setContext(Context.newBuilder().setTimeoutMillis(1_000))
        .setNodeStatus(NodeStatusRequest.newBuilder().setNodeId(nodeId))
        .build();
  }

  private Reply run(Router router, Request request) {
    return network.time.await(router.dispatcher().dispatch(request), 2_000 * MILLIS);
  }

  private AdminQueries.Result<ListNodesReply> nodes(Router router, int millis) {
    long deadline = network.time.nanoTime() + millis * MILLIS;
    return network.time.await(router.admin().listNodes(deadline), millis * MILLIS);
  }

  private ListShardsReply shards(Router router, ListShardsRequest request) {
    long deadline = network.time.nanoTime() + 2_000 * MILLIS;
    return network.time.await(router.admin().listShards(request, deadline), 2_000 * MILLIS).value();
  }

  private List<Long> ids(Router router, ListShardsRequest.Builder request) {
    return shards(router, request.build()).getShardsList().stream()
        .map(shard -> RouteMap.id(shard.getRoute()))
        .toList();
  }
}
