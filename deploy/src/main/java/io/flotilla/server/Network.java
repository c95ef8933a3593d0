package io.flotilla.server;

import io.flotilla.router.Backoff;
import io.flotilla.router.NodeAddress;
import io.flotilla.router.Router;
import io.flotilla.router.RouterConfig;
import io.flotilla.router.RouterRuntime;
import io.flotilla.router.WheelScheduler;
import io.flotilla.router.grpc.ChannelFactory;
import io.flotilla.router.grpc.GrpcNodeTransport;
import io.flotilla.router.grpc.GrpcRouteFeed;
import io.flotilla.router.grpc.TransportConfig;
import io.flotilla.shard.transport.PeerChannels;
import java.security.SecureRandom;
import java.util.List;

/** What a server needs to reach others: timers, connections, routers over them. */
final class Network implements AutoCloseable {
  private final ServerThreads threads;
  private final WheelScheduler scheduler;
  private final RouterRuntime runtime;
  private final TransportConfig transportConfig = TransportConfig.defaults();
  private final ChannelFactory channels;

  Network(ServerThreads threads) {
    this.threads = threads;
    this.scheduler = new WheelScheduler("timers", threads.requests());
    this.runtime = new RouterRuntime(scheduler, new Backoff.Jitter(new SecureRandom()));
    this.channels =
        ChannelFactory.plaintext(
            threads.requests(), threads.resolver(), transportConfig.connectTimeoutMillis());
  }

  WheelScheduler scheduler() {
    return scheduler;
  }

  RouterRuntime runtime() {
    return runtime;
  }

  /** Connections to other nodes for what replicas say to each other. */
  PeerChannels peerChannels() {
    return PeerChannels.plaintext(threads.peers(), threads.resolver());
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

  @Override
  public void close() {
    scheduler.close();
  }
}
