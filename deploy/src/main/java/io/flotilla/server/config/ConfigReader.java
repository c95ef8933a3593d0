package io.flotilla.server.config;

import io.flotilla.cli.Durations;
import io.flotilla.cli.HostPort;
import io.flotilla.shard.HostConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** Reads and checks settings; a mistake does not hide the ones after it. */
public final class ConfigReader {
  private static final Set<String> LEVELS = Set.of("ERROR", "WARN", "INFO", "DEBUG", "TRACE");
  private static final Set<String> OFF = Set.of("off", "false", "0");
  private static final int MOST_LOOPS_BY_DEFAULT = 4;

  private final SettingSources sources = new SettingSources();
  private final List<String> problems = new ArrayList<>();
  private final int cores;

  private ConfigReader(int cores) {
    this.cores = cores;
  }

  /**
   * The settings and, for {@code --print-config}, each as a line.
   *
   * @param config checked
   * @param lines as YAML, with where each value comes from
   */
  public record Result(ServerConfig config, List<String> lines) {}

  /**
   * Reads the settings.
   *
   * @param flags by setting, as they stand on the command line
   * @param environment all variables; other programs' variables do not matter
   * @param file of YAML, if one was given
   * @param cores of this machine
   * @throws ConfigException with everything that is wrong
   */
  public static Result read(
      Map<Setting, String> flags, Map<String, String> environment, Optional<Path> file, int cores) {
    ConfigReader reader = new ConfigReader(cores);
    file.ifPresent(path -> reader.sources.addFile(path, reader.problems));
    for (Setting setting : Setting.values()) {
      String variable = environment.getOrDefault(setting.variable(), "");
      if (!variable.isEmpty()) {
        reader.sources.add(setting, variable, setting.variable());
      }
    }
    flags.forEach((setting, text) -> reader.sources.add(setting, text, "--" + setting.key()));
    return reader.check();
  }

