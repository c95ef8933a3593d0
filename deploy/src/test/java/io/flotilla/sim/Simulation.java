package io.flotilla.sim;

import io.flotilla.contract.v1.Operation;
import io.flotilla.contract.v1.OperationCause;
import io.flotilla.contract.v1.OperationState;
import io.flotilla.history.Calls;
import io.flotilla.history.History;
import io.flotilla.history.LinearizabilityChecker;
import io.flotilla.history.StalenessChecker;
import io.flotilla.raft.RaftConfig;
import io.flotilla.shard.HostConfig;
import io.flotilla.shard.SchedulerConfig;
import io.flotilla.shard.SplitConfig;
import io.flotilla.shard.kv.Limits;
import io.flotilla.sim.invariants.Invariant;
import io.flotilla.sim.invariants.Oracle;
import io.flotilla.sim.invariants.Tally;
import io.flotilla.sim.invariants.Tripwire;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One run from one seed: a cluster is founded, clients work while faults happen, all is healed, and
 * then everything must be as promised: the history linearizable, the replicas alike, the key space
 * covered, and the cluster alive.
 */
final class Simulation {
  private static final long CHAOS_NANOS = 15 * World.SECONDS;
  private static final long PATIENCE_NANOS = 60 * World.SECONDS;
  private static final long QUIET_NANOS = World.SECONDS;
  private static final long MAX_CONFIGURATIONS = 2_000_000;
  private static final int KEYS = 8;

  /** Makes a generator of its own, so that nothing else of a run depends on this choice. */
  private static final long SPLITS = 0x59_11_75;

  /** Of {@code RaftConfig.defaults}, which replicas run with. */
  private static final long MOST_LAG = RaftConfig.defaults(1).maxPromotionLag();

  private final World world;
  private final SplittableRandom random;
  private final SimNetwork network;
  private final Coverage coverage;
  private final History history;
  private final List<SimNode> nodes = new ArrayList<>();
  private final List<SimClient> clients = new ArrayList<>();
  private final List<String> keys;
  private final List<SimNode> founders;
  private final boolean trustsClocks;
  private boolean clocksRanTrue;
  private final SplitConfig splits;
  private final HostConfig config;
  private final Tally tally;
  private final Oracle oracle;
  private int processes;

  /**
   * A world before its first event.
   *
   * @param lmdb an empty directory for real LMDB environments beside the simulated disks; the run
   *     is the same with and without
   */
  Simulation(long seed, Coverage coverage, boolean talks, Optional<Path> lmdb) {
    this.world = new World(seed, talks);
    this.random = world.fork();
    this.tally = new Tally(world::fault);
    this.coverage = coverage;
    this.network = new SimNetwork(world, coverage);
    this.history = new History(world::now);
    world.listen(history::note);
    this.keys = IntStream.range(0, KEYS).mapToObj(i -> "k" + i).toList();
    int size = random.nextInt(4) == 0 ? 5 : 3;
    List<Integer> places = IntStream.rangeClosed(1, size).boxed().toList();
    this.splits = splits(new SplittableRandom(seed ^ SPLITS));
    this.config = hostConfig();
    this.oracle = new Oracle(tally, config, MOST_LAG);
    SimSettings settings =
        new SimSettings(
            config, places, diskNanos(), random.nextInt(2_000), oracle, new Tripwire(tally), lmdb);
    this.trustsClocks = settings.trustsClocks();
    if (trustsClocks) {
      coverage.count("seeds with leases");
    }
    int joining = random.nextInt(3) == 0 ? 1 : 0;
    for (int place = 1; place <= size + joining; place++) {
      nodes.add(new SimNode(place, world, network, settings, where -> node(where), coverage));
    }
    this.founders = List.copyOf(nodes.subList(0, size));
  }

  private SimNode node(int place) {
    return nodes.get(place - 1);
  }

  /** A slow disk is what shows an acknowledgement that did not wait for it. */
  private long diskNanos() {
    int millis = random.nextInt(3) == 0 ? 20 + random.nextInt(200) : 1 + random.nextInt(8);
    return millis * World.MILLIS;
  }

