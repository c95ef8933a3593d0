package io.flotilla.shard;

import io.flotilla.contract.v1.CatalogUpdateRequest;
import io.flotilla.contract.v1.Context;
import io.flotilla.contract.v1.Operation;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.Route;
import io.flotilla.contract.v1.ShardLoad;
import io.flotilla.shard.catalog.CatalogStateMachine;
import io.flotilla.shard.catalog.Rules;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.shard.placement.ClusterView;
import io.flotilla.shard.placement.Move;
import io.flotilla.shard.placement.Planner;
import io.flotilla.shard.placement.ShardView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that replicas and leaders are where they should be. Works where the system shard is
 * led; confined to its loop.
 *
 * <p>Each round looks at the nodes, lets the operations of the catalog go on, and begins new ones
 * for what {@link Planner} finds. It keeps nothing that matters: rules and operations are in the
 * catalog, and whoever leads next begins with a look at the nodes.
 */
final class Scheduler {
  private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);
  private static final int BEGIN_TIMEOUT_MILLIS = 5_000;

  private final HostParts parts;
  private final Replica system;
  private final NodeWatch nodes;
  private final OperationRunner runner;
  private final LeaderBalancer leaders;
  private final AutoSplits splits;
  private final KnownLoads loads = new KnownLoads();

  /** Asked of the catalog, and not answered yet. */
  private final Map<Long, Move> beginning = new HashMap<>();

  private long term;
  private long roundsInTerm;

  Scheduler(Replica system, HostParts parts) {
    this.parts = parts;
    this.system = system;
    this.nodes = new NodeWatch(parts, task -> system.loop().enqueue(task));
    this.runner =
        new OperationRunner(
            parts, nodes, task -> system.loop().enqueue(task), this::advanceOperations);
    this.leaders = new LeaderBalancer(parts.cluster());
    this.splits = new AutoSplits(parts, task -> system.loop().enqueue(task));
  }

  /** The end of a tick with this number. */
  void tick(long tick) {
    if (tick % parts.config().scheduler().roundTicks() != 0
        || !system.isLeader()
        || system.applier().isAtBarrier()) {
      return;
    }
    if (term != system.node().term()) {
      begin();
    }
    CatalogStateMachine catalog = catalog();
    loads.update(nodes.loads());
    roundsInTerm++;
    nodes.ask(catalog.nodes());
    runner.advance(catalog);
    if (parts.config().scheduler().automatic() && roundsInTerm > 1) {
      Planner.next(view()).moves().forEach(this::start);
      splits.round(view(), nodes.loads());
      if (catalog.rules().getRebalance()) {
        leaders.balance(catalog.routes(), movableTo(catalog), loads::of, tick);
      }
    }
  }

  /** What one step has made possible need not wait for the next round. */
  private void advanceOperations() {
    if (system.isLeader() && !system.applier().isAtBarrier() && term == system.node().term()) {
      runner.advance(catalog());
    }
  }

  private void begin() {
    term = system.node().term();
    roundsInTerm = 0;
    nodes.reset();
    runner.reset();
    splits.reset();
    beginning.clear();
  }

  CatalogStateMachine catalog() {
    return (CatalogStateMachine) system.machine();
  }

  private List<Long> movableTo(CatalogStateMachine catalog) {
    return catalog.nodes().stream()
        .map(nodes::view)
        .filter(node -> node.mayLead())
        .map(node -> node.nodeId())
        .toList();
  }

  /** The cluster as it is known here now. */
  ClusterView view() {
    CatalogStateMachine catalog = catalog();
    Map<Long, ShardLoad> loads = nodes.loads();
    List<ShardView> shards = new ArrayList<>();
    shards.add(view(catalog.descriptor(), parts.nodeId(), loads));
    for (Route route : catalog.routes()) {
      shards.add(view(Descriptors.fromProto(route.getShard()), route.getLeaderNodeId(), loads));
    }
    List<Move> underWay = new ArrayList<>(beginning.values());
    for (Operation operation : catalog.operationsUnderWay()) {
      if (!beginning.containsKey(operation.getShardId())) {
        underWay.add(move(operation));
      }
    }
    SchedulerConfig config = parts.config().scheduler();
    return new ClusterView(
        catalog.nodes().stream().map(nodes::view).toList(),
        shards,
        underWay,
        catalog.rules().getRebalance(),
        new ClusterView.Limits(config.movesPerNode(), config.movesAtOnce()));
  }

  private ShardView view(ShardDescriptor shard, long leader, Map<Long, ShardLoad> loads) {
    ShardLoad load = loads.getOrDefault(shard.shardId(), ShardLoad.getDefaultInstance());
    return new ShardView(shard, leader, Rules.replicas(catalog().rules(), shard), load.getBytes());
  }

  private static Move move(Operation operation) {
    return new Move(
        operation.getShardId(),
        operation.getFromNodeId(),
        operation.getToNodeId(),
        operation.getCause());
  }

  /** The update of the catalog with which a move begins, decided on what the catalog knows now. */
  Request begin(Move move) {
    long version =
        catalog().shard(move.shardId()).map(s -> s.epoch().membershipVersion()).orElse(0L);
    return Request.newBuilder()
        .setContext(Context.newBuilder().setTimeoutMillis(BEGIN_TIMEOUT_MILLIS))
        .setCatalogUpdate(
            CatalogUpdateRequest.newBuilder()
                .setBeginOperation(
                    Operation.newBuilder()
                        .setShardId(move.shardId())
                        .setFromNodeId(move.fromNodeId())
                        .setToNodeId(move.toNodeId())
                        .setCause(move.cause())
                        .setMembershipVersion(version)))
        .build();
  }

  private void start(Move move) {
    long startedIn = term;
    beginning.put(move.shardId(), move);
    LOG.atInfo().addKeyValue("shard", move.shardId()).log("{}: {}", move.inWords(), move.cause());
    var unused =
        parts
            .cluster()
            .apply(begin(move))
            .whenComplete(
                (reply, failure) ->
                    system
                        .loop()
                        .enqueue(
                            () -> {
                              if (term == startedIn) {
                                beginning.remove(move.shardId());
                              }
                            }));
  }

  /** What is to be said of splits of a shard; empty: nothing. */
  String splitsOf(ShardView shard) {
    return splits.explain(view(), shard, nodes.loads());
  }
}
