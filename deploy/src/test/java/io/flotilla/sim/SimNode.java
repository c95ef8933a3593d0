package io.flotilla.sim;

import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.raft.Payload;
import io.flotilla.router.Router;
import io.flotilla.router.gateway.GatewayServices;
import io.flotilla.server.node.CatalogRegistrar;
import io.flotilla.server.node.MemberNode;
import io.flotilla.server.node.NodeEnvironment;
import io.flotilla.shard.Clock;
import io.flotilla.shard.ShardHost;
import io.flotilla.shard.TickSource;
import io.flotilla.shard.bootstrap.ClusterEntry;
import io.flotilla.shard.bootstrap.EntryRefusedException;
import io.flotilla.shard.bootstrap.IdentityStore;
import io.flotilla.shard.bootstrap.Probe;
import io.flotilla.shard.transport.PeerService;
import io.flotilla.storage.Mirrors;
import io.flotilla.storage.NodeStore;
import io.flotilla.storage.SimCrashException;
import io.flotilla.storage.SimDisk;
import io.flotilla.storage.StoreConfig;
import io.flotilla.storage.StoreException;
import io.flotilla.storage.StoreExecutors;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** A node with its disk, through all its lives. */
final class SimNode {
  private static final long EPOCH_MILLIS = 1_780_000_000_000L;
  private static final long ATTEMPT_PAUSE_NANOS = 300 * World.MILLIS;
  private static final int PROBE_TIMEOUT_MILLIS = 1_000;

  /** Every third node stands in the same one. */
  private static final int ZONES = 3;

  /** A node that takes requests. */
  record Serving(MemberNode node, Function<Request, CompletableFuture<Reply>> handler) {}

  private final int place;
  private final World world;
  private final SimNetwork network;
  private final SimSettings settings;
  private final IntFunction<SimNode> others;
  private final Coverage coverage;
  private final SplittableRandom random;
  private final StoreConfig storeConfig = StoreConfig.small();
  private final SimDisk disk;
  private final SimDrive drive;
  private final SimClock clock;
  private long wallOffsetMillis;
  private long highestWallOffsetMillis;
  private long lastId;
  private @Nullable SimProcess process;
  private @Nullable NodeStore store;
  private @Nullable ClusterEntry entry;
  private PeerService.@Nullable Member peer;
  private @Nullable Serving serving;
  private Payload knownStore = Payload.EMPTY;
  private Fate fate = Fate.WELL;
  private long startedAt;

  SimNode(
      int place,
      World world,
      SimNetwork network,
      SimSettings settings,
      IntFunction<SimNode> others,
      Coverage coverage) {
    this.place = place;
    this.world = world;
    this.network = network;
    this.settings = settings;
    this.others = others;
    this.coverage = coverage;
    this.random = world.fork();
    this.disk =
        settings
            .lmdb()
            .map(where -> new Mirrors(where.resolve("node" + place), world::fault))
            .map(mirrors -> new SimDisk(storeConfig, mirrors))
            .orElseGet(() -> new SimDisk(storeConfig));
    this.drive = new SimDrive(world, settings.diskNanos());
    this.clock = new SimClock(world, random.nextLong());
    this.wallOffsetMillis = place * settings.skewMillis();
    this.highestWallOffsetMillis = wallOffsetMillis;
    disk.onCrash(
        () -> {
          coverage.count("died at a step of a file");
          dies();
        });
  }

  int place() {
    return place;
  }

  /** Its id when it last was a member; 0: never. */
  long lastId() {
    return lastId;
  }

  /** Whether it ever ran. */
  boolean hasBegun() {
    return process != null;
  }

  /** Its id in the cluster; empty while it has none, or is down. */
  Optional<Long> nodeId() {
    return isUp() && entry != null && entry.isMember()
        ? Optional.of(entry.ident().getNodeId())
        : Optional.empty();
  }

  SimDisk disk() {
    return disk;
  }

  SimDrive drive() {
    return drive;
  }

  SimClock clock() {
    return clock;
  }

  void jumpWallClock(long millis) {
    wallOffsetMillis += millis;
    highestWallOffsetMillis = Math.max(highestWallOffsetMillis, wallOffsetMillis);
  }

  /** Its wall clock has never been later. */
  long latestWallMillis() {
    return EPOCH_MILLIS + world.now() / World.MILLIS + highestWallOffsetMillis;
  }

  /** Whether its disk is lost: the rest of the cluster goes on without it. */
  boolean isLost() {
    return fate != Fate.WELL;
  }

  /** Whether nothing more will come from it, as it must be in the end if it is lost. */
  boolean isGone() {
    return fate == Fate.GONE;
  }

