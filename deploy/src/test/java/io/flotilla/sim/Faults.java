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
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/** What goes wrong, and what operators do meanwhile: drawn by the seed, then again and again. */
final class Faults {
  /** Kinds of trouble; a seed has some of them, so that no kind hides another (swarm testing). */
  enum Kind {
    CRASH,
    CRASH_AT_COMMIT,
    CRASH_AT_FILE,
    CRASH_AT_INSTALL,
    POWER_LOSS_OF_SOME,
    POWER_LOSS_OF_ALL,
    ISOLATE,
    ONE_WAY_CUT,
    PARTIAL_PARTITION,
    SWIZZLE,
    WEATHER,
    RESET,
    PAUSE,
    CLOCK_RATE,
    CLOCK_FREEZE,
    WALL_CLOCK_JUMP,
    DISK_SPEED,
    DISK_STALL,
    DISK_FULL,
    DISK_ERROR,
    FILE_ERROR,
    DISK_BROKEN,
    DISK_WIPED,
    DISK_ROLLED_BACK,
    SPLIT,
    TRANSFER,
    CHANGE_REPLICAS,
    PLACEMENT,
    NODE_JOIN,
    NODE_REMOVAL
  }

  private static final int OPERATOR_TIMEOUT_MILLIS = 3_000;
  private static final long LONGEST_PAUSE_NANOS = 10 * World.SECONDS;
  private static final long LONGEST_REST_NANOS = World.SECONDS;
  private static final long LONGEST_JUMP_MILLIS = 20_000;

