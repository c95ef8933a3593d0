package io.flotilla.client;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.Epoch;
import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.GetCatalogReply;
import io.flotilla.contract.v1.KeyRange;
import io.flotilla.contract.v1.NodeInfo;
import io.flotilla.contract.v1.NodeStatusReply;
import io.flotilla.contract.v1.RaftRole;
import io.flotilla.contract.v1.Replica;
import io.flotilla.contract.v1.ReplicaRole;
import io.flotilla.contract.v1.ReplicaStatus;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.Route;
import io.flotilla.contract.v1.ScanRequest;
import io.flotilla.contract.v1.ShardDescriptor;
import io.flotilla.contract.v1.ShardLoad;
import io.flotilla.contract.v1.SplitKeysReply;
import io.flotilla.contract.v1.SplitShardReply;
import io.flotilla.contract.v1.TransferLeaderReply;
import io.flotilla.router.Failures;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A few nodes over one store. Shard 1 is the system shard, shard 2 holds all keys until it is
 * split; node 1 leads both at first.
 */
final class FakeCluster implements AutoCloseable {
  static final ByteString CLUSTER_ID = ByteString.copyFrom(new byte[] {0x0c, (byte) 0xff});
  private static final Comparator<ByteString> ORDER =
      ByteString.unsignedLexicographicalComparator();

  final FakeStore store = new FakeStore();
  private final List<FakeNode> nodes = new ArrayList<>();
  private final TreeMap<Long, Route> routes = new TreeMap<>();
  private long version = 1;

  FakeCluster(int size) throws IOException {
    for (int id = 1; id <= size; id++) {
      nodes.add(new FakeNode(id, this));
    }
    routes.put(1L, route(1, KeyRange.getDefaultInstance(), 1));
    routes.put(2L, route(2, KeyRange.getDefaultInstance(), 1));
  }

  private Route route(long shardId, KeyRange range, long rangeVersion) {
    ShardDescriptor.Builder shard =
        ShardDescriptor.newBuilder()
            .setShardId(shardId)
            .setRange(range)
            .setEpoch(Epoch.newBuilder().setMembershipVersion(1).setRangeVersion(rangeVersion));
    for (FakeNode node : nodes) {
      shard.addReplicas(
          Replica.newBuilder()
              .setReplicaId(shardId * 10 + node.id)
              .setNodeId(node.id)
              .setRole(ReplicaRole.REPLICA_ROLE_VOTER));
    }
    return Route.newBuilder().setShard(shard).setLeaderNodeId(1).setLeaderTerm(5).build();
  }

  FakeNode node(int id) {
    return nodes.get(id - 1);
  }

  FlotillaClient.Builder client() {
    return FlotillaClient.builder()
        .endpoints(nodes.stream().map(FakeNode::address).toList())
        .timeout(Duration.ofSeconds(20));
  }

  /** Another node leads; clients that know the old one are not told. */
  synchronized void lead(long shardId, long nodeId) {
    routes.computeIfPresent(
        shardId,
        (id, route) ->
            route.toBuilder()
                .setLeaderNodeId(nodeId)
                .setLeaderTerm(route.getLeaderTerm() + 1)
                .build());
    version++;
  }

  /** Splits the shard of the key; clients that know the old one are not told. */
  synchronized Reply split(ByteString key) {
    Route parent = routeOf(key);
    KeyRange range = parent.getShard().getRange();
    if (range.getStart().equals(key)) {
      return Failures.rejected(ErrorCode.ERROR_CODE_FAILED_PRECONDITION, "a bound already");
    }
    long rangeVersion = parent.getShard().getEpoch().getRangeVersion() + 1;
    long leftId = parent.getShard().getShardId();
    long rightId = routes.lastKey() + 1;
    Route left = route(leftId, range.toBuilder().setEnd(key).build(), rangeVersion);
    Route right = route(rightId, range.toBuilder().setStart(key).build(), rangeVersion);
    routes.put(leftId, left.toBuilder().setLeaderNodeId(parent.getLeaderNodeId()).build());
    routes.put(rightId, right.toBuilder().setLeaderNodeId(parent.getLeaderNodeId()).build());
    version++;
    return Reply.newBuilder()
        .setSplitShard(
            SplitShardReply.newBuilder().setLeft(left.getShard()).setRight(right.getShard()))
        .build();
  }

