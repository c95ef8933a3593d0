package io.flotilla.server;

import io.flotilla.cli.HostPort;
import io.flotilla.cli.Version;
import io.flotilla.contract.v1.NodeStatusReply;
import io.flotilla.router.access.Guard;
import io.flotilla.router.gateway.GatewayConfig;
import io.flotilla.router.gateway.GatewayServices;
import io.flotilla.router.gateway.TraceHeader;
import io.flotilla.server.access.AccessControl;
import io.flotilla.server.config.ServerConfig;
import io.flotilla.server.health.Member;
import io.flotilla.server.health.Readiness;
import io.flotilla.server.local.Pause;
import io.flotilla.server.metrics.NodeFacts;
import io.flotilla.server.node.CatalogRegistrar;
import io.flotilla.server.node.MemberNode;
import io.flotilla.server.node.NodeEnvironment;
import io.flotilla.shard.Clock;
import io.flotilla.shard.HostConfig;
import io.flotilla.shard.LiveConfig;
import io.flotilla.shard.LoopRunner;
import io.flotilla.shard.SchedulerConfig;
import io.flotilla.shard.SnapshotConfig;
import io.flotilla.shard.SplitConfig;
import io.flotilla.shard.TickSource;
import io.flotilla.shard.TurnEnd;
import io.flotilla.shard.bootstrap.Addresses;
import io.flotilla.shard.bootstrap.ClusterEntry;
import io.flotilla.shard.bootstrap.EntryRefusedException;
import io.flotilla.shard.bootstrap.IdentityStore;
import io.flotilla.shard.bootstrap.Probe;
import io.flotilla.shard.transport.GrpcPeerTransport;
import io.flotilla.shard.transport.PeerProber;
import io.flotilla.shard.transport.PeerService;
import io.flotilla.storage.JournalConfig;
import io.flotilla.storage.NodeStore;
import io.flotilla.storage.StateConfig;
import io.flotilla.storage.StoreConfig;
import io.flotilla.storage.StoreException;
import io.flotilla.storage.StoreExecutors;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running node: store, port and everything between.
 *
 * <p>Life: {@link #start} opens the store and the port; coming to a cluster goes on in the
 * background until {@link #ready}; {@link #close} lets others lead first. Any thread.
 */
public final class FlotillaServer implements AutoCloseable {
  /** Between two looks of the scheduler at the cluster. */
  private static final long ROUND_MILLIS = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(FlotillaServer.class);

  /** Exit code, as for a store that cannot be written. */
  private static final int FAILED_LOOP = 86;

  private static final String NO_CLUSTER =
      "this node is not part of a cluster yet: try again, or see its log";
  private static final long ATTEMPT_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

  private final ServerConfig config;
  private final Sight sight;
  private final LiveConfig live;
  private final NodeStore store;
  private final ServerThreads threads;
  private final ServerTls tls;
  private final Optional<AccessControl> access;
  private final Network network;
  private final ClusterEntry entry;
  private final PeerService peers;
  private final LateServices services = new LateServices(NO_CLUSTER);
  private final LateServices peerServices = new LateServices(NO_CLUSTER);
  private final Server grpc;
  private final Optional<Server> peerGrpc;
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();

  private volatile @Nullable GatewayServices gateway;
  private volatile @Nullable GatewayServices peerGateway;

  // Guarded by this.
  private @Nullable MemberNode member;
  private boolean closed;

  private FlotillaServer(ServerConfig config, Sight sight, NodeStore store) {
    this.config = config;
    this.sight = sight;
    this.live = new LiveConfig(hostConfig());
    this.store = store;
    this.threads = new ServerThreads(config.threads().requests());
    this.tls = ServerTls.of(config.security());
    this.access = AccessSetup.of(config.security());
    this.network = new Network(threads, tls::toNodes);
    PeerProber prober = new PeerProber(network.peerChannels());
    this.entry =
        new ClusterEntry(
            new ClusterEntry.Parts(
                IdentityStore.of(store),
                addresses(),
                config.placement().labels(),
                config.network().join().stream().map(Object::toString).toList(),
                config.raft().replication(),
                address ->
                    prober
                        .probe(address)
                        .thenApply(reply -> Probe.answered(address, reply))
                        .exceptionally(e -> Probe.failed(address, reason(e))),
                new CatalogRegistrar(network::newNodeRouter),
                new SecureRandom()));
    this.peers = new PeerService(entry::probeReply);
    this.grpc = clientPort();
    this.peerGrpc = config.network().peerListen().map(this::peerPort);
  }

  private Addresses addresses() {
    ServerConfig.Network network = config.network();
    return new Addresses(
        network.advertise().toString(), network.peerAdvertise().map(HostPort::toString).orElse(""));
  }

  private static String reason(Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    return failure instanceof IllegalStateException
        ? String.valueOf(failure.getMessage())
        : String.valueOf(cause.getMessage());
  }

  private Server clientPort() {
    NettyServerBuilder port =
        Listeners.at(config.network().listen(), tls.forClients(), threads)
            .addTransportFilter(new ConnectionLimit(config.limits().connections()))
            .maxConcurrentCallsPerConnection(config.limits().callsPerConnection())
            .addService(sight.health().getHealthService())
            .addService(ProtoReflectionServiceV1.newInstance())
            .fallbackHandlerRegistry(services)
            .intercept(new TraceHeader());
    access
        .map(control -> control.interceptor(() -> entry.ident().getClusterId()))
        .ifPresent(port::intercept);
    return (config.network().peerListen().isEmpty() ? port.addService(peers) : port).build();
  }

  /** Where nodes come, who are believed that what they pass on was decided. */
  private Server peerPort(HostPort listen) {
    NettyServerBuilder port =
        Listeners.at(listen, tls.forNodes(), threads)
            .addService(peers)
            .fallbackHandlerRegistry(peerServices);
    return (tls.isOn() ? port.intercept(new NodesOnly()) : port).build();
  }

  /**
   * Opens the store, binds the port and begins to serve; coming to a cluster goes on in the
   * background.
   *
   * @throws ServerStartException with what is in the way, for people: the directory or the port is
   *     in use, the store is damaged
   */
  public static FlotillaServer start(ServerConfig config) {
    Sight sight = Sight.start(config, config.sight().readyPatience());
    NodeStore store = openStore(config, sight);
    FlotillaServer server = null;
    try {
      server = new FlotillaServer(config, sight, store);
      server.bind();
    } catch (ServerStartException e) {
      if (server == null) {
        sight.close();
        store.close();
      } else {
        server.close();
      }
      throw e;
    } catch (RuntimeException e) {
      sight.close();
      store.close();
      throw e;
    }
    server.enter();
    return server;
  }

  private void bind() {
    bind(grpc, config.network().listen());
    peerGrpc.ifPresent(port -> bind(port, config.network().peerListen().orElseThrow()));
    watchFiles();
  }

  private static void bind(Server port, HostPort at) {
    try {
      port.start();
    } catch (IOException e) {
      throw ServerStartException.cannotListen(at, e);
    }
  }

  private void watchFiles() {
    network
        .scheduler()
        .schedule(
            ServerTls.LOOK_NANOS,
            () -> {
              try {
                tls.refresh();
                access.ifPresent(AccessControl::refresh);
              } finally {
                watchFiles(); // whatever was in the files
              }
            });
  }

  private static NodeStore openStore(ServerConfig config, Sight sight) {
    long journal = config.storage().journalBytes();
    JournalConfig journalDefaults =
        JournalConfig.defaults().withCache(config.storage().logCacheBytes());
    StoreConfig storeConfig =
        new StoreConfig(
            journalDefaults.withMap(journal, Math.min(journalDefaults.targetBytes(), journal / 2)),
            StateConfig.defaults().withMap(config.storage().stateBytes()));
    try {
      StoreExecutors writers = StoreExecutors.dedicatedThreads().metered(sight.meters().store());
      return NodeStore.open(config.data(), storeConfig, writers);
    } catch (StoreException e) {
      sight.close();
      throw new ServerStartException(String.valueOf(e.getMessage()), e);
    }
  }

  private void enter() {
    var unused =
        entry
            .attempt()
            .whenComplete(
                (isMember, failure) -> {
                  if (failure != null) {
                    refused(failure);
                  } else if (isMember) {
                    threads.requests().execute(this::serve);
                  } else {
                    network.scheduler().schedule(ATTEMPT_PAUSE_NANOS, this::enter);
                  }
                });
  }

  private void refused(Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    Throwable reason = failure instanceof EntryRefusedException ? failure : cause;
    ready.completeExceptionally(
        new ServerStartException(String.valueOf(reason.getMessage()), reason));
  }

  private void serve() {
    MemberNode node;
    synchronized (this) {
      if (closed) {
        return;
      }
      node = new MemberNode(entry, environment());
      member = node;
    }
    var unused =
        node.start(peers::serve)
            .whenComplete(
                (started, failure) -> {
                  if (failure == null) {
                    serves(node);
                  } else {
                    LOG.error("the node cannot start", failure);
                    ready.completeExceptionally(
                        new ServerStartException("the node cannot start: " + failure, failure));
                  }
                });
  }

  private void serves(MemberNode node) {
    GatewayServices toClients = gateway(node, access.map(AccessControl::guard).orElse(Guard.OPEN));
    GatewayServices toNodes = gateway(node, Guard.OPEN);
    gateway = toClients;
    peerGateway = toNodes;
    services.serve(toClients.services());
    peerServices.serve(toNodes.services());
    sight.serves(
        Member.of(entry.ident().getNodeId(), node.router(), network.scheduler(), node::stats),
        () -> facts(node));
    LOG.info("node {} serves at {}", entry.ident().getNodeId(), config.network().advertise());
    ready.complete(null);
  }

  private NodeFacts facts(MemberNode node) {
    return new NodeFacts(
        entry.ident().getNodeId(),
        HexFormat.of().formatHex(entry.ident().getClusterId().toByteArray()),
        config.network().advertise().toString(),
        sight.readiness().state().ready(),
        node.router(),
        Optional.of(new NodeFacts.Replicas(store, node::stats)));
  }

  private GatewayServices gateway(MemberNode node, Guard guard) {
    return GatewayServices.forNode(
        node.router(),
        node.local(),
        new GatewayServices.Parts(
            GatewayConfig.defaults(),
            network.runtime(),
            TurnEnd.or(threads.requests()),
            sight.meters().requests(),
            guard));
  }

  private NodeEnvironment environment() {
    return new NodeEnvironment(
        live,
        store,
        network.routerParts(),
        identity ->
            new GrpcPeerTransport(
                new GrpcPeerTransport.Parts(
                    identity, network.peerChannels(), Clock.SYSTEM::nanos, sight.meters().peers())),
        Clock.SYSTEM,
        new SecureRandom(),
        LoopRunner.threads(FlotillaServer::halt),
        TickSource.thread(),
        threads.snapshots(),
        this::addProcessFacts,
        sight.meters().host(),
        FlotillaServer::storeWentBack);
  }

  /** A loop that ended would leave its shards without a word: better that others take over. */
  private static void halt(Throwable failure) {
    LOG.error("a shard loop failed: the process ends", failure);
    Runtime.getRuntime().halt(FAILED_LOOP);
  }

  /** Whatever it said would be wrong: nothing may leave this process any more (M24). */
  private static void storeWentBack(String reason) {
    LOG.error("the process ends: {}", reason);
    Runtime.getRuntime().halt(FAILED_LOOP);
  }

  private HostConfig hostConfig() {
    int loops = config.threads().loops();
    int tickMillis = (int) config.raft().tick().toMillis();
    HostConfig defaults = HostConfig.defaults(loops);
    return new HostConfig(
        loops,
        tickMillis,
        config.raft().heartbeatTicks(),
        config.raft().electionTicks(),
        config.threads().mailboxCalls(),
        config.storage().memtableBytes(),
        Math.max((int) config.storage().flushInterval().toMillis(), tickMillis),
        defaults.retainedEntries(),
        snapshots(config),
        scheduler(config),
        config.raft().leaderLease(),
        defaults.maxSessions());
  }

  /**
   * Takes over what may change without a restart; the rest of the new settings is ignored. Any
   * thread.
   *
   * @param changed empty: there was a mistake in it, so everything stays
   */
  public void reload(Optional<ServerConfig> changed) {
    sight.reload(changed);
    changed.ifPresent(now -> live.change(snapshots(now), scheduler(now)));
  }

  private static SnapshotConfig snapshots(ServerConfig config) {
    ServerConfig.Snapshots told = config.snapshots();
    return SnapshotConfig.defaults().with(told.sendRate(), told.receiveRate(), told.atOnce());
  }

  private static SchedulerConfig scheduler(ServerConfig config) {
    SchedulerConfig defaults = SchedulerConfig.defaults();
    ServerConfig.Splits splits = config.splits();
    int roundTicks = (int) Math.max(1, ROUND_MILLIS / config.raft().tick().toMillis());
    return new SchedulerConfig(
        defaults.automatic(),
        roundTicks,
        defaults.silentMillis(),
        defaults.giveUpMillis(),
        config.placement().replaceDeadAfter().toMillis(),
        config.placement().movesPerNode(),
        defaults.movesAtOnce(),
        new SplitConfig(splits.bytes(), splits.load(), splits.pause().toMillis()));
  }

  private void addProcessFacts(NodeStatusReply.Builder status) {
    Readiness.State state = sight.readiness().state();
    status
        .setReady(state.ready())
        .addAllNotReady(state.reasons())
        .setHttpAddress(sight.address())
        .setAddress(config.network().advertise().toString())
        .setVersion(Version.current())
        .setUptimeMillis(ManagementFactory.getRuntimeMXBean().getUptime())
        .setThreads(ManagementFactory.getThreadMXBean().getThreadCount())
        .setHeapUsedBytes(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
  }

  /**
   * Completes when the node is part of a cluster and serves; fails with a {@link
   * ServerStartException} if it never can be.
   */
  public CompletableFuture<Void> ready() {
    return ready;
  }

  /** This node's id; 0 while it has no cluster. */
  public long nodeId() {
    return entry.ident().getNodeId();
  }

  /** Completes when the server has ended. */
  public CompletableFuture<Void> stopped() {
    return stopped;
  }

  /**
   * Lets others lead, ends calls and connections, closes the store. Each of these steps, and each
   * of the ports, waits for the grace time of the configuration at most. Idempotent.
   */
  @Override
  public void close() {
    MemberNode node;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      node = member;
    }
    sight.stops();
    if (node != null) {
      new Handover(Clock.SYSTEM::nanos, Pause.REAL).run(leading(node), config.shutdownGrace());
    }
    RequestDrain.end(grpc, gateway, config.shutdownGrace());
    peerGrpc.ifPresent(port -> RequestDrain.end(port, peerGateway, config.shutdownGrace()));
    if (node != null) {
      node.close();
    }
    network.close();
    threads.close();
    sight.close();
    store.close();
    stopped.complete(null);
  }

  private static Handover.Leading leading(MemberNode node) {
    return new Handover.Leading() {
      @Override
      public void giveAway() {
        node.giveLeadershipAway();
      }

      @Override
      public CompletableFuture<Integer> count() {
        return node.leaders();
      }
    };
  }
}
