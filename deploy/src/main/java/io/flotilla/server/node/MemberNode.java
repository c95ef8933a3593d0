package io.flotilla.server.node;

import io.flotilla.contract.v1.CatalogUpdateRequest;
import io.flotilla.contract.v1.Context;
import io.flotilla.contract.v1.NodeInfo;
import io.flotilla.contract.v1.NodeStatusRequest;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.Route;
import io.flotilla.internal.v1.IdentRow;
import io.flotilla.raft.Payload;
import io.flotilla.router.LocalNode;
import io.flotilla.router.Router;
import io.flotilla.shard.HostParts;
import io.flotilla.shard.HostStats;
import io.flotilla.shard.ShardHost;
import io.flotilla.shard.bootstrap.ClusterEntry;
import io.flotilla.shard.catalog.Rules;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.shard.kv.KeySpace;
import io.flotilla.shard.transport.PeerIdentity;
import io.flotilla.shard.transport.PeerLives;
import io.flotilla.shard.transport.PeerService;
import io.flotilla.storage.FlushBatch;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A node that has a cluster: router and replicas, put together. Any thread. */
public final class MemberNode implements AutoCloseable {
  private static final int REGISTER_TIMEOUT_MILLIS = 5_000;
  private static final long REGISTER_PAUSE_NANOS = 1_000_000_000L;

  private final ClusterEntry entry;
  private final NodeEnvironment environment;
  private final PeerIdentity identity;
  private final LocalReplicas local;
  private final Router router;
  private final ShardHost host;

  /**
   * Puts a node together; nothing runs yet.
   *
   * @param entry has a cluster
   */
  public MemberNode(ClusterEntry entry, NodeEnvironment environment) {
    this.entry = entry;
    this.environment = environment;
    IdentRow ident = entry.ident();
    this.identity =
        new PeerIdentity(
            Descriptors.payload(ident.getClusterId()),
            ident.getNodeId(),
            Descriptors.payload(ident.getStoreId()),
            lives(environment));
    this.local = new LocalReplicas(ident.getNodeId(), environment.processFacts());
    this.router = Router.forNode(environment.router(), local);
    this.host =
        new ShardHost(
            new HostParts(
                ident.getNodeId(),
                identity.clusterId(),
                environment.config(),
                environment.store(),
                environment.peers().apply(identity),
                environment.clock(),
                environment.random(),
                environment.runners(),
                environment.ticks(),
                environment.snapshotWorker(),
                router.dispatcher()::dispatch,
                environment.meter()));
    local.attach(host);
  }

  private static PeerLives lives(NodeEnvironment environment) {
    PeerLives lives =
        new PeerLives(
            environment.random().nextLong(),
            environment.store().journal()::newestBlock,
            environment.wentBack());
    Payload known = environment.store().state().meta(KeySpace.PEER_LIVES_ROW);
    if (known != null) {
      lives.load(known);
    }
    return lives;
  }

  /** Writes what others said of their journals, one write at a time. */
  private void saveLives() {
    identity
        .lives()
        .unsaved()
        .ifPresentOrElse(
            row -> {
              FlushBatch flush = new FlushBatch();
              flush.putMeta(KeySpace.PEER_LIVES_ROW, row);
              environment
                  .store()
                  .state()
                  .flush(
                      flush,
                      () -> {
                        identity.lives().saved(row);
                        saveLivesLater();
                      });
            },
            this::saveLivesLater);
  }

  private void saveLivesLater() {
    environment
        .router()
        .runtime()
        .scheduler()
        .schedule(
            TimeUnit.MILLISECONDS.toNanos(environment.config().now().flushMillis()),
            this::saveLives);
  }

  /**
   * Starts replicas and routes.
   *
   * @param peers is told who takes what other nodes say, as soon as somebody does
   * @return completes when the node serves
   */
  public CompletableFuture<Void> start(Consumer<PeerService.Member> peers) {
    IdentRow ident = entry.ident();
    List<ShardDescriptor> shards =
        ident.getPlan().getShardsList().stream().map(Descriptors::fromProto).toList();
    return bootstrap(ident, shards).thenRun(() -> run(ident, shards, peers));
  }

  private CompletableFuture<Void> bootstrap(IdentRow ident, List<ShardDescriptor> shards) {
    if (!ident.hasPlan() || ident.getBootstrapped()) {
      return CompletableFuture.completedFuture(null);
    }
    int replicas = ident.getPlan().getReplicas();
    return host.bootstrap(
            ident.getPlan().getNodesList(),
            shards,
            replicas == 0 ? Rules.DEFAULT : Rules.of(replicas))
        .thenRun(entry::bootstrapped);
  }

  private void run(
      IdentRow ident, List<ShardDescriptor> shards, Consumer<PeerService.Member> peers) {
    List<Route> routes = shards.stream().map(shard -> Descriptors.route(shard, 0, 0)).toList();
    router.routes().bootstrap(ident.getClusterId(), ident.getKnownNodesList(), routes);
    router.routes().addListener(() -> host.updateNodes(router.routes().directory().nodes()));
    host.updateNodes(ident.getKnownNodesList());
    host.start();
    peers.accept(new PeerService.Member(identity, host));
    router.start();
    saveLivesLater();
    if (!entry.isKnownAsItIs()) {
      tellWhatChanged();
    }
  }

  private void tellWhatChanged() {
    var unused =
        router
            .dispatcher()
            .dispatch(registration(entry.self()))
            .thenAccept(
                reply -> {
                  if (reply.hasError()) {
                    environment
                        .router()
                        .runtime()
                        .scheduler()
                        .schedule(REGISTER_PAUSE_NANOS, this::tellWhatChanged);
                  } else {
                    entry.moved();
                  }
                });
  }

  /** Tells the catalog about a node; also about a known one whose address is another now. */
  public static Request registration(NodeInfo node) {
    return Request.newBuilder()
        .setContext(Context.newBuilder().setTimeoutMillis(REGISTER_TIMEOUT_MILLIS))
        .setCatalogUpdate(CatalogUpdateRequest.newBuilder().setRegisterNode(node))
        .build();
  }

  /** For the services of a server. */
  public Router router() {
    return router;
  }

  /** The replicas here, for the services of a server. */
  public LocalNode local() {
    return local;
  }

  /** Asks other nodes to lead what this one leads. */
  public void giveLeadershipAway() {
    host.giveLeadershipAway();
  }

  /** All replicas here in numbers; completes on a loop, and never once the node is closed. */
  public CompletableFuture<HostStats> stats() {
    return host.stats();
  }

  /** How many shards this node leads now. */
  public CompletableFuture<Integer> leaders() {
    return host.execute(
            Request.newBuilder().setNodeStatus(NodeStatusRequest.getDefaultInstance()).build())
        .thenApply(reply -> reply.getNodeStatus().getLeadersTotal());
  }

  @Override
  public void close() {
    router.close();
    host.close();
  }
}