  private static Reply splitKeys(int parts) {
    SplitKeysReply.Builder keys = SplitKeysReply.newBuilder().setBytes(4_096);
    for (int i = 1; i < parts; i++) {
      keys.addKeys(ByteString.copyFromUtf8("n" + i));
    }
    return Reply.newBuilder().setSplitKeys(keys).build();
  }

  void split(String key) {
    Reply unused = split(ByteString.copyFromUtf8(key));
  }

  /** Tells the clients that have subscribed. */
  void publish() {
    GetCatalogReply catalog = catalog();
    nodes.forEach(node -> node.publish(catalog));
  }

  synchronized GetCatalogReply catalog() {
    GetCatalogReply.Builder catalog =
        GetCatalogReply.newBuilder().setVersion(version).setClusterId(CLUSTER_ID);
    for (FakeNode node : nodes) {
      catalog.addNodes(info(node));
    }
    return catalog.addAllRoutes(routes.values()).build();
  }

  private static NodeInfo info(FakeNode node) {
    return NodeInfo.newBuilder()
        .setNodeId(node.id)
        .setAddress(node.address())
        .putLabels("zone", "z" + node.id)
        .putLabels("rack", "r")
        .build();
  }

  /** What the node answers, as the leader it is or is not. */
  synchronized Reply execute(FakeNode node, Request request) {
    return switch (request.getOperationCase()) {
      case GET_CATALOG -> Reply.newBuilder().setGetCatalog(catalog()).build();
      case NODE_STATUS -> status(request.getContext().getNodeId(), node);
      case SPLIT_SHARD -> split(request.getSplitShard().getKey());
      case SPLIT_KEYS -> splitKeys(request.getSplitKeys().getParts());
      case TRANSFER_LEADER -> transfer(request);
      default -> keys(node, request);
    };
  }

  private Reply keys(FakeNode node, Request request) {
    long asked = request.getContext().getShardId();
    List<ByteString> keys = keysOf(request);
    Route route = asked == 0 ? first(request, keys) : routes.get(asked);
    if (route == null) {
      return Failures.rejected(ErrorCode.ERROR_CODE_NOT_FOUND, "no shard " + asked);
    }
    KeyRange range = route.getShard().getRange();
    boolean inside =
        request.hasScan()
            ? begins(request.getScan(), range)
            : keys.stream().allMatch(key -> contains(range, key));
    if (!inside) {
      return asked == 0
          ? Failures.rejected(ErrorCode.ERROR_CODE_CROSSES_SHARDS, "keys of different shards")
          : stale(route, keys);
    }
    boolean serves =
        asked == 0 || request.getContext().getConsistencyValue() != 0 || leads(node, route);
    return serves ? store.execute(request, range) : notLeader(route);
  }

  private Reply stale(Route route, List<ByteString> keys) {
    Reply reply = Failures.notApplied(ErrorCode.ERROR_CODE_STALE_ROUTE, "the shard was split");
    return Reply.newBuilder()
        .setError(
            reply.getError().toBuilder()
                .addRoutes(route)
                .addAllRoutes(keys.stream().map(this::routeOf).distinct().toList()))
        .build();
  }

  private static Reply notLeader(Route route) {
    Reply reply = Failures.notApplied(ErrorCode.ERROR_CODE_NOT_LEADER, "not the leader");
    return Reply.newBuilder()
        .setError(reply.getError().toBuilder().setLeaderNodeId(route.getLeaderNodeId()))
        .build();
  }

  private Reply transfer(Request request) {
    long shardId = request.getTransferLeader().getShardId();
    lead(shardId, request.getTransferLeader().getToNodeId());
    return Reply.newBuilder()
        .setTransferLeader(
            TransferLeaderReply.newBuilder()
                .setLeaderNodeId(request.getTransferLeader().getToNodeId())
                .setTerm(routes.getOrDefault(shardId, Route.getDefaultInstance()).getLeaderTerm()))
        .build();
  }