  /** Thresholds so small that compactions and snapshots happen all the time. */
  private HostConfig hostConfig() {
    boolean lease = random.nextInt(4) == 0;
    return new HostConfig(
        1 + random.nextInt(2),
        lease ? 20 : 50,
        lease ? 5 : 2,
        lease ? HostConfig.MIN_LEASE_TICKS : 10,
        4_096,
        (1 + random.nextInt(64)) << 10,
        100 + random.nextInt(1_000),
        random.nextInt(30),
        SimPeerTransport.SNAPSHOTS,
        scheduler(),
        lease,
        random.nextInt(3) == 0 ? 2 : Limits.MAX_SESSIONS);
  }

  private SchedulerConfig scheduler() {
    return new SchedulerConfig(
        random.nextBoolean(),
        5 + random.nextInt(20),
        1_000,
        2_000 + random.nextInt(5_000),
        4_000 + random.nextInt(20_000),
        1 + random.nextInt(3),
        1 + random.nextInt(8),
        splits);
  }

  /** In every third run shards are split on their own, so early that it happens all the time. */
  private static SplitConfig splits(SplittableRandom random) {
    return random.nextInt(3) > 0
        ? SplitConfig.NEVER
        : new SplitConfig(
            random.nextInt(4) == 0 ? 0 : 6 + random.nextInt(30),
            random.nextInt(3),
            500 + random.nextInt(5_000));
  }

  /** Lets go of what the run holds outside of memory. */
  void close() {
    nodes.forEach(SimNode::abandon);
  }

  /** What the clients saw, and what happened meanwhile. */
  History history() {
    return history;
  }

  long traceHash() {
    return world.traceHash();
  }

  long events() {
    return world.executed();
  }

  /** Runs it; throws {@link AssertionError} with the latest events if something is wrong. */
  void run() {
    try {
      founders.forEach(SimNode::boot);
      hire(2 + random.nextInt(3));
      SimClient operator = client(100, List.of());
      until("the cluster is founded", () -> founders.stream().allMatch(this::serves));
      clients.forEach(SimClient::work);
      network.weather(weather());
      Faults faults =
          new Faults(
              world,
              network,
              nodes,
              operator.router(),
              splitKeys(),
              coverage,
              trustsClocks,
              config.scheduler().automatic());
      Optional<LeaseFaults> leaseFaults = leaseFaults();
      clocksRanTrue = !faults.distortClocks();
      faults.begin();
      leaseFaults.ifPresent(LeaseFaults::begin);
      runFor(CHAOS_NANOS);
      faults.end();
      leaseFaults.ifPresent(LeaseFaults::end);
      heal();
      finish();
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(e.getMessage() + "\n" + String.join("\n", world.notes()) + "\n", e);
    } finally {
      for (Invariant invariant : Invariant.values()) {
        coverage.count(invariant.toString(), tally.times(invariant));
      }
    }
  }

  private Optional<LeaseFaults> leaseFaults() {
    long electionNanos = config.electionTicks() * config.tickMillis() * World.MILLIS;
    return trustsClocks
        ? Optional.of(new LeaseFaults(world, network, nodes, coverage, electionNanos))
        : Optional.empty();
  }

  private boolean everyNodeServes() {
    return nodes.stream().allMatch(node -> node.isLost() || serves(node));
  }

  private boolean serves(SimNode node) {
    return node.serving().isPresent();
  }

  private SimNetwork.Weather weather() {
    return new SimNetwork.Weather(
        random.nextBoolean() ? 0 : random.nextDouble(0.2),
        random.nextBoolean() ? 0 : random.nextDouble(0.1),
        (1 + random.nextInt(20)) * World.MILLIS,
        random.nextBoolean());
  }

  private List<String> splitKeys() {
    List<String> splits = new ArrayList<>();
    for (String key : keys.subList(1, KEYS)) {
      splits.add(key);
      splits.add(key + "x");
    }
    return splits;
  }

