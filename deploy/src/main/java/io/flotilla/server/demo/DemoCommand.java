package io.flotilla.server.demo;

import io.flotilla.cli.CommandFailure;
import io.flotilla.cli.Usage;
import io.flotilla.client.FlotillaClient;
import io.flotilla.server.local.Directories;
import io.flotilla.server.local.LocalCluster;
import io.flotilla.server.local.LocalTools;
import io.flotilla.server.local.NodeProcess;
import io.flotilla.server.local.Ports;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code flotilla demo}. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Tells a story with a cluster of three processes, and checks each step: load, split, kill -9"
          + " of a leader, election, recovery, a leader that moves, a checksum at the end.",
      "Takes about a minute. Exit code 0 if every step was verified, else 1."
    },
    footer = {
      "",
      "Examples:",
      "  flotilla demo",
      "  flotilla demo --keep                    to look at the stores and the logs of the nodes"
    })
public final class DemoCommand implements Callable<Integer> {
  private static final int NODES = 3;

  private final LocalTools tools;

  @Spec @Nullable CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Keeps the stores and logs here. Default: a temporary directory.")
  @Nullable Path data;

  @Option(names = "--keep", description = "Does not remove the temporary directory at the end.")
  boolean keep;

  /** The command with its tools. */
  public DemoCommand(LocalTools tools) {
    this.tools = tools;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (data != null && Directories.stores(data) > 0) {
      throw Usage.wrong(spec, "--data '" + data + "' holds a cluster already");
    }
    Path directory = data == null ? Directories.temporary("flotilla-demo-") : data.toAbsolutePath();
    LocalCluster cluster =
        new LocalCluster(tools.java(), directory, Ports.free(NODES), Map.of(), this::tellLost);
    AtomicBoolean stopping = new AtomicBoolean();
    tools
        .hooks()
        .add(
            "demo-stop",
            () -> {
              stopping.set(true);
              cluster.close();
              removeTemporary(directory);
            });
    try {
      tell(cluster, directory);
    } catch (CommandFailure e) {
      if (stopping.get()) {
        throw new CommandFailure("STOPPED", "stopped before the end", e);
      }
      keep = true;
      throw new CommandFailure(
          e.code(), e.getMessage() + "; the logs of the nodes are in " + directory, e);
    } finally {
      cluster.close();
    }
    if (data != null || keep) {
      tools.terminal().out().println("The stores and logs of the nodes are in " + directory);
    }
    removeTemporary(directory);
    return 0;
  }

  private void tell(LocalCluster cluster, Path directory) throws InterruptedException {
    Stage stage = new Stage(tools.terminal());
    try (FlotillaClient client = FlotillaClient.builder().endpoints(cluster.endpoints()).build()) {
      Export export = new Export(tools.terminal(), cluster.endpoints(), directory);
      Story.Faces faces = new Story.Faces(client.admin(), client.kv(), client.async(), export::run);
      new Story(stage, tools, cluster, faces).tell();
    }
    stage.end();
  }

  private void tellLost(NodeProcess node) {
    tools.terminal().err().println("flotilla: " + LocalCluster.describeEnd(node));
  }

  private void removeTemporary(Path directory) {
    if (data == null && !keep) {
      Directories.delete(directory);
    }
  }
}
