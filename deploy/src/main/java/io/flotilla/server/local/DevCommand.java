package io.flotilla.server.local;

import io.flotilla.cli.CommandFailure;
import io.flotilla.cli.Terminal;
import io.flotilla.cli.Usage;
import io.flotilla.client.FlotillaClient;
import io.flotilla.server.config.Setting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code flotilla dev}. */
@Command(
    name = "dev",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Runs a cluster on this machine until Ctrl-C, each node a process of its own.",
      "With --data it is kept and goes on where it was; otherwise nothing is left behind."
    },
    footer = {
      "",
      "Examples:",
      "  flotilla dev",
      "  flotilla dev --nodes 1",
      "  flotilla dev --data ~/flotilla --port 8001"
    })
public final class DevCommand implements Callable<Integer> {
  private static final int MOST_NODES = 9;
  private static final int LAST_PORT = 65_535;

  /** As a server chooses it. */
  private static final int HTTP_DISTANCE = 1_000;

  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  private final LocalTools tools;

  @Spec @Nullable CommandSpec spec;

  @Option(names = "--nodes", paramLabel = "N", description = "1 to 9. Default: 3.")
  int nodes = 3;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Keeps the stores and logs here. Default: a temporary directory, removed.")
  @Nullable Path data;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Of the first node; the others have the next ones. Default: 7001.")
  int port = 7001;

  private volatile boolean up;

  /** The command with its tools. */
  public DevCommand(LocalTools tools) {
    this.tools = tools;
  }

  @Override
  public Integer call() throws InterruptedException {
    List<Integer> ports = ports();
    Path directory = data == null ? Directories.temporary("flotilla-dev-") : data.toAbsolutePath();
    LocalCluster cluster =
        new LocalCluster(tools.java(), directory, ports, settings(ports), this::tellLost);
    Runnable stop = () -> stop(cluster, directory);
    tools.hooks().add("dev-stop", stop);
    try {
      run(cluster, directory);
      cluster.allLost().join();
      throw new CommandFailure("NODES", "no node is left" + (data == null ? "" : logs(directory)));
    } finally {
      stop.run();
    }
  }

  private List<Integer> ports() {
    if (nodes < 1 || nodes > MOST_NODES) {
      throw Usage.wrong(spec, "--nodes '" + nodes + "' is not a number from 1 to " + MOST_NODES);
    }
    if (port < 1 || port + nodes - 1 > LAST_PORT) {
      throw Usage.wrong(
          spec, "--port '%d' is not a number from 1 to %d".formatted(port, LAST_PORT - nodes + 1));
    }
    if (data != null) {
      checkKept(data);
    }
    List<Integer> ports = IntStream.range(port, port + nodes).boxed().toList();
    List<Integer> used = Ports.inUse(ports);
    if (!used.isEmpty()) {
      String list = used.stream().map(String::valueOf).collect(Collectors.joining(", "));
      throw new CommandFailure(
          "PORT_IN_USE",
          "port%s %s in use already; --port chooses other ports"
              .formatted(used.size() == 1 ? "" : "s", list + (used.size() == 1 ? " is" : " are")));
    }
    return ports;
  }

  /** Metrics and health are where a server has them, unless one of these ports is in use. */
  private static Map<Setting, String> settings(List<Integer> ports) {
    List<Integer> pages = ports.stream().map(port -> port + HTTP_DISTANCE).toList();
    boolean free =
        pages.stream().allMatch(port -> port <= LAST_PORT) && Ports.inUse(pages).isEmpty();
    return free ? Map.of(Setting.HTTP_LISTEN, "") : Map.of();
  }

  private void checkKept(Path directory) {
    if (Files.exists(directory) && !Files.isDirectory(directory)) {
      throw Usage.wrong(spec, "--data '" + directory + "' is no directory");
    }
    int kept = Directories.stores(directory);
    if (kept > nodes) {
      throw Usage.wrong(
          spec,
          "--data '%s' holds a cluster of %d nodes; start it with --nodes %d"
              .formatted(directory, kept, kept));
    }
  }

  private void run(LocalCluster cluster, Path directory) throws InterruptedException {
    Terminal terminal = tools.terminal();
    long start = terminal.nanos();
    terminal.err().println("starting " + nodes + " nodes in " + directory + " …");
    cluster.start();
    try (FlotillaClient client = FlotillaClient.builder().endpoints(cluster.endpoints()).build()) {
      ClusterWatch watch = new ClusterWatch(client.admin(), tools.poll());
      watch.allLed(nodes, START_LIMIT, cluster::requireAlive);
    }
    up = true;
    Duration took = Duration.ofNanos(terminal.nanos() - start);
    DevGuide.lines(cluster, command(), took).forEach(terminal.out()::println);
    terminal.out().flush();
  }

  /** The launcher says how it was called, so that what is printed can be pasted. */
  private String command() {
    return tools.terminal().environment("FLOTILLA_COMMAND", "flotilla");
  }

  /** Before all are up, the start fails and says so itself. */
  private void tellLost(NodeProcess node) {
    if (!up) {
      return;
    }
    tools.terminal().err().println("flotilla: " + LocalCluster.describeEnd(node));
  }

  private static String logs(Path directory) {
    return "; their logs are in " + directory;
  }

  private void stop(LocalCluster cluster, Path directory) {
    cluster.close();
    if (data == null) {
      Directories.delete(directory);
    }
  }
}
