package io.flotilla.router;

import io.flotilla.contract.v1.Context;
import io.flotilla.contract.v1.ErrorDetail;
import io.flotilla.contract.v1.GetCatalogReply;
import io.flotilla.contract.v1.GetCatalogRequest;
import io.flotilla.contract.v1.ListNodesReply;
import io.flotilla.contract.v1.ListShardsReply;
import io.flotilla.contract.v1.ListShardsRequest;
import io.flotilla.contract.v1.NodeInfo;
import io.flotilla.contract.v1.NodeState;
import io.flotilla.contract.v1.NodeStatusReply;
import io.flotilla.contract.v1.NodeStatusRequest;
import io.flotilla.contract.v1.RaftRole;
import io.flotilla.contract.v1.ReplicaStatus;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.Route;
import io.flotilla.contract.v1.ShardLoad;
import io.flotilla.contract.v1.ShardStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * Questions about the whole cluster: the catalog of the system shard, put together with what each
 * node says of itself. A node that does not answer in time is named, it does not fail the question.
 * Thread-safe, never blocks; futures complete by the deadline, never exceptionally.
 */
public final class AdminQueries {
  /** Nodes get this part of the time, so that their silence can still be reported. */
  private static final long TIME_PARTS = 4;

  private static final long LONGEST_WAIT_NANOS = 3_000_000_000L;

  private final Dispatcher dispatcher;

  AdminQueries(Dispatcher dispatcher) {
    this.dispatcher = dispatcher;
  }

  /**
   * A reply of one kind, or an error.
   *
   * @param value meaningless where {@code error} is set
   * @param error its code is unspecified where there is none
   * @param <T> what was asked for
   */
  public record Result<T>(T value, ErrorDetail error) {
    /** Whether it was answered. */
    public boolean ok() {
      return error.equals(ErrorDetail.getDefaultInstance());
    }
  }

  /** Shards with the state of each replica that could be asked. */
  public CompletableFuture<Result<ListShardsReply>> listShards(
      ListShardsRequest request, long deadlineNanos) {
    NodeStatusRequest question =
        NodeStatusRequest.newBuilder()
            .setIncludeReplicas(true)
            .setIncludeLoads(true)
            .setShardId(request.getShardId())
            .build();
    return catalog(deadlineNanos)
        .thenCompose(
            catalog ->
                askAll(question, deadlineNanos)
                    .thenApply(states -> new Result<>(shards(request, states), none(catalog))));
  }

  /** Nodes with their own view where they could be asked. */
  public CompletableFuture<Result<ListNodesReply>> listNodes(long deadlineNanos) {
    return catalog(deadlineNanos)
        .thenCompose(
            catalog ->
                askAll(NodeStatusRequest.getDefaultInstance(), deadlineNanos)
                    .thenApply(
                        states ->
                            new Result<>(
                                ListNodesReply.newBuilder()
                                    .setClusterId(dispatcher.routes().clusterId())
                                    .addAllNodes(states)
                                    .build(),
                                none(catalog))));
  }

  /** The newest catalog that can be had is in the cache afterwards; an error if there is none. */
  private CompletableFuture<ErrorDetail> catalog(long deadlineNanos) {
    return bootstrapped(now() + patience(deadlineNanos))
        .thenCompose(
            problem -> {
              Request request =
                  Request.newBuilder()
                      .setGetCatalog(GetCatalogRequest.getDefaultInstance())
                      .build();
              return dispatcher.dispatch(request, now() + patience(deadlineNanos));
            })
        .thenApply(
            reply -> {
              GetCatalogReply catalog = reply.getGetCatalog();
              if (reply.hasGetCatalog()) {
                dispatcher.routes().absorb(catalog);
              }
              return reply.getError();
            });
  }

  private CompletableFuture<String> bootstrapped(long untilNanos) {
    boolean known = dispatcher.routes().table().snapshot().shard(RouteMap.SYSTEM_SHARD_ID) != null;
    return known ? CompletableFuture.completedFuture("") : dispatcher.refreshed(untilNanos);
  }

  /** An old copy of the map is better than no answer; without any, the error stands. */
  private ErrorDetail none(ErrorDetail catalogError) {
    return dispatcher.routes().directory().nodes().isEmpty()
        ? catalogError
        : ErrorDetail.getDefaultInstance();
  }

