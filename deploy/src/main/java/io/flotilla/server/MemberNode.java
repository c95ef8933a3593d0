package io.flotilla.server;

import io.flotilla.contract.v1.NodeInfo;
import io.flotilla.contract.v1.NodeStatusRequest;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.Route;
import io.flotilla.internal.v1.IdentRow;
import io.flotilla.router.Router;
import io.flotilla.router.gateway.GatewayConfig;
import io.flotilla.router.gateway.GatewayServices;
import io.flotilla.server.config.ServerConfig;
import io.flotilla.shard.Clock;
import io.flotilla.shard.HostConfig;
import io.flotilla.shard.HostParts;
import io.flotilla.shard.LoopRunner;
import io.flotilla.shard.ShardHost;
import io.flotilla.shard.TickSource;
import io.flotilla.shard.bootstrap.ClusterEntry;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.shard.transport.GrpcPeerTransport;
import io.flotilla.shard.transport.PeerIdentity;
import io.flotilla.shard.transport.PeerService;
import io.flotilla.storage.NodeStore;
import io.grpc.BindableService;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A node that has a cluster: router, replicas and services, put together. */
final class MemberNode implements AutoCloseable {
  private static final HostConfig DEFAULTS = HostConfig.defaults(1);
  private static final long MOVED_RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final ClusterEntry entry;
  private final String address;
  private final Network network;
  private final ServerThreads threads;
  private final LocalReplicas local;
  private final Router router;
  private final ShardHost host;
  private final PeerIdentity identity;

  MemberNode(
      ServerConfig config,
      NodeStore store,
      ClusterEntry entry,
      Network network,
      ServerThreads threads) {
    this.entry = entry;
    this.address = config.network().advertise().toString();
    this.network = network;
    this.threads = threads;
    IdentRow ident = entry.ident();
    this.identity =
        new PeerIdentity(
            Descriptors.payload(ident.getClusterId()),
            ident.getNodeId(),
            Descriptors.payload(ident.getStoreId()));
    this.local = new LocalReplicas(ident.getNodeId(), address);
    this.router = Router.forNode(network.routerParts(), local);
    this.host =
        new ShardHost(
            new HostParts(
                ident.getNodeId(),
                identity.clusterId(),
                hostConfig(config),
                store,
                new GrpcPeerTransport(
                    new GrpcPeerTransport.Parts(
                        identity, network.peerChannels(), Clock.SYSTEM::nanos)),
                Clock.SYSTEM,
                new SecureRandom(),
                LoopRunner.threads(),
                TickSource.thread(),
                router.dispatcher()::dispatch));
    local.attach(host);
  }

  private static HostConfig hostConfig(ServerConfig config) {
    return new HostConfig(
        config.threads().loops(),
        (int) config.raft().tick().toMillis(),
        config.raft().heartbeatTicks(),
        config.raft().electionTicks(),
        DEFAULTS.mailboxCalls(),
        DEFAULTS.memtableBytes(),
        Math.max(DEFAULTS.flushMillis(), (int) config.raft().tick().toMillis()),
        DEFAULTS.retainedEntries(),
        DEFAULTS.snapshotsAtOnce(),
        DEFAULTS.balanceLeaders());
  }

  /** Starts replicas and routes, and begins to hear the others. */
  void start(PeerService peers) {
    IdentRow ident = entry.ident();
    List<ShardDescriptor> shards =
        ident.getPlan().getShardsList().stream().map(Descriptors::fromProto).toList();
    if (ident.hasPlan() && !ident.getBootstrapped()) {
      host.bootstrap(ident.getPlan().getNodesList(), shards);
      entry.bootstrapped();
    }
    List<Route> routes = shards.stream().map(shard -> Descriptors.route(shard, 0, 0)).toList();
    router.routes().bootstrap(ident.getClusterId(), ident.getKnownNodesList(), routes);
    router.routes().addListener(() -> host.updateNodes(router.routes().directory().nodes()));
    host.updateNodes(ident.getKnownNodesList());
    host.start();
    peers.serve(new PeerService.Member(identity, host));
    router.start();
    if (!ident.getAddress().equals(address)) {
      tellNewAddress();
    }
  }

  private void tellNewAddress() {
    NodeInfo self =
        NodeInfo.newBuilder().setAddress(address).setStoreId(entry.ident().getStoreId()).build();
    var unused =
        router
            .dispatcher()
            .dispatch(CatalogRegistrar.request(self))
            .thenAccept(
                reply -> {
                  if (reply.hasError()) {
                    network.scheduler().schedule(MOVED_RETRY_NANOS, this::tellNewAddress);
                  } else {
                    entry.moved();
                  }
                });
  }

  /** What clients call. */
  List<BindableService> services() {
    return GatewayServices.create(
        router, local, GatewayConfig.defaults(), network.runtime(), threads.requests());
  }

  /** Asks other nodes to lead what this one leads. */
  void giveLeadershipAway() {
    host.giveLeadershipAway();
  }

  /** How many shards this node leads now. */
  CompletableFuture<Integer> leaders() {
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
