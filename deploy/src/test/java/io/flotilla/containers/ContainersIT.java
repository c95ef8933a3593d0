package io.flotilla.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.client.Entry;
import io.flotilla.client.Scan;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;

/** Three nodes in containers of the shipped image, and what happens to them. */
@Timeout(300)
class ContainersIT {
  /** 128 and SIGTERM: it ended because it was told to, by itself. */
  private static final long TOLD_TO_STOP = 143;

  private static ContainerCluster cluster;

  @BeforeAll
  static void start() throws InterruptedException {
    Engine engine = Engine.require();
    cluster = new ContainerCluster(engine, engine.buildImage());
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void data_survivesKillAndRestartOfEveryNode() throws Exception {
    try (SteadyLoad load = new SteadyLoad(cluster.client().kv(), "kill")) {
      awaitWritten(load, 100);
      int leader = cluster.leader();
      cluster.kill(leader);
      awaitWritten(load, load.written() + 100);
      cluster.start(leader);
      cluster.awaitLed();
      load.close();
      assertThat(load.failures()).isEmpty();
      for (int node = 0; node < ContainerCluster.NODES; node++) {
        cluster.kill(node);
      }
      for (int node = 0; node < ContainerCluster.NODES; node++) {
        cluster.start(node);
      }
      cluster.awaitConverged();
      assertWritten("kill", load);
    }
  }

  @Test
  void pausedLeader_isSurvived() throws Exception {
    try (SteadyLoad load = new SteadyLoad(cluster.client().kv(), "pause")) {
      awaitWritten(load, 50);
      int leader = cluster.leader();
      cluster.pause(leader);
      awaitWritten(load, load.written() + 100);
      cluster.unpause(leader);
      cluster.awaitLed();
      assertOver("pause", load);
    }
  }

  @Test
  void disconnectedLeader_isSurvived() throws Exception {
    try (SteadyLoad load = new SteadyLoad(cluster.client().kv(), "net")) {
      awaitWritten(load, 50);
      int leader = cluster.leader();
      cluster.disconnect(leader);
      awaitWritten(load, load.written() + 100);
      cluster.connect(leader);
      cluster.awaitLed();
      assertOver("net", load);
    }
  }

  @Test
  void rollingRestart_losesNothingAndFailsNoCall() throws Exception {
    try (SteadyLoad load = new SteadyLoad(cluster.client().kv(), "roll")) {
      awaitWritten(load, 50);
      for (int node = 0; node < ContainerCluster.NODES; node++) {
        assertThat(cluster.stop(node)).as("exit code").isEqualTo(TOLD_TO_STOP);
        cluster.start(node);
        cluster.awaitLed();
      }
      assertOver("roll", load);
    }
  }

  @Test
  void image_hasTheCommandLineAndRunsAsNobody() throws Exception {
    GenericContainer<?> node = cluster.nodes().get(0);
    assertThat(exec(node, "id", "-u")).isEqualTo("10001\n");
    assertThat(exec(node, "sh", "-c", "tr '\\0' ' ' </proc/1/cmdline")).contains("java ");
    String everywhere = "node1:7001,node2:7001,node3:7001";
    assertThat(exec(node, "flotilla", "put", "cli", "1", "--endpoints", everywhere))
        .startsWith("written at revision");
    assertThat(exec(node, "flotilla", "get", "cli", "--endpoints", everywhere)).isEqualTo("1\n");
    assertThat(node.getLogs()).doesNotContain("WARNING");
    assertThat(node.execInContainer("touch", "/opt/flotilla/x").getExitCode()).isNotZero();
  }

  private static String exec(GenericContainer<?> node, String... words) throws Exception {
    ExecResult result = node.execInContainer(words);
    assertThat(result.getExitCode()).as("%s", result.getStderr()).isZero();
    assertThat(result.getStderr()).isEmpty();
    return result.getStdout();
  }

  private static void awaitWritten(SteadyLoad load, int wanted) throws InterruptedException {
    cluster.await("%d keys".formatted(wanted), () -> load.written() >= wanted);
  }

  /** The load ends; no call failed and nothing is lost. */
  private static void assertOver(String prefix, SteadyLoad load) throws InterruptedException {
    load.close();
    assertThat(load.failures()).isEmpty();
    cluster.awaitConverged();
    assertWritten(prefix, load);
  }

  private static void assertWritten(String prefix, SteadyLoad load) {
    Map<String, String> found = new TreeMap<>();
    try (Stream<Entry> entries = cluster.client().kv().scan(Scan.prefix(prefix + "/"))) {
      entries.forEach(entry -> found.put(entry.key().text(), entry.value().text()));
    }
    Map<String, String> wanted = new TreeMap<>();
    for (int i = 0; i < load.written(); i++) {
      String key = SteadyLoad.key(prefix, i);
      wanted.put(key, SteadyLoad.value(key));
    }
    assertThat(found).isEqualTo(wanted);
    assertThat(List.copyOf(wanted.keySet())).hasSizeGreaterThan(100);
  }
}