  private Reply status(long nodeId, FakeNode asked) {
    FakeNode node = nodeId == 0 ? asked : node((int) nodeId);
    if (node.isStopped()) {
      return Failures.notApplied(ErrorCode.ERROR_CODE_UNAVAILABLE, "node " + nodeId + " is down");
    }
    NodeStatusReply.Builder status =
        NodeStatusReply.newBuilder()
            .setNodeId(node.id)
            .setClusterId(CLUSTER_ID)
            .setAddress(node.address())
            .setVersion("0.1.0")
            .setUptimeMillis(TimeUnit.MINUTES.toMillis(2))
            .setReplicasTotal(routes.size())
            .setThreads(7)
            .setHeapUsedBytes(1 << 20);
    for (Route route : routes.values()) {
      boolean leads = leads(node, route);
      status.addReplicas(
          ReplicaStatus.newBuilder()
              .setShardId(route.getShard().getShardId())
              .setReplicaId(route.getShard().getShardId() * 10 + node.id)
              .setNodeId(node.id)
              .setRole(leads ? RaftRole.RAFT_ROLE_LEADER : RaftRole.RAFT_ROLE_FOLLOWER)
              .setTerm(route.getLeaderTerm())
              .setLeaderNodeId(route.getLeaderNodeId())
              .setCommitIndex(42)
              .setShard(route.getShard()));
      if (leads) {
        status.addLoads(
            ShardLoad.newBuilder()
                .setShardId(route.getShard().getShardId())
                .setMeasured(true)
                .setBytes(4_096)
                .setReadsPerSecond(2.5)
                .setWritesPerSecond(0.5));
      }
    }
    return Reply.newBuilder().setNodeStatus(status).build();
  }

  private static boolean leads(FakeNode node, Route route) {
    return route.getLeaderNodeId() == node.id;
  }

  private Route routeOf(ByteString key) {
    return routes.tailMap(2L).values().stream()
        .filter(route -> contains(route.getShard().getRange(), key))
        .findFirst()
        .orElseThrow();
  }

  private Route first(Request request, List<ByteString> keys) {
    return request.hasScan()
        ? routes.tailMap(2L).values().stream()
            .filter(route -> begins(request.getScan(), route.getShard().getRange()))
            .findFirst()
            .orElseThrow()
        : routeOf(keys.get(0));
  }

  /** Whether the shard holds the first keys of the scan, which are the last ones in reverse. */
  private static boolean begins(ScanRequest scan, KeyRange shard) {
    ByteString end = scan.getRange().getEnd();
    if (!scan.getReverse()) {
      return contains(shard, scan.getRange().getStart());
    }
    return end.isEmpty()
        ? shard.getEnd().isEmpty()
        : ORDER.compare(shard.getStart(), end) < 0
            && (shard.getEnd().isEmpty() || ORDER.compare(end, shard.getEnd()) <= 0);
  }

  private static List<ByteString> keysOf(Request request) {
    return switch (request.getOperationCase()) {
      case GET -> List.of(request.getGet().getKey());
      case MULTI_GET -> request.getMultiGet().getKeysList();
      case PUT -> List.of(request.getPut().getKey());
      case DELETE -> List.of(request.getDelete().getKey());
      case COMPARE_AND_SET -> List.of(request.getCompareAndSet().getKey());
      case INCREMENT -> List.of(request.getIncrement().getKey());
      case DELETE_RANGE -> List.of(request.getDeleteRange().getRange().getStart());
      case SETTLE_WRITE -> List.of(request.getSettleWrite().getKey());
      case BATCH ->
          request.getBatch().getMutationsList().stream()
              .map(mutation -> mutation.getKey())
              .toList();
      default -> List.of(request.getScan().getRange().getStart());
    };
  }

  static boolean contains(KeyRange range, ByteString key) {
    return ORDER.compare(range.getStart(), key) <= 0
        && (range.getEnd().isEmpty() || ORDER.compare(key, range.getEnd()) < 0);
  }

  static KeyRange common(KeyRange a, KeyRange b) {
    ByteString start = ORDER.compare(a.getStart(), b.getStart()) >= 0 ? a.getStart() : b.getStart();
    boolean second =
        a.getEnd().isEmpty()
            || (!b.getEnd().isEmpty() && ORDER.compare(b.getEnd(), a.getEnd()) < 0);
    return KeyRange.newBuilder().setStart(start).setEnd(second ? b.getEnd() : a.getEnd()).build();
  }

  @Override
  public void close() {
    nodes.forEach(FakeNode::close);
  }
}
