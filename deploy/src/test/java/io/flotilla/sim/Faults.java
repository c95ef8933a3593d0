package io.flotilla.sim;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.CatalogUpdateRequest;
import io.flotilla.contract.v1.ChangeReplicasRequest;
import io.flotilla.contract.v1.Context;
import io.flotilla.contract.v1.NodeInfo;
import io.flotilla.contract.v1.RemoveNodeRequest;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.Route;
import io.flotilla.contract.v1.SplitShardRequest;
import io.flotilla.contract.v1.TransferLeaderRequest;
import io.flotilla.router.Router;
import io.flotilla.storage.SimOrderedStore.CrashPoint;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** What goes wrong, and what operators do meanwhile: drawn by the seed, then again and again. */
final class Faults {
  /** Kinds of trouble; a seed has some of them, so that no kind hides another (swarm testing). */
  enum Kind {
    CRASH,
    CRASH_AT_COMMIT,
    POWER_LOSS_OF_ALL,
    ISOLATE,
    ONE_WAY_CUT,
    PARTIAL_PARTITION,
    PAUSE,
    SPLIT,
    TRANSFER,
    CHANGE_REPLICAS,
    NODE_JOIN,
    NODE_REMOVAL
  }

  private static final int OPERATOR_TIMEOUT_MILLIS = 3_000;

  private final World world;
  private final SimNetwork network;
  private final List<SimNode> nodes;
  private final Router operator;
  private final List<String> splitKeys;
  private final Coverage coverage;
  private final SplittableRandom random;
  private final Set<Kind> kinds;
  private final long everyNanos;
  private final ReplicaShuffle shuffle;
  private boolean on = true;

  Faults(
      World world,
      SimNetwork network,
      List<SimNode> nodes,
      Router operator,
      List<String> splitKeys,
      Coverage coverage) {
    this.world = world;
    this.network = network;
    this.nodes = nodes;
    this.operator = operator;
    this.splitKeys = new ArrayList<>(splitKeys);
    this.coverage = coverage;
    this.random = world.fork();
    this.shuffle = new ReplicaShuffle(world.fork());
    this.kinds = EnumSet.noneOf(Kind.class);
    for (Kind kind : Kind.values()) {
      if (random.nextBoolean()) {
        kinds.add(kind);
      }
    }
    this.everyNanos = (100 + random.nextInt(900)) * World.MILLIS;
    world.note("faults " + kinds + " every " + everyNanos / World.MILLIS + " ms");
  }

  void begin() {
    world.after(random.nextLong(everyNanos) + everyNanos / 2, "fault", this::next);
  }

  void end() {
    on = false;
  }

  private void next() {
    if (!on) {
      return;
    }
    if (!kinds.isEmpty()) {
      List<Kind> choice = List.copyOf(kinds);
      strike(choice.get(random.nextInt(choice.size())));
    }
    begin();
  }

  private void strike(Kind kind) {
    int victim = random.nextInt(nodes.size());
    SimNode node = nodes.get(victim);
    coverage.count("fault " + kind);
    switch (kind) {
      case CRASH -> {
        node.crash();
        bootLater(node);
      }
      case CRASH_AT_COMMIT -> {
        if (node.isUp()) {
          var store = random.nextInt(3) == 0 ? node.disk().state() : node.disk().journal();
          CrashPoint[] points = CrashPoint.values();
          store.crashAtCommit(1 + random.nextInt(4), points[random.nextInt(points.length)]);
          bootLater(node);
        }
      }
      case POWER_LOSS_OF_ALL -> {
        if (random.nextInt(4) == 0) {
          nodes.forEach(SimNode::crash);
          nodes.forEach(this::bootLater);
        }
      }
      case ISOLATE -> cutOff(victim + 1, true, true);
      case ONE_WAY_CUT -> cutOff(victim + 1, random.nextBoolean(), false);
      case PARTIAL_PARTITION -> {
        int other = 1 + (victim + 1 + random.nextInt(nodes.size() - 1)) % nodes.size();
        cutLink(victim + 1, other);
        cutLink(other, victim + 1);
      }
      case PAUSE -> node.pause(random.nextLong(3 * World.SECONDS));
      case SPLIT -> split();
      case TRANSFER -> transfer(victim + 1);
      case CHANGE_REPLICAS -> changeReplicas();
      case NODE_JOIN -> nodes.stream().filter(n -> !n.hasBegun()).forEach(SimNode::boot);
      case NODE_REMOVAL -> removeNewest();
    }
  }

