package io.flotilla.server;

import io.flotilla.cli.CommandFailure;
import io.flotilla.cli.Terminal;
import io.flotilla.server.config.ConfigException;
import io.flotilla.server.config.ConfigReader;
import io.flotilla.server.config.ConfigWatch;
import io.flotilla.server.config.ServerConfig;
import io.flotilla.server.config.Setting;
import io.flotilla.server.config.SettingsPage;
import io.flotilla.server.local.ExitHooks;
import io.flotilla.server.local.ParentWatch;
import io.flotilla.server.log.LogSetup;
import io.flotilla.server.metrics.MetricsDoc;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
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
  private static final int WRONG_SETTINGS = 2;

  private final Terminal terminal;
  private final int cores;
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
    this.cores = cores;
    this.starter = starter;
    this.hooks = hooks;
  }

  /** The command with a flag for each setting. */
  CommandLine commandLine() {
    CommandSpec command = CommandSpec.forAnnotatedObject(this);
    for (Setting setting : Setting.values()) {
      String bounds = setting.bounds().isEmpty() ? "" : " " + sentence(setting.bounds());
      String otherwise =
          setting.defaultText().isEmpty() ? "" : " Default: " + setting.defaultText() + ".";
      command.addOption(
          OptionSpec.builder(flag(setting))
              .type(String.class)
              .paramLabel(setting.form())
              .description(setting.description() + bounds + otherwise)
              .build());
    }
    return new CommandLine(command);
  }

  private static String sentence(String words) {
    return Character.toUpperCase(words.charAt(0)) + words.substring(1) + ".";
  }

  private static String flag(Setting setting) {
    return "--" + setting.key();
  }

  @Override
  public Integer call() throws InterruptedException {
    if (printSettings) {
      SettingsPage.lines().forEach(terminal.out()::println);
      return 0;
    }
    if (printMetrics) {
      MetricsDoc.lines().forEach(terminal.out()::println);
      return 0;
    }
    ConfigReader.Result settings;
    try {
      settings = read();
    } catch (ConfigException e) {
      e.problems().forEach(problem -> terminal.err().println("flotilla: " + problem));
      terminal.err().println("flotilla: the settings are explained by 'flotilla server --help'");
      return WRONG_SETTINGS;
    }
    settings.warnings().forEach(warning -> terminal.err().println("flotilla: " + warning));
    if (printConfig) {
      settings.lines().forEach(terminal.out()::println);
      return 0;
    }
    ServerConfig.Sight sight = settings.config().sight();
    LogSetup.forServer(sight.logLevel(), sight.logFormat());
    try {
      return run(settings);
    } catch (ServerStartException e) {
      throw new CommandFailure("START", String.valueOf(e.getMessage()), e);
    }
  }

  private ConfigReader.Result read() {
    return ConfigReader.read(flags(), terminal.environment(), Optional.ofNullable(config), cores);
  }

  private Map<Setting, String> flags() {
    ParseResult given = Objects.requireNonNull(spec).commandLine().getParseResult();
    Map<Setting, String> flags = new EnumMap<>(Setting.class);
    for (Setting setting : Setting.values()) {
      if (given.hasMatchedOption(flag(setting))) {
        flags.put(setting, given.matchedOptionValue(flag(setting), ""));
      }
    }
    return flags;
  }

  private int run(ConfigReader.Result settings) {
    RunningServer server = starter.start(settings.config());
    Optional<ReloadThread> reloads = watchConfig(settings, server);
    hooks.add("server-stop", server.close());
    if (parentWatch) {
      ParentWatch.start(terminal.in(), server.close());
    }
    try {
      await(CompletableFuture.anyOf(server.ready(), server.stopped()));
      if (!server.stopped().isDone()) {
        tellReady(settings.config());
      }
      await(server.stopped());
      return 0;
    } finally {
      reloads.ifPresent(ReloadThread::close);
      server.close().run();
    }
  }

  private Optional<ReloadThread> watchConfig(ConfigReader.Result settings, RunningServer server) {
    return Optional.ofNullable(config)
        .map(file -> new ConfigWatch(file, this::read, settings, server.reload()))
        .map(watch -> ReloadThread.start(watch::look));
  }

  private void tellReady(ServerConfig settings) {
    ServerConfig.Network network = settings.network();
    String others =
        network.advertise().equals(network.listen())
            ? ""
            : " (others: " + network.advertise() + ")";
    terminal
        .out()
        .println(
            "node is ready, listens at %s%s, data in %s"
                .formatted(network.listen(), others, settings.data()));
    terminal.out().flush();
  }

  /** A failure of the server is one line, unless it is a defect. */
  private static void await(CompletableFuture<?> end) {
    try {
      end.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof ServerStartException refused) {
        throw refused;
      }
      throw new CommandFailure("SERVER", "the server failed: " + e.getCause(), e);
    }
  }
}
