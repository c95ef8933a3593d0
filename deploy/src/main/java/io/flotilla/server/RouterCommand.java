package io.flotilla.server;

import io.flotilla.cli.Terminal;
import io.flotilla.server.config.ConfigReader;
import io.flotilla.server.config.Program;
import io.flotilla.server.config.ServerConfig;
import io.flotilla.server.local.ExitHooks;
import io.flotilla.server.local.ParentWatch;
import io.flotilla.server.log.LogSetup;
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
    name = "router",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Runs a server that keeps no data and passes each request on to the node that leads the"
          + " shard, until it is told to stop (Ctrl-C or SIGTERM). For clients that know no routes,"
          + " or that can reach no node; any number of routers may come and go.",
      "Each setting is a flag, a variable and a line of a YAML file: --log-level warn,"
          + " FLOTILLA_LOG_LEVEL=warn, 'log-level: warn'. The flag wins over the variable, that"
          + " over the file."
    },
    footer = {
      "",
      "Example:",
      "  flotilla router --listen 0.0.0.0:7001 --join 10.0.0.1:7001,10.0.0.2:7001",
      "",
      "Exit codes: 0 stopped, 1 could not start or failed, 2 a setting is wrong; 143 after SIGTERM."
    })
final class RouterCommand implements Callable<Integer> {
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
      names = ParentWatch.FLAG,
      hidden = true,
      description = "Stops when standard input ends, which it does when the parent dies.")
  boolean parentWatch;

  RouterCommand(Terminal terminal, int cores, RunningServer.Starter starter, ExitHooks hooks) {
    this.terminal = terminal;
    this.settings = new SettingFlags(Program.ROUTER, terminal, cores);
    this.starter = starter;
    this.hooks = hooks;
  }

  /** The command with a flag for each setting of a router. */
  CommandLine commandLine() {
    CommandSpec command = CommandSpec.forAnnotatedObject(this);
    settings.addTo(command);
    return new CommandLine(command);
  }

  @Override
  public Integer call() {
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
            () -> "router is ready, listens at " + told.network().listen(),
            server -> settings.watch(parsed(), config, found, server.reload()));
  }

  private ParseResult parsed() {
    return Objects.requireNonNull(spec).commandLine().getParseResult();
  }
}