  /** What faults must have done in a thousand seeds: each has struck, and had its effect. */
  static List<String> effects() {
    List<String> all = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      all.add("fault " + kind);
    }
    all.addAll(
        List.of(
            "died simulated crash before commit N",
            "died simulated crash after commit N",
            "died at a step of a file",
            "died of a failed commit",
            "clogged links let go",
            "clogged links emptied by loss",
            "streams broken by a reset",
            "commits waited for room",
            "answers that the store is full",
            "leaders with a stuck disk stepped down",
            "snapshots cut off",
            "snapshots resumed",
            "snapshots met a failing file",
            "wiped stores refused",
            "disks rolled back",
            "rolled back stores refused",
            "leaders deaf at a transfer",
            "voters restarted under a lease"));
    return all;
  }

  private final World world;
  private final NetworkFaults networkFaults;
  private final DiskFaults diskFaults;
  private final List<SimNode> nodes;
  private final Router operator;
  private final List<String> splitKeys;
  private final Coverage coverage;
  private final SplittableRandom random;
  private final Set<Kind> kinds;
  private final long everyNanos;
  private final ReplicaShuffle shuffle;
  private final PlacementOrders placement;
  private boolean on = true;

  Faults(
      World world,
      SimNetwork network,
      List<SimNode> nodes,
      Router operator,
      List<String> splitKeys,
      Coverage coverage,
      boolean trustsClocks,
      boolean copiesMove) {
    this.world = world;
    this.networkFaults = new NetworkFaults(world, network, nodes.size());
    this.diskFaults = new DiskFaults(world, nodes, coverage);
    this.nodes = nodes;
    this.operator = operator;
    this.splitKeys = new ArrayList<>(splitKeys);
    this.coverage = coverage;
    this.random = world.fork();
    this.kinds = EnumSet.noneOf(Kind.class);
    double share = 0.1 + random.nextDouble(0.4);
    for (Kind kind : Kind.values()) {
      if (random.nextDouble() < share) {
        kinds.add(kind);
      }
    }
    if (trustsClocks) {
      kinds.remove(Kind.CLOCK_RATE); // R22: a lease does not survive such clocks
      kinds.remove(Kind.CLOCK_FREEZE);
    }
    boolean losesDisks =
        kinds.contains(Kind.DISK_WIPED)
            || kinds.contains(Kind.DISK_BROKEN)
            || kinds.contains(Kind.DISK_ROLLED_BACK);
    if (copiesMove || kinds.contains(Kind.CHANGE_REPLICAS) || kinds.contains(Kind.PLACEMENT)) {
      diskFaults.copiesMove();
    }
    this.placement = new PlacementOrders(operator, world.fork(), this::order);
    this.shuffle = new ReplicaShuffle(world.fork(), losesDisks ? 3 : 2);
    this.everyNanos = (100 + random.nextInt(900)) * World.MILLIS;
    world.note("faults " + kinds + " every " + everyNanos / World.MILLIS + " ms");
  }

  /** Whether clocks may stand still or run unevenly in this run. */
  boolean distortClocks() {
    return kinds.contains(Kind.CLOCK_RATE) || kinds.contains(Kind.CLOCK_FREEZE);
  }

  void begin() {
    if (kinds.contains(Kind.CHANGE_REPLICAS)) {
      world.after(random.nextLong(LONGEST_REST_NANOS) + 1, "change", this::changeOn);
    }
    strikeLater();
  }

  /** Replicas come and go all the time, else nothing would meet another fault on its way. */
  private void changeOn() {
    if (on) {
      if (changeReplicas()) {
        coverage.count("fault " + Kind.CHANGE_REPLICAS);
      }
      world.after(random.nextLong(LONGEST_REST_NANOS) + 1, "change", this::changeOn);
    }
  }

  private void strikeLater() {
    world.after(random.nextLong(everyNanos) + everyNanos / 2, "fault", this::next);
  }

  void end() {
    on = false;
    placement.undrain();
    diskFaults.end();
  }

  private void next() {
    if (!on) {
      return;
    }
    if (!kinds.isEmpty()) {
      List<Kind> choice = List.copyOf(kinds);
      strike(choice.get(random.nextInt(choice.size())));
    }
    strikeLater();
  }

  private void strike(Kind kind) {
    SimNode node = nodes.get(random.nextInt(nodes.size()));
    world.note(kind + " " + node.place());
    boolean struck =
        switch (kind) {
          case ISOLATE, ONE_WAY_CUT, PARTIAL_PARTITION, SWIZZLE, WEATHER, RESET ->
              strikeNetwork(kind, node.place());
          case SPLIT -> split();
          case TRANSFER -> transfer(node.place());
          case CHANGE_REPLICAS -> changeReplicas();
          case PLACEMENT -> placement.next();
          case NODE_JOIN -> letJoin();
          case NODE_REMOVAL -> removeNewest();
          case POWER_LOSS_OF_SOME -> powerLoss(2);
          case POWER_LOSS_OF_ALL -> random.nextInt(4) == 0 && powerLoss(1);
          case DISK_WIPED, DISK_BROKEN -> loseDisk(kind, node);
          default -> node.isUp() && strikeNode(kind, node);
        };
    if (struck) {
      coverage.count("fault " + kind);
    }
  }

  private boolean strikeNetwork(Kind kind, int place) {
    switch (kind) {
      case ISOLATE -> networkFaults.isolate(place);
      case ONE_WAY_CUT -> networkFaults.cutOneWay(place);
      case PARTIAL_PARTITION -> networkFaults.cutPair(place);
      case SWIZZLE -> networkFaults.swizzle();
      case WEATHER -> networkFaults.burst();
      default -> networkFaults.reset(place);
    }
    return true;
  }

  private boolean strikeNode(Kind kind, SimNode node) {
    switch (kind) {
      case CRASH -> node.dies();
      case CRASH_AT_COMMIT -> diskFaults.crashAtCommit(node);
      case CRASH_AT_FILE -> diskFaults.crashAtFile(node);
      case CRASH_AT_INSTALL -> diskFaults.crashAtInstall(node);
      case PAUSE -> node.pause(pauseNanos());
      case CLOCK_FREEZE -> node.freeze(pauseNanos());
      case CLOCK_RATE -> node.clock().rate(0.5 + random.nextDouble(1.5));
      case WALL_CLOCK_JUMP ->
          node.jumpWallClock(random.nextLong(-LONGEST_JUMP_MILLIS, LONGEST_JUMP_MILLIS));
      case DISK_SPEED -> diskFaults.changeSpeed(node);
      case DISK_STALL -> diskFaults.stall(node);
      case DISK_FULL -> diskFaults.fill(node);
      case DISK_ERROR -> diskFaults.failCommit(node);
      case DISK_ROLLED_BACK -> diskFaults.rollBack(node);
      default -> diskFaults.failFile(node);
    }
    return true;
  }

  private long pauseNanos() {
    long longest = random.nextInt(3) == 0 ? LONGEST_PAUSE_NANOS : 2 * World.SECONDS;
    return World.MILLIS * 100 + random.nextLong(longest);
  }

  private boolean powerLoss(int oneIn) {
    boolean any = false;
    for (SimNode node : nodes) {
      if (random.nextInt(oneIn) == 0 && node.isUp()) {
        node.dies();
        any = true;
      }
    }
    return any;
  }

  private boolean loseDisk(Kind kind, SimNode node) {
    if (!diskFaults.maySpare(node)) {
      return false;
    }
    if (kind == Kind.DISK_BROKEN) {
      node.breakDisk();
    } else {
      node.wipe();
      world.after(random.nextLong(2 * World.SECONDS), "boot", node::boot);
    }
    return true;
  }

  private boolean split() {
    if (splitKeys.isEmpty()) {
      return false;
    }
    splitOnce();
    if (random.nextBoolean() && !splitKeys.isEmpty()) {
      splitOnce(); // perhaps of the same shard: the later one must find out (M11)
    }
    return true;
  }

  private void splitOnce() {
    String key = splitKeys.remove(random.nextInt(splitKeys.size()));
    order(
        Request.newBuilder()
            .setSplitShard(SplitShardRequest.newBuilder().setKey(ByteString.copyFromUtf8(key))),
        "split at " + key);
  }

  private boolean transfer(int toNode) {
    List<Route> routes = operator.routes().table().snapshot().allRoutes();
    if (routes.isEmpty()) {
      return false;
    }
    long shardId = routes.get(random.nextInt(routes.size())).getShard().getShardId();
    order(
        Request.newBuilder()
            .setTransferLeader(
                TransferLeaderRequest.newBuilder().setShardId(shardId).setToNodeId(toNode)),
        "transfer of shard " + shardId + " to node " + toNode);
    return true;
  }

  private boolean letJoin() {
    List<SimNode> waiting = nodes.stream().filter(node -> !node.hasBegun()).toList();
    waiting.forEach(SimNode::boot);
    return !waiting.isEmpty();
  }

  private boolean changeReplicas() {
    List<Route> routes = operator.routes().table().snapshot().allRoutes();
    List<Long> known =
        operator.routes().directory().nodes().stream().map(NodeInfo::getNodeId).toList();
    if (routes.isEmpty()) {
      return false;
    }
    Optional<ChangeReplicasRequest> next =
        shuffle.next(routes.get(random.nextInt(routes.size())), known);
    next.ifPresent(
        change ->
            order(
                Request.newBuilder().setChangeReplicas(change),
                "change of shard " + change.getShardId() + " " + words(change)));
    return next.isPresent();
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
  private boolean removeNewest() {
    Optional<Long> newest = nodes.get(nodes.size() - 1).nodeId();
    newest.ifPresent(this::remove);
    return newest.isPresent();
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
