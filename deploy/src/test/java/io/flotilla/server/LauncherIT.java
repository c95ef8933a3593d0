package io.flotilla.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.server.local.Poll;
import io.flotilla.server.local.Ports;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands of the README, through {@code bin/flotilla}, as processes. */
@Timeout(300)
class LauncherIT {
  private static final int NODES = 3;

  @TempDir Path directory;

  @Test
  void help_namesEveryCommand() throws Exception {
    assertThat(finish(launch("--help"), 60)).isZero();
    assertThat(output())
        .contains("  server ", "  dev ", "  demo ", "  put ", "  shard ", "Exit codes:");
    assertThat(finish(launch("version"), 60)).isZero();
    assertThat(output()).startsWith("flotilla ");
    assertThat(finish(launch("put", "k"), 60)).isEqualTo(2);
  }

  @Test
  void demo_endsByItselfWithEveryStepVerified() throws Exception {
    assertThat(finish(launch("demo"), 240)).as(this::output).isZero();
    assertThat(output()).contains("All 11 steps verified").contains("GeoNames");
  }

  @Test
  void dev_leavesNoProcessBehind() throws Exception {
    Path data = directory.resolve("data");
    String port = String.valueOf(firstOfFreePorts());
    Process dev = launch("dev", "--data", data.toString(), "--port", port);
    try {
      await("the nodes to be up", () -> output().contains("nodes are up"), dev);
      List<ProcessHandle> nodes = dev.descendants().toList();
      assertThat(nodes).hasSize(NODES);
      dev.destroy();
      assertThat(dev.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(dev.exitValue()).isEqualTo(143);
      for (ProcessHandle node : nodes) {
        node.onExit().get(30, TimeUnit.SECONDS);
      }
      assertThat(data.resolve("node1")).isDirectory();
    } finally {
      dev.descendants().forEach(ProcessHandle::destroyForcibly);
      dev.destroyForcibly();
    }
  }

  private static int firstOfFreePorts() throws InterruptedException {
    return Clusters.poll()
        .until(
            "free ports in a row",
            Clusters.LIMIT,
            () -> {
              int first = Ports.free(1).get(0);
              List<Integer> row = IntStream.range(first, first + NODES).boxed().toList();
              return Ports.inUse(row).isEmpty()
                  ? Poll.Seen.of(first)
                  : Poll.Seen.notYet("one of them is in use");
            });
  }

  private interface Condition {
    boolean holds();
  }

  private void await(String what, Condition condition, Process process)
      throws InterruptedException {
    Clusters.poll()
        .until(
            what,
            Clusters.LIMIT,
            () -> {
              assertThat(process.isAlive()).as(this::output).isTrue();
              return condition.holds() ? Poll.Seen.of(true) : Poll.Seen.notYet(output());
            });
  }

  private Process launch(String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of("sh", "bin/flotilla"));
    command.addAll(List.of(words));
    File output = directory.resolve("output").toFile();
    return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output).start();
  }

  private static int finish(Process process, int seconds) throws InterruptedException {
    try {
      assertThat(process.waitFor(seconds, TimeUnit.SECONDS)).as("ends in time").isTrue();
      return process.exitValue();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private String output() {
    try {
      return Files.readString(directory.resolve("output"));
    } catch (IOException e) {
      return "";
    }
  }
}
