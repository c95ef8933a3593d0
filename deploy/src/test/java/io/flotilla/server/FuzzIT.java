package io.flotilla.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.flotilla.cli.HostPort;
import io.flotilla.client.FlotillaClient;
import io.flotilla.contract.v1.AdminGrpc;
import io.flotilla.contract.v1.KvGrpc;
import io.flotilla.contract.v1.PlacementGrpc;
import io.flotilla.contract.v1.RoutesGrpc;
import io.flotilla.internal.v1.Handshake;
import io.flotilla.internal.v1.PeerFrame;
import io.flotilla.internal.v1.PeerGrpc;
import io.flotilla.internal.v1.ProbeReply;
import io.flotilla.internal.v1.ProbeRequest;
import io.flotilla.internal.v1.SnapshotUp;
import io.flotilla.server.config.Setting;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Mutated requests over all services and the port for nodes: nothing ends, nothing hangs, nothing
 * grows. 20,000 of them, or as many as {@code -Dflotilla.fuzz=N} says; {@code -Dflotilla.fuzz.seed}
 * chooses others.
 */
class FuzzIT {
  private static final int CALLS = Integer.getInteger("flotilla.fuzz", 20_000);
  private static final long SEED = Long.getLong("flotilla.fuzz.seed", 20_261_128L);
  private static final int CALLS_OF_ONE_LOOK = 250;

  /**
   * A hang, and not a machine that is busy with other tests: at rest a look takes some
   * milliseconds.
   */
  private static final long MOST_MILLIS = 5_000;

  private static final long MOST_GROWTH = 64L << 20;

  @TempDir Path directory;
  private final SplittableRandom random = new SplittableRandom(SEED);

  @Test
  void mutatedRequests_doNoHarm() throws Exception {
    HostPort clients = SecureNodes.freeAddress();
    HostPort peers = SecureNodes.freeAddress();
    Map<Setting, String> settings =
        Map.of(
            Setting.DATA, directory.toString(),
            Setting.LISTEN, clients.toString(),
            Setting.PEER_LISTEN, peers.toString(),
            Setting.JOIN, peers.toString());
    try (FlotillaServer server = FlotillaServer.start(SecureNodes.config(settings));
        FlotillaClient client = FlotillaClient.connect(clients.toString())) {
      server.ready().orTimeout(60, TimeUnit.SECONDS).join();
      ManagedChannel toClients = channel(clients);
      ManagedChannel toPeers = channel(peers);
      try {
        run(new RawCalls(toClients, random), new RawCalls(toPeers, random), client);
      } finally {
        toClients.shutdownNow();
        toPeers.shutdownNow();
      }
    }
  }

  private void run(RawCalls clients, RawCalls peers, FlotillaClient client) throws Exception {
    List<MethodDescriptor<?, ?>> methods = methods();
    List<ByteString> handshakes = handshakes(peers.channel());
    attack(clients, peers, methods, handshakes, CALLS / 10, client);
    long before = usedBytes();
    attack(clients, peers, methods, handshakes, CALLS, client);
    assertThat(clients.answers() + peers.answers()).isGreaterThanOrEqualTo(CALLS);
    assertThat(usedBytes() - before).as("memory grew").isLessThan(MOST_GROWTH);
  }

  private void attack(
      RawCalls clients,
      RawCalls peers,
      List<MethodDescriptor<?, ?>> methods,
      List<ByteString> handshakes,
      int calls,
      FlotillaClient client)
      throws InterruptedException {
    for (int i = 0; i < calls; i++) {
      if (random.nextInt(4) > 0) {
        clients.call(methods.get(random.nextInt(methods.size())), List.of());
      } else if (random.nextInt(4) > 0) {
        peers.call(methods.get(random.nextInt(methods.size())), List.of());
      } else {
        ByteString handshake = handshakes.get(random.nextInt(handshakes.size()));
        boolean lane = handshake == handshakes.get(0);
        peers.call(
            lane ? PeerGrpc.getLaneMethod() : PeerGrpc.getSnapshotMethod(), List.of(handshake));
      }
      if (i % CALLS_OF_ONE_LOOK == 0) {
        look(client);
      }
    }
    clients.await(Duration.ofSeconds(20));
    peers.await(Duration.ofSeconds(20));
    look(client);
  }

  /** A good call is answered quickly, whatever else comes in. */
  private static void look(FlotillaClient client) {
    long began = System.nanoTime();
    client.kv().put("canary", "alive"); // which any of the others may have deleted meanwhile
    var unused = client.kv().get("canary");
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    assertThat(millis).as("time of a good call").isLessThan(MOST_MILLIS);
  }

  private static List<MethodDescriptor<?, ?>> methods() {
    List<MethodDescriptor<?, ?>> all = new ArrayList<>();
    Stream.of(
            KvGrpc.getServiceDescriptor(),
            AdminGrpc.getServiceDescriptor(),
            PlacementGrpc.getServiceDescriptor(),
            RoutesGrpc.getServiceDescriptor(),
            PeerGrpc.getServiceDescriptor(),
            io.grpc.health.v1.HealthGrpc.getServiceDescriptor(),
            io.grpc.reflection.v1.ServerReflectionGrpc.getServiceDescriptor())
        .flatMap(service -> service.getMethods().stream())
        .forEach(all::add);
    return all;
  }

  /** Good ones, so that what follows is looked at: of a lane first, then of a snapshot. */
  private static List<ByteString> handshakes(ManagedChannel toPeers) {
    ProbeReply self = PeerGrpc.newBlockingStub(toPeers).probe(ProbeRequest.getDefaultInstance());
    Handshake handshake =
        Handshake.newBuilder()
            .setClusterId(self.getClusterId())
            .setFromNodeId(77)
            .setFromStoreId(ByteString.copyFromUtf8("a store of 16 by"))
            .setToNodeId(self.getNodeId())
            .setProtocolVersion(1)
            .build();
    Message lane = PeerFrame.newBuilder().setHandshake(handshake).build();
    Message snapshot = SnapshotUp.newBuilder().setHandshake(handshake).build();
    return List.of(lane.toByteString(), snapshot.toByteString());
  }

  private static ManagedChannel channel(HostPort to) {
    return NettyChannelBuilder.forAddress(to.host(), to.port()).usePlaintext().build();
  }

  private static long usedBytes() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
