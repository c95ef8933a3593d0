package io.flotilla.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cli.HostPort;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.NodeInfo;
import io.flotilla.client.NodeList;
import io.flotilla.server.config.Setting;
import io.flotilla.server.local.LocalCluster;
import io.flotilla.server.local.NodeProcess;
import io.flotilla.server.local.NodeSpec;
import io.flotilla.server.local.Poll;
import io.flotilla.server.local.Ports;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** How a node starts, stops, joins, and refuses to start. */
@Timeout(180)
class StartIT {
  @RegisterExtension static final Clusters CLUSTERS = new Clusters();

  private static LocalCluster running;

  @TempDir Path directory;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    running = CLUSTERS.start(directory, 1);
  }

  @Test
  void dataInUse_isRefused() throws Exception {
    NodeSpec other = running.nodes().get(0).spec();
    NodeProcess node =
        CLUSTERS.node(
            new NodeSpec(
                "second",
                new HostPort("127.0.0.1", Ports.free(1).get(0)),
                directory,
                List.of(),
                Map.of(Setting.DATA, other.data().toString())));
    assertRefused(node, "in use by process " + running.nodes().get(0).pid().orElseThrow());
  }

  @Test
  void portInUse_isRefused() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      NodeProcess node = CLUSTERS.node(directory, "node", taken.getLocalPort(), List.of());
      assertRefused(node, "127.0.0.1:" + taken.getLocalPort());
    }
  }

  @Test
  void dataOfAnotherCluster_isRefused() throws Exception {
    LocalCluster other = CLUSTERS.start(directory, 1);
    other.close();
    NodeSpec spec = other.nodes().get(0).spec();
    NodeProcess node =
        CLUSTERS.node(
            new NodeSpec(
                spec.name(),
                spec.address(),
                directory,
                List.of(running.nodes().get(0).spec().address()),
                Map.of()));
    assertRefused(node, "another cluster");
  }

  private static void assertRefused(NodeProcess node, String message) throws Exception {
    node.start();
    assertThat(Clusters.exitCode(node)).as(() -> Clusters.log(node)).isEqualTo(1);
    assertThat(Clusters.log(node).lines().filter(line -> line.startsWith("flotilla: ")))
        .singleElement()
        .asString()
        .contains(message);
    assertThat(Clusters.log(node)).doesNotContain("\tat ");
  }

  @Test
  void node_stopsGracefullyAndGoesOnWhereItWas() throws Exception {
    LocalCluster cluster = CLUSTERS.start(directory, 1);
    assertThat(CommandRun.of(EndToEndIT.at(cluster, "put", "k", "v")).exitCode()).isZero();
    NodeProcess node = cluster.nodes().get(0);
    node.stop();
    assertThat(node.exitCode()).hasValue(0);
    assertThat(Clusters.log(node)).contains("node is ready, listens at " + node.spec().address());
    cluster.start(node);
    FlotillaClient client = CLUSTERS.client(cluster);
    CLUSTERS.watch(client).allLed(1, Clusters.LIMIT, cluster::requireAlive);
    assertThat(client.kv().get("k").orElseThrow().value().text()).isEqualTo("v");
  }

  @Test
  void node_joinsARunningCluster() throws Exception {
    LocalCluster cluster = CLUSTERS.start(directory, 3);
    NodeProcess fourth = CLUSTERS.join(cluster, directory);
    FlotillaClient client = CLUSTERS.client(cluster);
    NodeList nodes =
        Clusters.poll()
            .until(
                "a fourth node",
                Clusters.LIMIT,
                () -> {
                  NodeList now = client.admin().listNodes();
                  return now.nodes().stream().filter(NodeInfo::reachable).count() == 4
                      ? Poll.Seen.of(now)
                      : Poll.Seen.notYet("there are " + now.nodes());
                });
    assertThat(nodes.nodes())
        .extracting(NodeInfo::address)
        .contains(fourth.spec().address().toString());
    // It holds no replica yet, but takes requests for any key.
    CommandRun put =
        CommandRun.of("put", "k", "v", "--endpoints", fourth.spec().address().toString());
    assertThat(put.exitCode()).as("%s", put).isZero();
  }
}
