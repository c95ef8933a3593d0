package io.flotilla.server;

import io.flotilla.cli.Terminal;
import io.flotilla.server.config.ConfigException;
import io.flotilla.server.config.ConfigReader;
import io.flotilla.server.config.ConfigWatch;
import io.flotilla.server.config.Program;
import io.flotilla.server.config.ServerConfig;
import io.flotilla.server.config.Setting;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The settings of a program as flags of its command. */
record SettingFlags(Program program, Terminal terminal, int cores) {
  static final int WRONG_SETTINGS = 2;

  /** Adds a flag for each setting. */
  void addTo(CommandSpec command) {
    for (Setting setting : program.settings()) {
      String bounds = setting.bounds().isEmpty() ? "" : " " + sentence(setting.bounds());
      String otherwise =
          setting.defaultText().isEmpty() ? "" : " Default: " + setting.defaultText() + ".";
      command.addOption(
          OptionSpec.builder(flag(setting))
              .type(String.class)
              .paramLabel(setting.form())
              .description(program.description(setting) + bounds + otherwise)
              .build());
    }
  }

  private static String sentence(String words) {
    return Character.toUpperCase(words.charAt(0)) + words.substring(1) + ".";
  }

  private static String flag(Setting setting) {
    return "--" + setting.key();
  }

  /** The settings that hold; empty: some are wrong, and the terminal says which. */
  Optional<ConfigReader.Result> read(ParseResult given, @Nullable Path file) {
    try {
      ConfigReader.Result read = readAll(given, file);
      read.warnings().forEach(warning -> terminal.err().println("flotilla: " + warning));
      return Optional.of(read);
    } catch (ConfigException e) {
      e.problems().forEach(problem -> terminal.err().println("flotilla: " + problem));
      terminal
          .err()
          .println(
              "flotilla: the settings are explained by 'flotilla %s --help'"
                  .formatted(program.command()));
      return Optional.empty();
    }
  }

  private ConfigReader.Result readAll(ParseResult given, @Nullable Path file) {
    return ConfigReader.read(
        program, flags(given), terminal.environment(), Optional.ofNullable(file), cores);
  }

  /**
   * Brings changes of the file to a running server, until it is closed; empty: there is no file.
   *
   * @param started what the server runs with
   * @param reload takes what may change without a restart
   */
  Optional<ReloadThread> watch(
      ParseResult given,
      @Nullable Path file,
      ConfigReader.Result started,
      Consumer<Optional<ServerConfig>> reload) {
    return Optional.ofNullable(file)
        .map(path -> new ConfigWatch(path, () -> readAll(given, path), started, reload))
        .map(watch -> ReloadThread.start(watch::look));
  }

  private Map<Setting, String> flags(ParseResult given) {
    Map<Setting, String> flags = new EnumMap<>(Setting.class);
    for (Setting setting : program.settings()) {
      if (given.hasMatchedOption(flag(setting))) {
        flags.put(setting, given.matchedOptionValue(flag(setting), ""));
      }
    }
    return flags;
  }
}
