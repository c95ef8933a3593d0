package io.flotilla.server.config;

import io.flotilla.cli.HostPort;
import io.flotilla.router.tls.Tls.ClientCertificate;
import io.flotilla.router.tls.TlsFiles;
import io.flotilla.shard.HostConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** Reads and checks settings; a mistake does not hide the ones after it. */
public final class ConfigReader {
  private static final int MOST_LOOPS_BY_DEFAULT = 4;
  private static final int HTTP_PORT_DISTANCE = 1_000;
  private static final int MAX_PORT = 65_535;

  private final SettingSources sources = new SettingSources();
  private final List<String> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final Program program;
  private final int cores;

  private ConfigReader(Program program, int cores) {
    this.program = program;
    this.cores = cores;
  }

  /**
   * The settings and, for {@code --print-config}, each as a line.
   *
   * @param config checked
   * @param values the texts, of every setting
   * @param lines as YAML, with where each value comes from
   * @param warnings about what is probably a mistake and does no harm
   */
  public record Result(
      ServerConfig config,
      Map<Setting, String> values,
      List<String> lines,
      List<String> warnings) {}

  /**
   * Reads the settings.
   *
   * @param program whose they are; others have their defaults
   * @param flags by setting, as they stand on the command line
   * @param environment all variables; one that begins like a setting's and is none is warned of
   * @param file of YAML, if one was given
   * @param cores of this machine
   * @throws ConfigException with everything that is wrong
   */
  public static Result read(
      Program program,
      Map<Setting, String> flags,
      Map<String, String> environment,
      Optional<Path> file,
      int cores) {
    ConfigReader reader = new ConfigReader(program, cores);
    file.ifPresent(path -> reader.sources.addFile(path, program, reader.problems));
    for (Setting setting : program.settings()) {
      String variable = environment.getOrDefault(setting.variable(), "");
      if (!variable.isEmpty()) {
        reader.sources.add(setting, variable, setting.variable());
      }
    }
    reader.warnings.addAll(Variables.unknown(environment.keySet()));
    flags.forEach((setting, text) -> reader.sources.add(setting, text, "--" + setting.key()));
    return reader.check();
  }

  private Result check() {
    if (sources.get(program.required()).text().isBlank()) {
      problems.add(
          "--%s is missing: %s"
              .formatted(program.required().key(), program.description(program.required())));
    }
    ServerConfig config =
        new ServerConfig(
            data(),
            network(),
            security(),
            new ServerConfig.Limits(
                integer(Setting.MAX_CONNECTIONS), integer(Setting.MAX_CALLS_PER_CONNECTION)),
            new ServerConfig.Threads(
                loops(), integer(Setting.REQUEST_THREADS), integer(Setting.MAILBOX_CALLS)),
            new ServerConfig.Raft(
                time(Setting.TICK),
                integer(Setting.HEARTBEAT_TICKS),
                integer(Setting.ELECTION_TICKS),
                integer(Setting.REPLICATION),
                value(Setting.LEADER_LEASE, Boolean.class)),
            storage(),
            new ServerConfig.Snapshots(
                number(Setting.SNAPSHOT_SEND_RATE),
                number(Setting.SNAPSHOT_RECEIVE_RATE),
                integer(Setting.SNAPSHOTS_AT_ONCE)),
            new ServerConfig.Placement(
                labels(), time(Setting.REPLACE_DEAD_AFTER), integer(Setting.MOVES_PER_NODE)),
            new ServerConfig.Splits(
                number(Setting.SPLIT_SIZE), number(Setting.SPLIT_LOAD), time(Setting.SPLIT_PAUSE)),
            time(Setting.SHUTDOWN_GRACE),
            sight());
    checkTogether(config);
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return new Result(config, values(), lines(), List.copyOf(warnings));
  }

