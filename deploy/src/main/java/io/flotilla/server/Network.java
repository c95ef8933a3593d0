package io.flotilla.server;

import io.flotilla.router.Backoff;
import io.flotilla.router.NodeAddress;
import io.flotilla.router.Router;
import io.flotilla.router.RouterConfig;
import io.flotilla.router.RouterRuntime;
import io.flotilla.router.WheelScheduler;
import io.flotilla.router.grpc.ChannelFactory;
import io.flotilla.router.grpc.ConnectionSecurity;
import io.flotilla.router.grpc.GrpcNodeTransport;
import io.flotilla.router.grpc.GrpcRouteFeed;
import io.flotilla.router.grpc.TransportConfig;
import io.flotilla.shard.transport.PeerChannels;
import io.grpc.ChannelCredentials;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.Supplier;

/** What a server needs to reach others: timers, connections, routers over them. */
final class Network implements AutoCloseable {
  private final ServerThreads threads;
  private final Supplier<ChannelCredentials> credentials;
  private final WheelScheduler scheduler;
  private final RouterRuntime runtime;
  private final TransportConfig transportConfig = TransportConfig.defaults();
  private final ChannelFactory channels;

  /**
   * Opens nothing yet.
   *
   * @param credentials of each connection to another node
   */
  Network(ServerThreads threads, Supplier<ChannelCredentials> credentials) {
    this.threads = threads;
    this.credentials = credentials;
    this.scheduler = new WheelScheduler("timers", threads.requests());
    this.runtime = new RouterRuntime(scheduler, new Backoff.Jitter(new SecureRandom()));
    this.channels =
        ChannelFactory.create(
            threads.requests(),
            threads.resolver(),
            transportConfig.connectTimeoutMillis(),
            new ConnectionSecurity(credentials, () -> ""));
  }

  WheelScheduler scheduler() {
    return scheduler;
  }

  RouterRuntime runtime() {
    return runtime;
  }

  /** Connections to other nodes for what replicas say to each other. */
  PeerChannels peerChannels() {
    return PeerChannels.create(threads.peers(), threads.resolver(), credentials);
  }

  /** New transport and feed for one router, which closes them. */
  Router.Parts routerParts() {
    return new Router.Parts(
        RouterConfig.defaults(),
        new GrpcNodeTransport(transportConfig, channels, runtime, threads.requests()),
        new GrpcRouteFeed(channels, scheduler),
        runtime);
  }

  /** A router that begins at these addresses, as a client does. */
  Router clientRouter(List<String> contacts) {
    return Router.forClient(routerParts(), contacts.stream().map(NodeAddress::parse).toList());
  }

  /** A router that begins at these addresses of nodes, for a node without a cluster. */
  Router newNodeRouter(List<String> contacts) {
    return Router.forNewNode(routerParts(), contacts.stream().map(NodeAddress::parse).toList());
  }

  @Override
  public void close() {
    scheduler.close();
  }
}
