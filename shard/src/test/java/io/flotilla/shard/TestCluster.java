package io.flotilla.shard;

import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.NodeInfo;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.internal.v1.SnapshotChunk;
import io.flotilla.shard.catalog.Rules;
import io.flotilla.shard.descriptor.KeyRange;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.shard.kv.Failures;
import io.flotilla.shard.support.Shards;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;

/**
 * Nodes 1..n of a new cluster in one thread. Nothing moves but by {@link #settle} and {@link
 * #tick}; each pass gives every loop one turn, every writer one task, and delivers what was sent.
 */
final class TestCluster {
  private static final int MAX_PASSES = 100_000;
  private static final int MAX_TICKS = 300;

  private final Map<Long, TestNode> nodes = new TreeMap<>();
  private final Queue<Runnable> network = new ArrayDeque<>();
  private final Set<Long> cutOff = new HashSet<>();
  private final Set<Long> frozen = new HashSet<>();
  private final List<SnapshotChunk> chunks = new ArrayList<>();
  private CompletableFuture<Boolean> idsLate = CompletableFuture.completedFuture(true);
  private long tickNumber;

  TestCluster(int size) {
    this(size, TestNode.config());
  }

  TestCluster(int size, HostConfig config) {
    this(size, 0, config);
  }

  /** Nodes that hold all shards, and after them some that hold nothing. */
  TestCluster(int size, int spare, HostConfig config) {
    long[] ids = LongStream.rangeClosed(1, size).toArray();
    long[] all = LongStream.rangeClosed(1, size + spare).toArray();
    List<ShardDescriptor> shards =
        List.of(
            Shards.of(ShardDescriptor.SYSTEM_SHARD_ID, KeyRange.ALL, ids),
            Shards.of(ShardDescriptor.FIRST_USER_SHARD_ID, KeyRange.ALL, ids));
    List<NodeInfo> infos =
        LongStream.of(all)
            .mapToObj(id -> NodeInfo.newBuilder().setNodeId(id).setAddress("n" + id).build())
            .toList();
    for (long id : all) {
      TestNode node = new TestNode(id, this, config);
      nodes.put(id, node);
      node.begin();
      var unused = node.host().bootstrap(infos, shards, Rules.of(size));
      node.disk().settle();
      node.host().start();
    }
  }

  TestNode node(long id) {
    return Optional.ofNullable(nodes.get(id)).orElseThrow();
  }

  Collection<TestNode> nodes() {
    return nodes.values();
  }

  long nanos() {
    return tickNumber * TestNode.TICK_MILLIS * 1_000_000L;
  }

  // ---- the network

  void send(long from, long to, Runnable arrival) {
    network.add(
        () -> {
          if (!cutOff.contains(from) && !cutOff.contains(to)) {
            arrival.run();
          }
        });
  }

  /** Part of a snapshot leaves a node. */
  void chunkSent(SnapshotChunk chunk) {
    chunks.add(chunk);
  }

  /** All parts of snapshots that have left a node so far. */
  List<SnapshotChunk> chunks() {
    return chunks;
  }

  /** Nothing comes from or to the node any more. */
  void cutOff(long id) {
    cutOff.add(id);
  }

  void reconnect(long id) {
    cutOff.remove(id);
  }

  void heal() {
    cutOff.clear();
  }

  // ---- time

  /** The node's process stands still; what comes for it waits, and time goes on. */
  void freeze(long id, boolean still) {
    if (still) {
      frozen.add(id);
    } else {
      frozen.remove(id);
    }
  }

  /** Everything that can happen without time passing. */
  void settle() {
    for (int i = 0; i < MAX_PASSES; i++) {
      if (!pass()) {
        return;
      }
    }
    throw new AssertionError("does not come to rest");
  }

