package io.flotilla.sim;

import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.router.Router;
import io.flotilla.router.gateway.GatewayServices;
import io.flotilla.server.node.CatalogRegistrar;
import io.flotilla.server.node.MemberNode;
import io.flotilla.server.node.NodeEnvironment;
import io.flotilla.shard.Clock;
import io.flotilla.shard.HostConfig;
import io.flotilla.shard.LoopRunner;
import io.flotilla.shard.TickSource;
import io.flotilla.shard.bootstrap.ClusterEntry;
import io.flotilla.shard.bootstrap.IdentityStore;
import io.flotilla.shard.bootstrap.Probe;
import io.flotilla.shard.transport.PeerReceiver;
import io.flotilla.storage.NodeStore;
import io.flotilla.storage.SimDisk;
import io.flotilla.storage.StoreConfig;
import io.flotilla.storage.StoreExecutors;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** A node with its disk, through all its lives. */
final class SimNode {
  private static final long EPOCH_MILLIS = 1_780_000_000_000L;
  private static final long ATTEMPT_PAUSE_NANOS = 300 * World.MILLIS;
  private static final long TURN_DELAY_NANOS = 200 * World.MICROS;
  private static final int PROBE_TIMEOUT_MILLIS = 1_000;

  /** A node that takes requests. */
  record Serving(MemberNode node, Function<Request, CompletableFuture<Reply>> handler) {}

  private final int place;
  private final World world;
  private final SimNetwork network;
  private final Settings settings;
  private final IntFunction<SimNode> others;
  private final Coverage coverage;
  private final StoreConfig storeConfig = StoreConfig.small();
  private final SimDisk disk = new SimDisk(storeConfig);
  private @Nullable SimProcess process;
  private @Nullable ClusterEntry entry;
  private @Nullable PeerReceiver receiver;
  private @Nullable Serving serving;

  /**
   * What is the same for all nodes of a run.
   *
   * @param host bounds and timers
   * @param places of the first nodes
   * @param diskNanos longest time of one disk write
   * @param skewMillis how far the wall clock of a node may be off, by place
   */
  record Settings(HostConfig host, List<Integer> places, long diskNanos, long skewMillis) {
    /** Whether nodes rely on it that their monotonic clocks neither stop nor run unevenly (R22). */
    boolean trustsClocks() {
      return host.leaderLease();
    }
  }

  SimNode(
      int place,
      World world,
      SimNetwork network,
      Settings settings,
      IntFunction<SimNode> others,
      Coverage coverage) {
    this.place = place;
    this.world = world;
    this.network = network;
    this.settings = settings;
    this.others = others;
    this.coverage = coverage;
  }

  SimDisk disk() {
    return disk;
  }

  /** No armed crash strikes any more. */
  void disarm() {
    disk.journal().disarm();
    disk.state().disarm();
  }

  boolean isUp() {
    return process != null && process.isAlive();
  }

  Optional<Serving> serving() {
    return isUp() ? Optional.ofNullable(serving) : Optional.empty();
  }

  Optional<PeerReceiver> receiver() {
    return isUp() ? Optional.ofNullable(receiver) : Optional.empty();
  }

  /** Power is gone: the process, and all that was not durable. */
  void crash() {
    if (isUp()) {
      world.note("node " + place + " crashes");
      process().kill();
      disk.crash();
      serving = null;
      receiver = null;
      entry = null;
    }
  }

  void pause(long nanos) {
    if (isUp()) {
      process().pause(nanos);
    }
  }

