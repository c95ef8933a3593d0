package io.flotilla.server;

import io.flotilla.cli.Terminal;
import io.flotilla.server.config.ConfigReader;
import io.flotilla.server.config.Program;
import io.flotilla.server.config.ServerConfig;
import io.flotilla.server.config.SettingsPage;
import io.flotilla.server.local.ExitHooks;
import io.flotilla.server.local.ParentWatch;
import io.flotilla.server.log.LogSetup;
import io.flotilla.server.metrics.MetricsDoc;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

@Command(
    name = "server",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Runs one node until it is told to stop (Ctrl-C or SIGTERM).",
      "Each setting is a flag, a variable and a line of a YAML file: --journal-size 32GiB,"
          + " FLOTILLA_JOURNAL_SIZE=32GiB, 'journal-size: 32GiB'. The flag wins over the variable,"
          + " that over the file."
    },
    footer = {
      "",
      "Examples:",
      "  flotilla server --data /var/lib/flotilla              a cluster of one node",
      "",
      "  Three nodes, on each the same list and its own address:",
      "  flotilla server --data /var/lib/flotilla --listen 10.0.0.1:7001 \\",
      "      --join 10.0.0.1:7001,10.0.0.2:7001,10.0.0.3:7001",
      "",
      "  flotilla server --config node.yaml --print-config     what would hold, and why",
      "",
      "Exit codes: 0 stopped, 1 could not start or failed, 2 a setting is wrong; 143 after SIGTERM."
    })
final class ServerCommand implements Callable<Integer> {
  private final Terminal terminal;
  private final SettingFlags settings;
  private final RunningServer.Starter starter;
  private final ExitHooks hooks;

  @Spec @Nullable CommandSpec spec;

  @Option(names = "--config", paramLabel = "FILE", description = "YAML file with settings.")
  @Nullable Path config;

  @Option(
      names = "--print-config",
      description = "Prints every setting with where it comes from, and ends.")
  boolean printConfig;

  @Option(
      names = "--print-settings",
      description = "Prints the reference of all settings as Markdown, and ends.")
  boolean printSettings;

  @Option(
      names = "--print-metrics",
      description = "Prints the reference of all metrics as Markdown, and ends.")
  boolean printMetrics;

  @Option(
      names = ParentWatch.FLAG,
      hidden = true,
      description = "Stops when standard input ends, which it does when the parent dies.")
  boolean parentWatch;

  ServerCommand(Terminal terminal, int cores, RunningServer.Starter starter, ExitHooks hooks) {
    this.terminal = terminal;
    this.settings = new SettingFlags(Program.SERVER, terminal, cores);
    this.starter = starter;
    this.hooks = hooks;
  }

  /** The command with a flag for each setting. */
  CommandLine commandLine() {
    CommandSpec command = CommandSpec.forAnnotatedObject(this);
    settings.addTo(command);
    return new CommandLine(command);
  }

  @Override
  public Integer call() {
    if (printSettings) {
      SettingsPage.lines().forEach(terminal.out()::println);
      return 0;
    }
    if (printMetrics) {
      MetricsDoc.lines().forEach(terminal.out()::println);
      return 0;
    }
    Optional<ConfigReader.Result> read = settings.read(parsed(), config);
    if (read.isEmpty()) {
      return SettingFlags.WRONG_SETTINGS;
    }
    ConfigReader.Result found = read.get();
    if (printConfig) {
      found.lines().forEach(terminal.out()::println);
      return 0;
    }
    ServerConfig told = found.config();
    LogSetup.forServer(told.sight().logLevel(), told.sight().logFormat());
    return new ServerRun(terminal, hooks, parentWatch)
        .run(
            () -> starter.start(told),
            () -> readyLine(told),
            server -> settings.watch(parsed(), config, found, server.reload()));
  }

  private ParseResult parsed() {
    return Objects.requireNonNull(spec).commandLine().getParseResult();
  }

  private static String readyLine(ServerConfig told) {
    ServerConfig.Network network = told.network();
    String others =
        network.advertise().equals(network.listen())
            ? ""
            : " (others: " + network.advertise() + ")";
    return "node is ready, listens at %s%s, data in %s"
        .formatted(network.listen(), others, told.data());
  }
}
