package io.flotilla.server.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.cli.CommandFailure;
import io.flotilla.server.config.Setting;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LocalClusterTest {
  private static final JavaCommand JAVA =
      new JavaCommand(
          JavaCommand.current(Map.of()).java(),
          System.getProperty("java.class.path"),
          List.of("-Xmx64m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
          StubNode.class.getName());

  private final BlockingQueue<NodeProcess> lost = new LinkedBlockingQueue<>();

  @TempDir Path directory;

  @Test
  void nodes_areToldAboutEachOtherAndStopWhenAsked() throws Exception {
    LocalCluster cluster = cluster(Map.of(Setting.TICK, "50ms"), 7101, 7102);
    cluster.start();
    cluster.requireAlive();
    cluster.close();
    cluster.close();
    for (NodeProcess node : cluster.nodes()) {
      assertThat(node.exitCode()).hasValue(0);
    }
    assertThat(Files.readAllLines(directory.resolve("node2.log")))
        .containsExactly(
            "server --parent-watch --data %s --listen 127.0.0.1:7102"
                    .formatted(directory.resolve("node2"))
                + " --join 127.0.0.1:7101,127.0.0.1:7102 --tick 50ms --http-listen off",
            "stopped");
    assertThat(lost).isEmpty();
    assertThat(cluster.endpoints()).containsExactly("127.0.0.1:7101", "127.0.0.1:7102");
    assertThatThrownBy(cluster::start).isInstanceOf(CommandFailure.class);
  }

  @Test
  void killedNode_isGoneAtOnceAndCanStartAgain() throws Exception {
    try (LocalCluster cluster = cluster(Map.of(), 7101)) {
      NodeProcess node = cluster.at("127.0.0.1:7101");
      cluster.start();
      long first = node.pid().orElseThrow();
      node.kill();
      assertThat(node.alive()).isFalse();
      assertThat(node.exitCode()).hasValue(137);
      cluster.start(node);
      assertThat(node.pid().orElseThrow()).isNotEqualTo(first);
      assertThatThrownBy(node::start).isInstanceOf(IllegalStateException.class);
    }
    // What a killed node wrote before is kept; only whether it came to write is open.
    assertThat(Files.readAllLines(directory.resolve("node1.log"))).contains("stopped");
    assertThat(lost).isEmpty();
  }

  @Test
  void nodeThatEndsByItself_isReportedWithItsLastLine() throws Exception {
    try (LocalCluster cluster = cluster(Map.of(Setting.LOG_LEVEL, StubNode.REFUSES), 7101)) {
      cluster.start();
      NodeProcess node = lost.poll(30, TimeUnit.SECONDS);
      assertThat(node).isNotNull();
      assertThat(LocalCluster.describeEnd(node))
          .isEqualTo("node1 (127.0.0.1:7101) ended with exit code 1: flotilla: not today");
      cluster.allLost().get(30, TimeUnit.SECONDS);
      assertThatThrownBy(cluster::requireAlive).hasMessageContaining("not today");
    }
  }

  @Test
  void node_diesWithAParentThatIsKilled() throws Exception {
    JavaCommand parentJava =
        new JavaCommand(JAVA.java(), JAVA.classPath(), JAVA.options(), StubParent.class.getName());
    Process parent =
        new ProcessBuilder(parentJava.words(List.of(directory.toString())))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(parent.getInputStream(), StandardCharsets.UTF_8))) {
      long pid = Long.parseLong(out.readLine());
      ProcessHandle child = ProcessHandle.of(pid).orElseThrow();
      assertThat(child.isAlive()).isTrue();
      parent.destroyForcibly();
      child.onExit().get(30, TimeUnit.SECONDS);
    } finally {
      parent.destroyForcibly();
    }
  }

  private LocalCluster cluster(Map<Setting, String> settings, Integer... ports) {
    return new LocalCluster(JAVA, directory, List.of(ports), settings, lost::add);
  }
}
