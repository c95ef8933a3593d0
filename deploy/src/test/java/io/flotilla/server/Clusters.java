package io.flotilla.server;

import io.flotilla.cli.HostPort;
import io.flotilla.client.FlotillaClient;
import io.flotilla.server.config.Setting;
import io.flotilla.server.local.ClusterWatch;
import io.flotilla.server.local.JavaCommand;
import io.flotilla.server.local.LocalCluster;
import io.flotilla.server.local.NodeProcess;
import io.flotilla.server.local.NodeSpec;
import io.flotilla.server.local.Pause;
import io.flotilla.server.local.Poll;
import io.flotilla.server.local.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Real node processes for a test class, from the built jar, with small heaps. Registered as a
 * static field: all end with the class, and a test that fails prints what the nodes logged.
 */
public final class Clusters
    implements BeforeEachCallback, AfterTestExecutionCallback, AfterEachCallback, AfterAllCallback {
  static final Path JAR = Path.of("target/flotilla.jar").toAbsolutePath();
  static final Duration LIMIT = Duration.ofSeconds(60);

  private static final int SHOWN_LINES = 80;

  private final List<LocalCluster> clusters = new ArrayList<>();
  private final List<NodeProcess> nodes = new ArrayList<>();
  private final List<FlotillaClient> clients = new ArrayList<>();
  private Kept kept = new Kept(0, 0, 0);

  static JavaCommand java() {
    return SmallNodes.of(JAR);
  }

  static Poll poll() {
    return new Poll(System::nanoTime, Pause.REAL);
  }

  /** A new cluster with a leader of each shard. */
  public LocalCluster start(Path directory, int size) throws InterruptedException {
    LocalCluster cluster =
        new LocalCluster(
            java(), directory, Ports.free(size), Map.of(Setting.SHUTDOWN_GRACE, "2s"), node -> {});
    clusters.add(cluster);
    nodes.addAll(cluster.nodes());
    cluster.start();
    try {
      watch(client(cluster)).allLed(size, LIMIT, cluster::requireAlive);
      return cluster;
    } catch (RuntimeException e) {
      printLogs();
      throw e;
    }
  }

  /** A node that the test starts itself. */
  NodeProcess node(Path directory, String name, int port, List<HostPort> join) {
    HostPort address = new HostPort("127.0.0.1", port);
    return node(new NodeSpec(name, address, directory, join, Map.of()));
  }

  /** A fourth node of a cluster of three, started. */
  NodeProcess join(LocalCluster cluster, Path directory) throws InterruptedException {
    NodeProcess fourth =
        node(
            directory,
            "node4",
            Ports.free(1).get(0),
            List.of(cluster.nodes().get(1).spec().address()));
    fourth.start();
    return fourth;
  }

  NodeProcess node(NodeSpec spec) {
    NodeProcess node = new NodeProcess(spec, java(), ended -> {});
    nodes.add(node);
    return node;
  }

  /** A client that is closed with the test. */
  public FlotillaClient client(LocalCluster cluster) {
    FlotillaClient client = FlotillaClient.builder().endpoints(cluster.endpoints()).build();
    clients.add(client);
    return client;
  }

  ClusterWatch watch(FlotillaClient client) {
    return new ClusterWatch(client.admin(), poll());
  }

  /** Waits for the end of a node and gives its exit code. */
  static int exitCode(NodeProcess node) throws InterruptedException {
    return poll()
        .until(
            "the end of " + node,
            LIMIT,
            () ->
                node.exitCode().isPresent()
                    ? Poll.Seen.of(node.exitCode().getAsInt())
                    : Poll.Seen.notYet("it runs"));
  }

  static String log(NodeProcess node) {
    try {
      return Files.readString(node.spec().log());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    kept = new Kept(clusters.size(), nodes.size(), clients.size());
  }

  @Override
  public void afterTestExecution(ExtensionContext context) {
    if (context.getExecutionException().isPresent()) {
      printLogs();
    }
  }

  private void printLogs() {
    for (NodeProcess node : nodes) {
      System.out.println("--- " + node + ", alive: " + node.alive());
      node.lastLines(SHOWN_LINES).forEach(System.out::println);
    }
  }

  /** What a test started ends with it, before its directory is removed. */
  @Override
  public void afterEach(ExtensionContext context) throws InterruptedException {
    end(kept);
  }

  @Override
  public void afterAll(ExtensionContext context) throws InterruptedException {
    end(new Kept(0, 0, 0));
  }

  private void end(Kept first) throws InterruptedException {
    take(clients, first.clients()).forEach(FlotillaClient::close);
    take(clusters, first.clusters()).forEach(LocalCluster::close);
    for (NodeProcess node : take(nodes, first.nodes())) {
      node.kill();
    }
  }

  private static <T> List<T> take(List<T> all, int from) {
    List<T> later = all.subList(from, all.size());
    List<T> taken = List.copyOf(later);
    later.clear();
    return taken;
  }

  /** How many of each belong to the whole class. */
  private record Kept(int clusters, int nodes, int clients) {}
}