  /** All faults of its disk and clock are over, and none that is armed strikes any more. */
  void mend() {
    disk.disarm();
    disk.journal().leaveAllRoom();
    disk.state().leaveAllRoom();
    drive.longestNanos(settings.diskNanos());
    clock.rate(1);
  }

  boolean isUp() {
    return process != null && process.isAlive();
  }

  /** Whether the same process has run since, and nothing has held it. */
  boolean ranFreelySince(long time) {
    return process != null && process.ranFreelySince(time) && startedAt <= time;
  }

  Optional<Serving> serving() {
    return isUp() ? Optional.ofNullable(serving) : Optional.empty();
  }

  Optional<PeerService.Member> member() {
    return isUp() ? Optional.ofNullable(peer) : Optional.empty();
  }

  /** It is killed, or dies by itself, and somebody starts it again. */
  void dies() {
    if (isUp()) {
      crash();
      world.after(random.nextLong(2 * World.SECONDS), "boot", this::boot);
    }
  }

  /** Its disk is gone, and another one is in its place. */
  void wipe() {
    crash();
    disk.wipe();
    settings.oracle().lostItsDisk(place);
    fate = Fate.WIPED;
  }

  /** What its disk holds now, and how far its journal reaches; empty while it is down. */
  Optional<Past> remember() {
    return isUp() && store != null
        ? Optional.of(new Past(disk.image(), store.journal().newestBlock()))
        : Optional.empty();
  }

  /** A moment that the disk may go back to. */
  record Past(SimDisk.Image image, long newestBlock) {}

  /**
   * Its disk goes back, if all others could tell: each of them has heard of more, and would still
   * know after a crash. Without that a rollback may stay hidden, and nothing is promised.
   */
  boolean rollBack(Past past, List<SimNode> all) {
    boolean known =
        all.stream()
            .filter(other -> other != this && !other.isLost())
            .allMatch(
                other ->
                    other.member().isPresent()
                        && other.member().get().identity().lives().durablyKnown(lastId)
                            > past.newestBlock());
    if (!known) {
      return false;
    }
    crash();
    disk.restore(past.image());
    settings.oracle().lostItsDisk(place);
    fate = Fate.ROLLED_BACK;
    world.note("node " + place + " goes back to block " + past.newestBlock());
    boot();
    return true;
  }

  /** Another node says that this one has forgotten something. */
  private void wentBack(SimProcess life, String why) {
    if (life != process || !life.isAlive()) {
      return;
    }
    world.note(why);
    if (fate != Fate.ROLLED_BACK) {
      world.fault("node " + place + " never went back, but: " + why);
    }
    coverage.count("rolled back stores refused");
    crash();
    fate = Fate.GONE;
  }

  /** Its disk fails for good. */
  void breakDisk() {
    disk.journal().breakDown();
    disk.state().breakDown();
    fate = Fate.GONE;
  }

  /** Power is gone: the process, and all that was not durable. */
  void crash() {
    if (isUp()) {
      world.note("node " + place + " crashes");
      process().kill();
      network.down(place);
      disk.crash(random);
      settings.oracle().died(place);
      serving = null;
      peer = null;
      entry = null;
    }
  }

  /** Nothing runs any more, and nothing of it is needed. */
  void abandon() {
    disk.crash();
  }

  void pause(long nanos) {
    if (isUp()) {
      process().pause(nanos);
    }
  }

  /** The machine stands still, its clock too: unlike a paused process it cannot tell (R22). */
  void freeze(long nanos) {
    clock.freeze(nanos);
    pause(nanos);
  }

  /** Starts the process, unless it runs or cannot. */
  void boot() {
    if (isUp() || isGone()) {
      return;
    }
    world.note("node " + place + " starts");
    SimProcess life = new SimProcess(world, "n" + place, clock);
    process = life;
    startedAt = world.now();
    network.up(place);
    NodeStore opened = disk.open(storeConfig, executors(life));
    store = opened;
    settings.oracle().opened(place, opened);
    life.observe(what -> settings.oracle().hasRun(place, what));
    SimRouting routing = new SimRouting(place, life, network, this::servingAt);
    ClusterEntry fresh =
        new ClusterEntry(
            new ClusterEntry.Parts(
                IdentityStore.of(opened),
                SimRouting.addresses(place),
                Map.of("zone", "z" + place % ZONES),
                settings.places().stream().map(SimRouting::address).toList(),
                3,
                address -> probe(life, address),
                new CatalogRegistrar(routing::contacts),
                life.random().split()));
    entry = fresh;
    attempt(life, fresh, opened, routing);
  }