  /** One pass; false when nothing moved. */
  boolean pass() {
    boolean moved = false;
    for (TestNode node : nodes.values()) {
      moved |= !frozen.contains(node.id()) && node.pass();
    }
    List<Runnable> arriving = new ArrayList<>(network);
    network.clear();
    arriving.forEach(Runnable::run);
    return moved || !arriving.isEmpty();
  }

  void tick() {
    beginTick();
    settle();
  }

  /** A tick whose consequences do not happen yet. */
  void beginTick() {
    tickNumber++;
    nodes.values().stream().filter(n -> !frozen.contains(n.id())).forEach(TestNode::tick);
  }

  void tick(int times) {
    for (int i = 0; i < times; i++) {
      tick();
    }
  }

  void tickUntil(String what, BooleanSupplier condition) {
    settle();
    for (int i = 0; !condition.getAsBoolean(); i++) {
      if (i == MAX_TICKS) {
        throw new AssertionError("in " + MAX_TICKS + " ticks not: " + what);
      }
      tick();
    }
  }

  // ---- requests

  /** The node that leads the shard, after waiting for one that is connected. */
  TestNode leader(long shardId) {
    tickUntil("shard " + shardId + " has a leader", () -> findLeader(shardId).isPresent());
    return findLeader(shardId).orElseThrow();
  }

  private Optional<TestNode> findLeader(long shardId) {
    return nodes.values().stream()
        .filter(node -> node.isUp() && !cutOff.contains(node.id()) && !frozen.contains(node.id()))
        .filter(node -> node.host().replica(shardId).map(Replica::isLeader).orElse(false))
        .findFirst();
  }

  /** To the leader, and as much time as it takes. */
  Reply ask(long shardId, Request request) {
    CompletableFuture<Reply> reply =
        leader(shardId).host().execute(Requesting.at(shardId, request));
    tickUntil("an answer to " + request, reply::isDone);
    return reply.join();
  }

  /** All in one turn, to the leader. */
  List<Reply> askAll(long shardId, List<Request> requests) {
    ShardHost host = leader(shardId).host();
    List<CompletableFuture<Reply>> replies =
        requests.stream().map(r -> host.execute(Requesting.at(shardId, r))).toList();
    tickUntil("answers", () -> replies.stream().allMatch(CompletableFuture::isDone));
    return replies.stream().map(CompletableFuture::join).toList();
  }

  /** Whoever asks the catalog for ids hears of them when this is done. */
  void delayIds(CompletableFuture<Boolean> until) {
    idsLate = until;
  }

  /** What a node asks of others: whoever serves it is asked once, if the two can talk. */
  CompletableFuture<Reply> dispatch(long from, Request request) {
    if (cutOff.contains(from)) {
      return unavailable("node " + from + " is cut off");
    }
    boolean forIds = request.getCatalogUpdate().hasAllocateIds();
    return server(request)
        .map(node -> node.host().execute(request))
        .map(reply -> forIds ? reply.thenCombine(idsLate, (ids, late) -> ids) : reply)
        .orElseGet(() -> unavailable("nobody there"));
  }

  private Optional<TestNode> server(Request request) {
    return switch (request.getOperationCase()) {
      case NODE_STATUS -> reachable(request.getNodeStatus().getNodeId());
      case CHANGE_REPLICAS -> findLeader(request.getChangeReplicas().getShardId());
      case SPLIT_SHARD -> findLeader(request.getContext().getShardId());
      case TRANSFER_LEADER -> findLeader(request.getTransferLeader().getShardId());
      default -> findLeader(ShardDescriptor.SYSTEM_SHARD_ID);
    };
  }

  private Optional<TestNode> reachable(long id) {
    return Optional.of(node(id))
        .filter(node -> node.isUp() && !cutOff.contains(id) && !frozen.contains(id));
  }

  private static CompletableFuture<Reply> unavailable(String why) {
    return CompletableFuture.completedFuture(
        Failures.notApplied(ErrorCode.ERROR_CODE_UNAVAILABLE, why));
  }
}