  private CompletableFuture<List<NodeState>> askAll(
      NodeStatusRequest question, long deadlineNanos) {
    List<NodeInfo> nodes = dispatcher.routes().directory().nodes();
    List<CompletableFuture<NodeState>> answers = new ArrayList<>(nodes.size());
    for (NodeInfo node : nodes) {
      answers.add(ask(node, question, deadlineNanos));
    }
    return CompletableFuture.allOf(answers.toArray(new CompletableFuture<?>[0]))
        .thenApply(all -> answers.stream().map(CompletableFuture::join).toList());
  }

  private CompletableFuture<NodeState> ask(
      NodeInfo node, NodeStatusRequest question, long deadlineNanos) {
    Request request =
        Request.newBuilder()
            .setContext(Context.newBuilder().setNodeId(node.getNodeId()))
            .setNodeStatus(question.toBuilder().setNodeId(node.getNodeId()))
            .build();
    return dispatcher
        .dispatch(request, now() + patience(deadlineNanos))
        .thenApply(reply -> state(node, reply));
  }

  private static NodeState state(NodeInfo node, Reply reply) {
    NodeState.Builder state = NodeState.newBuilder().setNode(node);
    if (reply.hasNodeStatus()) {
      NodeStatusReply status = reply.getNodeStatus();
      if (!status.getAddress().isEmpty()) {
        // The catalog may have come through a router, which puts itself in place of the nodes.
        state.getNodeBuilder().setAddress(status.getAddress());
      }
      return state.setReachable(true).setStatus(status).build();
    }
    return state.setProblem(reply.getError().getMessage()).build();
  }

  private ListShardsReply shards(ListShardsRequest request, List<NodeState> states) {
    Map<Long, List<ReplicaStatus>> replicas = new TreeMap<>();
    ListShardsReply.Builder list = ListShardsReply.newBuilder();
    for (NodeState state : states) {
      if (!state.getReachable()) {
        list.addUnreachableNodeIds(state.getNode().getNodeId());
      }
      collect(state.getStatus(), replicas);
    }
    for (Route route : dispatcher.routes().table().routes()) {
      if (wanted(request, route)) {
        List<ReplicaStatus> known = replicas.getOrDefault(RouteMap.id(route), List.of());
        ShardStatus.Builder shard = ShardStatus.newBuilder().setRoute(route).addAllReplicas(known);
        load(route, states).ifPresent(shard::setLoad);
        list.addShards(shard);
      }
    }
    return list.build();
  }

  /** As the leader says; of two that say they lead, the one that the route names. */
  private static Optional<ShardLoad> load(Route route, List<NodeState> states) {
    return states.stream()
        .sorted(
            Comparator.comparing(state -> state.getNode().getNodeId() != route.getLeaderNodeId()))
        .flatMap(state -> state.getStatus().getLoadsList().stream())
        .filter(load -> load.getShardId() == RouteMap.id(route))
        .findFirst();
  }

  /** Sorts the statuses by shard, and takes over what leaders know before the catalog does. */
  private void collect(NodeStatusReply status, Map<Long, List<ReplicaStatus>> replicas) {
    List<Route> led = new ArrayList<>();
    for (ReplicaStatus replica : status.getReplicasList()) {
      List<ReplicaStatus> ofShard =
          replicas.computeIfAbsent(replica.getShardId(), id -> new ArrayList<>());
      ofShard.add(replica);
      ofShard.sort(Comparator.comparingLong(ReplicaStatus::getNodeId));
      if (replica.getRole() == RaftRole.RAFT_ROLE_LEADER && replica.hasShard()) {
        led.add(
            Route.newBuilder()
                .setShard(replica.getShard())
                .setLeaderNodeId(replica.getNodeId())
                .setLeaderTerm(replica.getTerm())
                .build());
      }
    }
    dispatcher.routes().table().merge(led);
  }

  private static boolean wanted(ListShardsRequest request, Route route) {
    boolean system = RouteMap.id(route) == RouteMap.SYSTEM_SHARD_ID;
    if (request.getShardId() != 0) {
      return RouteMap.id(route) == request.getShardId();
    }
    if (system) {
      return request.getIncludeSystem();
    }
    return !request.hasRange() || RouteMap.overlap(request.getRange(), RouteMap.range(route));
  }

  private long patience(long deadlineNanos) {
    long remaining = Math.max(0, deadlineNanos - now());
    return Math.min(LONGEST_WAIT_NANOS, remaining - remaining / TIME_PARTS);
  }

  private long now() {
    return dispatcher.runtime().scheduler().nanoTime();
  }
}