  private Result check() {
    ServerConfig config =
        new ServerConfig(
            data(),
            network(),
            new ServerConfig.Threads(loops(), integer(Setting.REQUEST_THREADS, 1, 64)),
            new ServerConfig.Raft(
                duration(Setting.TICK, Duration.ofMillis(10), Duration.ofSeconds(10)),
                integer(Setting.HEARTBEAT_TICKS, 1, 100),
                integer(Setting.ELECTION_TICKS, 3, 1_000),
                integer(Setting.REPLICATION, 1, 7),
                onOrOff(Setting.LEADER_LEASE)),
            new ServerConfig.Storage(size(Setting.JOURNAL_SIZE), size(Setting.STATE_SIZE)),
            new ServerConfig.Snapshots(
                rate(Setting.SNAPSHOT_SEND_RATE),
                rate(Setting.SNAPSHOT_RECEIVE_RATE),
                integer(Setting.SNAPSHOTS_AT_ONCE, 1, 64)),
            new ServerConfig.Placement(
                parse(Setting.LABELS, Labels::parse, new TreeMap<>()),
                duration(Setting.REPLACE_DEAD_AFTER, Duration.ofSeconds(10), Duration.ofHours(24)),
                integer(Setting.MOVES_PER_NODE, 1, 64)),
            new ServerConfig.Splits(
                offOr(Setting.SPLIT_SIZE, text -> Sizes.parse(text, 1L << 20, 16L << 40)),
                offOr(Setting.SPLIT_LOAD, text -> (long) integer(text, 10, 10_000_000)),
                duration(Setting.SPLIT_PAUSE, Duration.ofSeconds(1), Duration.ofHours(24))),
            duration(Setting.SHUTDOWN_GRACE, Duration.ofMillis(100), Duration.ofMinutes(5)),
            level());
    if (config.raft().electionTicks() < 3 * config.raft().heartbeatTicks()) {
      problem(Setting.ELECTION_TICKS, "must be at least 3 x heartbeat-ticks");
    }
    if (config.raft().leaderLease() && config.raft().electionTicks() < HostConfig.MIN_LEASE_TICKS) {
      problem(
          Setting.LEADER_LEASE,
          "needs election-ticks of at least "
              + HostConfig.MIN_LEASE_TICKS
              + ", which are "
              + config.raft().electionTicks()
              + "; for the same time of elections: tick 33ms, heartbeat-ticks 6,"
              + " election-ticks 30");
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return new Result(config, lines());
  }

  private Path data() {
    String text = sources.get(Setting.DATA).text();
    if (text.isBlank()) {
      problems.add("--data is missing: the directory of this node's store");
    }
    return parse(Setting.DATA, Path::of, Path.of("")).toAbsolutePath().normalize();
  }

  private ServerConfig.Network network() {
    HostPort nowhere = new HostPort("localhost", 1);
    HostPort listen = parse(Setting.LISTEN, HostPort::parse, nowhere);
    boolean advertised = !sources.get(Setting.ADVERTISE).text().isEmpty();
    HostPort advertise = advertised ? parse(Setting.ADVERTISE, HostPort::parse, nowhere) : listen;
    if (listen.port() == 0) {
      problem(Setting.LISTEN, "port 0 is no fixed port; others must be able to find the node");
    }
    if (isWildcard(advertise)) {
      problem(
          advertised ? Setting.ADVERTISE : Setting.LISTEN,
          "means every interface, which others cannot connect to; set advertise to HOST:PORT");
    }
    String join = sources.get(Setting.JOIN).text();
    List<HostPort> others =
        join.isBlank() ? List.of() : parse(Setting.JOIN, HostPort::parseList, List.of());
    return new ServerConfig.Network(listen, advertise, others);
  }

  private static boolean isWildcard(HostPort address) {
    return address.host().equals("0.0.0.0") || address.host().equals("::");
  }

  private int loops() {
    int wanted = integer(Setting.LOOPS, 0, 64);
    return wanted > 0 ? wanted : Math.max(1, Math.min(MOST_LOOPS_BY_DEFAULT, cores));
  }

  private String level() {
    String level = sources.get(Setting.LOG_LEVEL).text().toUpperCase(Locale.ROOT);
    if (!LEVELS.contains(level)) {
      problem(Setting.LOG_LEVEL, "is none of error, warn, info, debug, trace");
    }
    return level;
  }

  private int integer(Setting setting, int least, int most) {
    return parse(setting, text -> integer(text, least, most), least);
  }

  private static int integer(String text, int least, int most) {
    String wanted = "is not a whole number from " + least + " to " + most;
    try {
      int number = Integer.parseInt(text.trim());
      if (number < least || number > most) {
        throw new IllegalArgumentException(wanted);
      }
      return number;
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(wanted, e);
    }
  }

  /** 0 if it is off, which YAML calls false. */
  private long offOr(Setting setting, Function<String, Long> parser) {
    return parse(
        setting,
        text -> OFF.contains(text.trim().toLowerCase(Locale.ROOT)) ? 0L : parser.apply(text),
        0L);
  }

  private boolean onOrOff(Setting setting) {
    return parse(
        setting,
        text ->
            switch (text.trim().toLowerCase(Locale.ROOT)) {
              case "on", "true" -> true; // YAML calls it true
              case "off", "false" -> false;
              default -> throw new IllegalArgumentException("is neither on nor off");
            },
        false);
  }

  private Duration duration(Setting setting, Duration least, Duration most) {
    return parse(
        setting,
        text -> {
          Duration time = Durations.parse(text);
          if (time.compareTo(least) < 0 || time.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                "is not from " + Durations.show(least) + " to " + Durations.show(most));
          }
          return time;
        },
        least);
  }

  private long size(Setting setting) {
    return parse(setting, text -> Sizes.parse(text, 64L << 20, 16L << 40), 64L << 20);
  }

  private long rate(Setting setting) {
    return parse(setting, Sizes::parseRate, 0L);
  }

  /** The value, or another one so that the check can go on. */
  private <T> T parse(Setting setting, Function<String, T> parser, T otherwise) {
    try {
      return parser.apply(sources.get(setting).text());
    } catch (IllegalArgumentException e) {
      problem(setting, String.valueOf(e.getMessage()));
      return otherwise;
    }
  }

  private void problem(Setting setting, String reason) {
    SettingSources.Given given = sources.get(setting);
    String value = "'" + given.text() + "'";
    problems.add(given.source() + " " + (reason.startsWith(value) ? "" : value + " ") + reason);
  }

  private List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (Setting setting : Setting.values()) {
      SettingSources.Given given = sources.get(setting);
      String text = given.text().isEmpty() ? "\"\"" : given.text();
      lines.add("%-40s # %s".formatted(setting.key() + ": " + text, given.source()));
    }
    return List.copyOf(lines);
  }
}