  private void checkTogether(ServerConfig config) {
    ServerConfig.Raft raft = config.raft();
    if (raft.electionTicks() < 3 * raft.heartbeatTicks()) {
      problem(Setting.ELECTION_TICKS, "must be at least 3 x heartbeat-ticks");
    }
    if (raft.leaderLease() && raft.electionTicks() < HostConfig.MIN_LEASE_TICKS) {
      problem(
          Setting.LEADER_LEASE,
          "needs election-ticks of at least "
              + HostConfig.MIN_LEASE_TICKS
              + ", which are "
              + raft.electionTicks()
              + "; for the same time of elections: tick 33ms, heartbeat-ticks 6,"
              + " election-ticks 30");
    }
  }

  private Path data() {
    return value(Setting.DATA, Path.class).toAbsolutePath().normalize();
  }

  private ServerConfig.Network network() {
    HostPort listen = value(Setting.LISTEN, HostPort.class);
    Optional<HostPort> advertised = address(Setting.ADVERTISE);
    HostPort advertise = advertised.orElse(listen);
    if (listen.port() == 0) {
      problem(Setting.LISTEN, "port 0 is no fixed port; others must be able to find the node");
    }
    if (isWildcard(advertise) && (advertised.isPresent() || program == Program.SERVER)) {
      problem(
          advertised.isPresent() ? Setting.ADVERTISE : Setting.LISTEN,
          "means every interface, which others cannot connect to; set advertise to HOST:PORT");
    }
    Optional<HostPort> peerListen = address(Setting.PEER_LISTEN);
    return new ServerConfig.Network(
        listen, advertise, peerListen, peerAdvertise(peerListen), join(), http(listen));
  }

  private Optional<HostPort> peerAdvertise(Optional<HostPort> peerListen) {
    Optional<HostPort> given = address(Setting.PEER_ADVERTISE);
    Optional<HostPort> used = given.or(() -> peerListen);
    if (peerListen.isEmpty() && given.isPresent()) {
      problem(Setting.PEER_ADVERTISE, "needs peer-listen");
    }
    if (used.filter(ConfigReader::isWildcard).isPresent()) {
      problem(
          given.isPresent() ? Setting.PEER_ADVERTISE : Setting.PEER_LISTEN,
          "means every interface, which others cannot connect to; set peer-advertise to HOST:PORT");
    }
    return used;
  }

  private ServerConfig.Security security() {
    ClientCertificate clients =
        ClientCertificate.valueOf(
            value(Setting.TLS_CLIENT_AUTH, String.class).toUpperCase(Locale.ROOT));
    Optional<ServerConfig.Tls> tls = tls(clients);
    Optional<Path> access = file(Setting.ACCESS);
    if (access.isPresent() && tls.isEmpty()) {
      problem(Setting.ACCESS, "needs TLS: set tls-certificate, tls-key and tls-ca");
    }
    if (file(Setting.AUDIT_LOG).isPresent() && access.isEmpty()) {
      problem(Setting.AUDIT_LOG, "needs access: without it, nobody is known by name");
    }
    return new ServerConfig.Security(tls, access, file(Setting.AUDIT_LOG));
  }

  private Optional<ServerConfig.Tls> tls(ClientCertificate clients) {
    Optional<Path> certificate = file(Setting.TLS_CERTIFICATE);
    Optional<Path> key = file(Setting.TLS_KEY);
    Optional<Path> ca = file(Setting.TLS_CA);
    if (certificate.or(() -> key).or(() -> ca).isEmpty()) {
      return Optional.empty();
    }
    for (Setting file : List.of(Setting.TLS_CERTIFICATE, Setting.TLS_KEY, Setting.TLS_CA)) {
      if (file(file).isEmpty()) {
        problem(file, "is missing: certificate, key and CA go together");
      }
    }
    if (address(Setting.PEER_LISTEN).isEmpty()) {
      problem(Setting.PEER_LISTEN, "is missing: with TLS, other nodes have a port of their own");
    }
    Optional<TlsFiles.Own> own =
        certificate.flatMap(shown -> key.map(ofIt -> new TlsFiles.Own(shown, ofIt)));
    return Optional.of(new ServerConfig.Tls(new TlsFiles(ca, own), clients));
  }