  private void bootLater(SimNode node) {
    world.after(random.nextLong(2 * World.SECONDS), "boot", node::boot);
  }

  private void cutOff(int place, boolean in, boolean out) {
    for (int other = 1; other <= nodes.size(); other++) {
      if (other != place) {
        if (in) {
          cutLink(other, place);
        }
        if (out || !in) {
          cutLink(place, other);
        }
      }
    }
  }

  private void cutLink(int from, int to) {
    network.cut(from, to);
    world.after(random.nextLong(3 * World.SECONDS), "mend", () -> network.mend(from, to));
  }

  private void split() {
    if (splitKeys.isEmpty()) {
      return;
    }
    String key = splitKeys.remove(random.nextInt(splitKeys.size()));
    order(
        Request.newBuilder()
            .setSplitShard(SplitShardRequest.newBuilder().setKey(ByteString.copyFromUtf8(key))),
        "split at " + key);
  }

  private void transfer(int toNode) {
    List<Route> routes = operator.routes().table().snapshot().allRoutes();
    if (routes.isEmpty()) {
      return;
    }
    long shardId = routes.get(random.nextInt(routes.size())).getShard().getShardId();
    order(
        Request.newBuilder()
            .setTransferLeader(
                TransferLeaderRequest.newBuilder().setShardId(shardId).setToNodeId(toNode)),
        "transfer of shard " + shardId + " to node " + toNode);
  }

  private void changeReplicas() {
    List<Route> routes = operator.routes().table().snapshot().allRoutes();
    List<Long> known =
        operator.routes().directory().nodes().stream().map(NodeInfo::getNodeId).toList();
    if (routes.isEmpty()) {
      return;
    }
    shuffle
        .next(routes.get(random.nextInt(routes.size())), known)
        .ifPresent(
            change ->
                order(
                    Request.newBuilder().setChangeReplicas(change),
                    "change of shard " + change.getShardId() + " " + words(change)));
  }

  private static String words(ChangeReplicasRequest change) {
    return change.getChangesList().stream()
        .map(
            c ->
                c.getNodeId() + ":" + c.getKind().name().substring("REPLICA_CHANGE_KIND_".length()))
        .toList()
        .toString();
  }

  /** The node that joined last goes. */
  private void removeNewest() {
    nodes.get(nodes.size() - 1).nodeId().ifPresent(this::remove);
  }

  private void remove(long nodeId) {
    order(
        Request.newBuilder()
            .setCatalogUpdate(
                CatalogUpdateRequest.newBuilder()
                    .setRemoveNode(RemoveNodeRequest.newBuilder().setNodeId(nodeId))),
        "removal of node " + nodeId);
  }

  private void order(Request.Builder request, String what) {
    world.note(what);
    var unused =
        operator
            .dispatcher()
            .dispatch(
                request
                    .setContext(Context.newBuilder().setTimeoutMillis(OPERATOR_TIMEOUT_MILLIS))
                    .build())
            .thenAccept(
                reply -> {
                  String kind = what.substring(0, what.indexOf(' '));
                  coverage.count(kind + (reply.hasError() ? " failed" : " done"));
                  world.note(
                      what + (reply.hasError() ? ": " + reply.getError().getMessage() : ": done"));
                });
  }
}