  private void hire(int number) {
    for (int i = 0; i < number; i++) {
      clients.add(client(101 + i, keys));
    }
  }

  /** Time may go on faster where clocks run too fast. */
  private long latestWallMillis() {
    return clocksRanTrue
        ? nodes.stream().mapToLong(SimNode::latestWallMillis).max().orElseThrow()
        : Long.MAX_VALUE;
  }

  private SimClient client(int place, List<String> itsKeys) {
    return new SimClient(
        place,
        world,
        network,
        new SimCaller.Parts(
            history,
            coverage,
            oracle,
            where -> node(where).serving(),
            IntStream.rangeClosed(1, nodes.size()).boxed().toList(),
            this::latestWallMillis,
            config.maxSessions() < Limits.MAX_SESSIONS),
        itsKeys,
        () -> processes++);
  }

  private void heal() {
    world.note("heals");
    network.heal();
    nodes.forEach(SimNode::mend);
    clients.forEach(SimClient::stop);
    nodes.forEach(SimNode::boot);
    until("the clients' last calls end", () -> clients.stream().allMatch(SimClient::isIdle));
    until("every node serves again", this::everyNodeServes);
    until(
        "lost disks are found out",
        () -> nodes.stream().allMatch(node -> !node.isLost() || node.isGone()));
  }

  private void finish() {
    for (String key : Stream.concat(keys.stream(), SimClient.COUNTERS.stream()).toList()) {
      long readsBefore = coverage.of("reads");
      until(
          "key " + key + " can be read",
          () -> {
            clients.get(0).readOnce(key);
            until("the read ends", clients.get(0)::isIdle);
            return coverage.of("reads") > readsBefore;
          });
    }
    for (SimClient client : clients) {
      until(
          "leases expire",
          () -> {
            if (!client.leases().haveExpired()) {
              client.leases().readLeft();
              until("the read ends", client::isIdle);
            }
            return client.leases().haveExpired();
          });
    }
    Inspection inspection = new Inspection(world, nodes);
    List<String> faults = inspection.faults();
    long until = world.now() + PATIENCE_NANOS;
    while (!faults.isEmpty() && world.now() < until) {
      runFor(QUIET_NANOS);
      faults = inspection.faults();
    }
    if (!faults.isEmpty()) {
      throw new AssertionError(String.join("\n", faults));
    }
    inspection.operations().ifPresent(this::count);
    oracle.atRest();
    world.check();
    Calls calls = history.calls();
    Optional<LinearizabilityChecker.Anomaly> anomaly =
        new LinearizabilityChecker(MAX_CONFIGURATIONS).check(calls.operations());
    if (anomaly.isPresent()) {
      throw new AssertionError("the history is not linearizable: " + anomaly.get());
    }
    // The age of a read is told by its node's clock: by one that stands still, it is too young.
    List<StalenessChecker.StaleRead> bounded = clocksRanTrue ? calls.staleReads() : List.of();
    new StalenessChecker(calls.operations())
        .check(bounded)
        .ifPresent(
            old -> {
              throw new AssertionError("a read is too old: " + old);
            });
  }

  private void count(List<Operation> operations) {
    for (Operation operation : operations) {
      boolean done = operation.getState() == OperationState.OPERATION_STATE_DONE;
      coverage.count(done ? "operations done" : "operations cancelled");
      if (operation.getCause() != OperationCause.OPERATION_CAUSE_REQUEST) {
        coverage.count("operations by the scheduler");
      }
    }
  }

  private void runFor(long nanos) {
    long end = world.now() + nanos;
    boolean[] over = new boolean[1];
    world.after(nanos, "end of phase", () -> over[0] = true);
    while (!over[0] && world.now() <= end && world.step()) {
      continue;
    }
  }

  private void until(String what, BooleanSupplier condition) {
    long end = world.now() + PATIENCE_NANOS;
    while (!condition.getAsBoolean()) {
      if (world.now() > end || !world.step()) {
        throw new AssertionError("in " + PATIENCE_NANOS / World.SECONDS + " s not: " + what);
      }
    }
  }
}
