package io.flotilla.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.NodeInfo;
import io.flotilla.contract.v1.GetCatalogReply;
import io.flotilla.contract.v1.GetCatalogRequest;
import io.flotilla.contract.v1.KvGrpc;
import io.flotilla.contract.v1.PutRequest;
import io.flotilla.contract.v1.RoutesGrpc;
import io.flotilla.server.config.ConfigReader;
import io.flotilla.server.config.Program;
import io.flotilla.server.config.ServerConfig;
import io.flotilla.server.config.Setting;
import io.flotilla.server.local.LocalCluster;
import io.flotilla.server.local.NodeProcess;
import io.flotilla.server.local.Ports;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Routers before three node processes. */
@Timeout(180)
class RouterIT {
  @RegisterExtension static final Clusters CLUSTERS = new Clusters();

  private static LocalCluster cluster;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    cluster = CLUSTERS.start(directory, 3);
  }

  @Test
  void clientsThatKnowOnlyARouter_goThroughItAndSurviveTheLossOfALeader() throws Exception {
    String address = "127.0.0.1:" + Ports.free(1).get(0);
    try (RouterServer router =
        router(Map.of(Setting.LISTEN, "0.0.0.0" + port(address), Setting.ADVERTISE, address))) {
      router.ready().get(60, TimeUnit.SECONDS);
      assertThat(routes(address).getNodesList())
          .extracting(io.flotilla.contract.v1.NodeInfo::getAddress)
          .containsExactly(address, address, address);
      try (FlotillaClient client = FlotillaClient.connect(address)) {
        client.kv().put("through/the/router", "1");
        assertThat(client.kv().get("through/the/router")).isPresent();
        assertThat(client.admin().listNodes().nodes())
            .as("operators see where the nodes are")
            .extracting(NodeInfo::address)
            .containsExactlyInAnyOrderElementsOf(cluster.endpoints());

        NodeProcess victim = cluster.nodes().get(0);
        victim.kill();
        for (int i = 0; i < 20; i++) {
          client.kv().put("after/" + i, "2");
        }
        CommandRun count = CommandRun.of("scan", "--count", "--endpoints", address);
        assertThat(count.out()).as("%s", count).isEqualTo("21\n");
        cluster.start(victim);
        CLUSTERS.watch(client).allLed(3, Clusters.LIMIT, () -> {});
      }
    }
  }

  @Test
  void stop_answersWhatCameIn() throws Exception {
    String address = "127.0.0.1:" + Ports.free(1).get(0);
    RouterServer router = router(Map.of(Setting.LISTEN, address));
    ManagedChannel channel = channel(address);
    try {
      router.ready().get(60, TimeUnit.SECONDS);
      assertThat(routes(address).getNodesList())
          .extracting(io.flotilla.contract.v1.NodeInfo::getAddress)
          .containsExactlyInAnyOrderElementsOf(cluster.endpoints());
      var calls = KvGrpc.newFutureStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
      var warm = calls.put(put("warm")).get();
      assertThat(warm.getApplied()).isTrue();
      var open = IntStream.range(0, 200).mapToObj(i -> calls.put(put("stop/" + i))).toList();
      open.get(0).get();
      router.close();
      int answered = 0;
      for (var call : open) {
        answered += outcome(call);
      }
      assertThat(router.stopped()).isCompleted();
      assertThat(answered).isPositive();
    } finally {
      router.close();
      channel.shutdownNow();
    }
  }

  /** 1: answered; 0: refused before it was begun, which a client may repeat. */
  private static int outcome(Future<?> call) throws InterruptedException {
    try {
      call.get();
      return 1;
    } catch (ExecutionException e) {
      Status status = Status.fromThrowable(e);
      assertThat(status.getCode()).as("%s", e).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(status.getDescription()).doesNotContain("shutdownNow");
      return 0;
    }
  }

  private static PutRequest put(String key) {
    return PutRequest.newBuilder()
        .setKey(ByteString.copyFromUtf8(key))
        .setValue(ByteString.copyFromUtf8("v"))
        .build();
  }

  private static GetCatalogReply routes(String address) {
    ManagedChannel channel = channel(address);
    try {
      return RoutesGrpc.newBlockingStub(channel)
          .withDeadlineAfter(20, TimeUnit.SECONDS)
          .getRoutes(GetCatalogRequest.getDefaultInstance());
    } finally {
      channel.shutdownNow();
    }
  }

  private static ManagedChannel channel(String address) {
    return Grpc.newChannelBuilder(address, InsecureChannelCredentials.create()).build();
  }

  private static String port(String address) {
    return address.substring(address.indexOf(':'));
  }

  private static RouterServer router(Map<Setting, String> more) {
    Map<Setting, String> flags = new EnumMap<>(more);
    flags.put(Setting.JOIN, String.join(",", cluster.endpoints()));
    ServerConfig config =
        ConfigReader.read(Program.ROUTER, flags, Map.of(), Optional.empty(), 2).config();
    return RouterServer.start(config);
  }
}
