package io.flotilla.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cli.HostPort;
import io.flotilla.client.FlotillaClient;
import io.flotilla.server.config.Setting;
import io.flotilla.server.local.NodeProcess;
import io.flotilla.server.local.NodeSpec;
import io.flotilla.server.local.Poll;
import io.flotilla.server.local.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Readiness of three real nodes, as whoever restarts them one by one sees it. */
class HealthIT {
  @RegisterExtension static final Clusters CLUSTERS = new Clusters();

  private static final int SIZE = 3;

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<NodeProcess> nodes = new ArrayList<>();
  private final List<Integer> pages = new ArrayList<>();

  @TempDir Path directory;

  @BeforeEach
  void startAll() throws Exception {
    List<Integer> ports = Ports.free(2 * SIZE);
    List<HostPort> addresses =
        ports.subList(0, SIZE).stream().map(port -> new HostPort("127.0.0.1", port)).toList();
    pages.addAll(ports.subList(SIZE, 2 * SIZE));
    for (int i = 0; i < SIZE; i++) {
      Map<Setting, String> settings =
          Map.of(
              Setting.HTTP_LISTEN,
              "127.0.0.1:" + pages.get(i),
              Setting.SHUTDOWN_GRACE,
              "2s",
              Setting.READY_PATIENCE,
              "1h");
      String name = "node" + (i + 1);
      nodes.add(
          CLUSTERS.node(new NodeSpec(name, addresses.get(i), directory, addresses, settings)));
    }
    nodes.forEach(NodeProcess::start);
    for (int i = 0; i < SIZE; i++) {
      awaitStatus(i, "/readyz", 200);
    }
    String endpoint = addresses.get(0).toString();
    try (FlotillaClient client = FlotillaClient.connect(endpoint)) {
      client.kv().put("some", "value");
    }
  }

  private HttpResponse<String> get(int node, String page) throws IOException {
    try {
      return http.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + pages.get(node) + page))
              .timeout(Duration.ofSeconds(10))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private void awaitStatus(int node, String page, int status) throws InterruptedException {
    Clusters.poll()
        .until(
            page + " of node " + (node + 1) + " to say " + status,
            Clusters.LIMIT,
            () -> {
              try {
                HttpResponse<String> said = get(node, page);
                return said.statusCode() == status
                    ? Poll.Seen.of(status)
                    : Poll.Seen.notYet(said.statusCode() + " " + said.body());
              } catch (IOException e) {
                return Poll.Seen.notYet(String.valueOf(e));
              }
            });
  }

  private void awaitReason(int node, String reason) throws InterruptedException {
    Clusters.poll()
        .until(
            "node " + (node + 1) + " to wait for others",
            Clusters.LIMIT,
            () -> {
              try {
                String said = get(node, "/readyz").body();
                return said.contains(reason) ? Poll.Seen.of(reason) : Poll.Seen.notYet(said);
              } catch (IOException e) {
                return Poll.Seen.notYet(String.valueOf(e));
              }
            });
  }

  @Test
  void nodeThatComesBack_waitsForTheOthersAndTheyDoNotWaitForIt() throws Exception {
    nodes.get(1).kill();
    awaitStatus(0, "/safe-to-stop", 503);
    assertThat(get(0, "/readyz").statusCode()).isEqualTo(200);
    assertThat(get(2, "/readyz").statusCode()).isEqualTo(200);

    nodes.get(2).kill();
    nodes.get(1).start();
    awaitReason(1, "have a voter that is silent");
    // The third is missing, so whoever restarts nodes one by one must not go on to the first.
    assertThat(get(1, "/readyz").statusCode()).isEqualTo(503);
    assertThat(get(0, "/readyz").statusCode()).isEqualTo(200);

    nodes.get(2).start();
    awaitStatus(1, "/readyz", 200);
    awaitStatus(2, "/readyz", 200);
    awaitStatus(0, "/safe-to-stop", 200);
  }
}