  @SuppressWarnings("unchecked") // as the setting's kind says
  private Optional<Path> file(Setting setting) {
    return value(setting, Optional.class);
  }

  @SuppressWarnings("unchecked") // as the setting's kind says
  private List<HostPort> join() {
    return value(Setting.JOIN, List.class);
  }

  @SuppressWarnings("unchecked") // as the setting's kind says
  private SortedMap<String, String> labels() {
    return value(Setting.LABELS, SortedMap.class);
  }

  @SuppressWarnings("unchecked") // as the setting's kind says
  private Optional<HostPort> address(Setting setting) {
    return value(setting, Optional.class);
  }

  private Optional<HostPort> http(HostPort listen) {
    Optional<HostPort> given = address(Setting.HTTP_LISTEN);
    if (given.isPresent() || !sources.get(Setting.HTTP_LISTEN).text().isBlank()) {
      return given;
    }
    int port = listen.port() + HTTP_PORT_DISTANCE;
    if (port > MAX_PORT) {
      problem(
          Setting.LISTEN,
          "leaves no port "
              + HTTP_PORT_DISTANCE
              + " above it; set http-listen to HOST:PORT or off");
      return Optional.empty();
    }
    return Optional.of(new HostPort(listen.host(), port));
  }

  private static boolean isWildcard(HostPort address) {
    return address.host().equals("0.0.0.0") || address.host().equals("::");
  }

  private int loops() {
    int wanted = integer(Setting.LOOPS);
    return wanted > 0 ? wanted : Math.max(1, Math.min(MOST_LOOPS_BY_DEFAULT, cores));
  }

  private ServerConfig.Storage storage() {
    return new ServerConfig.Storage(
        number(Setting.JOURNAL_SIZE),
        number(Setting.STATE_SIZE),
        number(Setting.LOG_CACHE_SIZE),
        number(Setting.MEMTABLE_SIZE),
        time(Setting.FLUSH_INTERVAL));
  }

  private ServerConfig.Sight sight() {
    return new ServerConfig.Sight(
        value(Setting.LOG_LEVEL, String.class).toUpperCase(Locale.ROOT),
        value(Setting.LOG_FORMAT, String.class),
        time(Setting.SLOW_REQUEST),
        integer(Setting.METRICS_SHARDS),
        time(Setting.READY_PATIENCE));
  }

  private int integer(Setting setting) {
    return Math.toIntExact(number(setting));
  }

  private long number(Setting setting) {
    return value(setting, Long.class);
  }

  private Duration time(Setting setting) {
    return value(setting, Duration.class);
  }

  /** The value, or that of the default so that the check can go on. */
  private <T> T value(Setting setting, Class<T> type) {
    try {
      return type.cast(setting.kind().parse(sources.get(setting).text()));
    } catch (IllegalArgumentException e) {
      problem(setting, String.valueOf(e.getMessage()));
      return type.cast(setting.kind().parse(setting.defaultText()));
    }
  }

  private void problem(Setting setting, String reason) {
    SettingSources.Given given = sources.get(setting);
    if (given.text().isEmpty()) {
      problems.add("--" + setting.key() + " " + reason);
      return;
    }
    String value = "'" + given.text() + "'";
    problems.add(given.source() + " " + (reason.startsWith(value) ? "" : value + " ") + reason);
  }

  private Map<Setting, String> values() {
    Map<Setting, String> values = new EnumMap<>(Setting.class);
    for (Setting setting : Setting.values()) {
      values.put(setting, sources.get(setting).text());
    }
    return Map.copyOf(values);
  }

  private List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (Setting setting : program.settings()) {
      SettingSources.Given given = sources.get(setting);
      String text = given.text().isEmpty() ? "\"\"" : given.text();
      lines.add("%-40s # %s".formatted(setting.key() + ": " + text, given.source()));
    }
    return List.copyOf(lines);
  }
}