  /** Starts the process, unless it runs. */
  void boot() {
    if (isUp()) {
      return;
    }
    world.note("node " + place + " starts");
    SimProcess life = new SimProcess(world, "n" + place);
    process = life;
    StoreExecutors executors =
        new StoreExecutors(
            life.serial("journal", settings.diskNanos()),
            life.serial("state", settings.diskNanos()),
            life.serial("background", settings.diskNanos()),
            (what, cause) -> {
              world.note("node " + place + ": " + what + ": " + cause.getMessage());
              crash();
            });
    NodeStore store = disk.open(storeConfig, executors);
    SimRouting routing = new SimRouting(place, life, network, this::servingAt);
    ClusterEntry fresh =
        new ClusterEntry(
            new ClusterEntry.Parts(
                IdentityStore.of(store),
                SimRouting.address(place),
                settings.places().stream().map(SimRouting::address).toList(),
                3,
                address -> probe(life, address),
                new CatalogRegistrar(
                    contacts ->
                        Router.forClient(
                            routing.parts(),
                            contacts.stream().map(io.flotilla.router.NodeAddress::parse).toList())),
                life.random().split()));
    entry = fresh;
    attempt(life, fresh, store, routing);
  }

  private Optional<Serving> servingAt(int where) {
    return others.apply(where).serving();
  }

  private CompletableFuture<Probe> probe(SimProcess life, String address) {
    int to = Integer.parseInt(address.substring(address.indexOf(':') + 1));
    CompletableFuture<Probe> result = new CompletableFuture<>();
    life.after(
        PROBE_TIMEOUT_MILLIS * World.MILLIS,
        "probe timeout",
        () -> result.complete(Probe.failed(address, "no answer")));
    network.sendOnce(
        place,
        to,
        "probe",
        () -> {
          SimNode other = others.apply(to);
          if (other.isUp() && other.entry != null) {
            var reply = other.entry.probeReply();
            network.sendOnce(
                to, place, "probed", () -> result.complete(Probe.answered(address, reply)));
          }
        });
    return result;
  }

  private void attempt(SimProcess life, ClusterEntry fresh, NodeStore store, SimRouting routing) {
    var unused =
        fresh
            .attempt()
            .whenComplete(
                (isMember, failure) -> {
                  if (failure != null) {
                    throw new IllegalStateException("entry refused", failure);
                  }
                  if (isMember) {
                    life.after(0, "start", () -> start(life, fresh, store, routing));
                  } else {
                    life.after(
                        ATTEMPT_PAUSE_NANOS, "attempt", () -> attempt(life, fresh, store, routing));
                  }
                });
  }

  private void start(SimProcess life, ClusterEntry member, NodeStore store, SimRouting routing) {
    Router.Parts parts = routing.parts();
    MemberNode node =
        new MemberNode(
            member,
            SimRouting.address(place),
            new NodeEnvironment(
                settings.host(),
                store,
                parts,
                identity ->
                    new SimPeerTransport(
                        place, life, network, where -> others.apply(where).receiver(), coverage),
                clock(),
                life.random().split(),
                (name, turn) -> new Turns(life, turn),
                ticks(life),
                status -> {}));
    var unused =
        node.start(peers -> receiver = peers.receiver())
            .thenRun(
                () ->
                    serving =
                        new Serving(
                            node,
                            GatewayServices.handler(node.router(), node.local(), parts.runtime())));
  }

  private Clock clock() {
    return new Clock() {
      @Override
      public long nanos() {
        return world.now();
      }

      @Override
      public long wallMillis() {
        return EPOCH_MILLIS + world.now() / World.MILLIS + place * settings.skewMillis();
      }
    };
  }

  private static TickSource ticks(SimProcess life) {
    return (tickMillis, task) -> {
      new Object() {
        void next() {
          life.after(
              tickMillis * World.MILLIS,
              "tick",
              () -> {
                task.run();
                next();
              });
        }
      }.next();
      return () -> {};
    };
  }

  private SimProcess process() {
    if (process == null) {
      throw new IllegalStateException("never started");
    }
    return process;
  }

  /** Turns of one loop, as events. */
  private static final class Turns implements LoopRunner {
    private final SimProcess life;
    private final Turn turn;
    private boolean due;

    Turns(SimProcess life, Turn turn) {
      this.life = life;
      this.turn = turn;
    }

    @Override
    public void wake() {
      if (!due) {
        due = true;
        life.after(
            life.random().nextLong(TURN_DELAY_NANOS),
            "turn",
            () -> {
              due = false;
              if (turn.run()) {
                wake();
              }
            });
      }
    }

    @Override
    public void close() {}
  }
}