  private StoreExecutors executors(SimProcess life) {
    return new StoreExecutors(
        life.serial("journal", drive),
        life.serial("state", drive),
        life.serial("background", drive),
        (what, cause) -> {
          world.note("node " + place + ": " + what + ": " + cause.getMessage());
          coverage.count(
              cause instanceof SimCrashException
                  ? "died " + String.valueOf(cause.getMessage()).replaceAll("[0-9]+$", "N")
                  : "died of a failed commit");
          dies();
        });
  }

  private Optional<Serving> servingAt(int where) {
    return others.apply(where).serving();
  }

  private CompletableFuture<Probe> probe(SimProcess life, String address) {
    int to = SimRouting.place(address);
    CompletableFuture<Probe> result = new CompletableFuture<>();
    life.afterOwn(
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
                    cannotStart(life, failure);
                  } else if (isMember) {
                    life.after(0, "start", () -> start(life, fresh, store, routing));
                  } else {
                    life.afterOwn(
                        ATTEMPT_PAUSE_NANOS, "attempt", () -> attempt(life, fresh, store, routing));
                  }
                });
  }

  /** A server that is refused ends; one whose disk failed is started again. */
  private void cannotStart(SimProcess life, Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    world.note("node " + place + " cannot start: " + cause.getMessage());
    if (life != process || !life.isAlive()) {
      return;
    }
    if (cause instanceof EntryRefusedException) {
      if (fate != Fate.WIPED) {
        world.fault("node " + place + " is refused: " + cause.getMessage());
      }
      coverage.count("wiped stores refused");
      crash();
      fate = Fate.GONE;
    } else if (cause instanceof StoreException || cause instanceof SimCrashException) {
      coverage.count("died of a failed file");
      dies();
    } else {
      world.fault("node " + place + " cannot start: " + failure);
    }
  }

  /** No store may take part under the id of another one (R37, R38). */
  private void checkStore(ClusterEntry member) {
    Payload store = Payload.of(member.ident().getStoreId().toByteArray());
    boolean other = !knownStore.isEmpty() && !knownStore.equals(store);
    if (other && member.ident().getNodeId() == lastId) {
      world.fault("node " + place + " takes part with another store than before");
    }
    knownStore = store;
  }

  private void start(SimProcess life, ClusterEntry member, NodeStore store, SimRouting routing) {
    checkStore(member);
    if (fate == Fate.WIPED && member.ident().getNodeId() != lastId) {
      fate = Fate.WELL; // a new node: the old one was struck off, or had never been one
    }
    lastId = member.ident().getNodeId();
    Router.Parts parts = routing.parts();
    MemberNode node =
        new MemberNode(
            member,
            new NodeEnvironment(
                settings.host(),
                store,
                parts,
                identity ->
                    new SimPeerTransport(
                        identity,
                        new SimPeerTransport.Parts(
                            place,
                            life,
                            network,
                            others,
                            settings.oracle(),
                            () -> fate.hasForgotten(),
                            coverage,
                            world::fault)),
                clocks(),
                life.random().split(),
                (name, turn) -> new SimTurns(life, turn),
                ticks(life),
                life.serial("snapshots", new SimDrive(world, World.MILLIS)),
                status -> {},
                why -> wentBack(life, why)));
    var unused =
        node.start(this::takesPart)
            .thenRun(
                () ->
                    serving =
                        new Serving(
                            node,
                            counted(
                                GatewayServices.handler(
                                    node.router(), node.local(), parts.runtime()))))
            .whenComplete(
                (started, failure) -> {
                  if (failure != null) {
                    cannotStart(life, failure);
                  }
                });
  }

  private void takesPart(PeerService.Member member) {
    peer = member;
    settings.oracle().hosts(place, (ShardHost) member.receiver());
  }

  private Function<Request, CompletableFuture<Reply>> counted(
      Function<Request, CompletableFuture<Reply>> handler) {
    return request ->
        handler
            .apply(request)
            .thenApply(
                reply -> {
                  if (reply.getError().getCode() == ErrorCode.ERROR_CODE_DISK_FULL) {
                    coverage.count("answers that the store is full");
                  }
                  return reply;
                });
  }

  private Clock clocks() {
    return new Clock() {
      @Override
      public long nanos() {
        settings.tripwire().touched();
        return clock.nanos();
      }

      @Override
      public long wallMillis() {
        settings.tripwire().touched();
        return EPOCH_MILLIS + world.now() / World.MILLIS + wallOffsetMillis;
      }
    };
  }

  private static TickSource ticks(SimProcess life) {
    return (tickMillis, task) -> life.every(tickMillis * World.MILLIS, "tick", task);
  }

  private SimProcess process() {
    if (process == null) {
      throw new IllegalStateException("never started");
    }
    return process;
  }
}
