package io.flotilla.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.flotilla.cli.HostPort;
import io.flotilla.router.tls.Tls.ClientCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ConfigReaderTest {
  private static final Map<Setting, String> DATA = Map.of(Setting.DATA, "/d");

  private static final Map<Setting, String> SECURE =
      Map.of(
          Setting.TLS_CERTIFICATE,
          "c",
          Setting.TLS_KEY,
          "k",
          Setting.TLS_CA,
          "a",
          Setting.PEER_LISTEN,
          "h:2");

  /** What a setting does not go without. */
  private static final Map<Setting, Map<Setting, String>> COMPANIONS =
      Map.of(
          Setting.ACCESS,
          SECURE,
          Setting.AUDIT_LOG,
          with(SECURE, Setting.ACCESS, "a"),
          Setting.PEER_ADVERTISE,
          Map.of(Setting.PEER_LISTEN, "h:2"),
          Setting.TLS_CERTIFICATE,
          Map.of(Setting.TLS_KEY, "k", Setting.TLS_CA, "c", Setting.PEER_LISTEN, "h:2"),
          Setting.TLS_KEY,
          Map.of(Setting.TLS_CERTIFICATE, "k", Setting.TLS_CA, "c", Setting.PEER_LISTEN, "h:2"),
          Setting.TLS_CA,
          Map.of(Setting.TLS_CERTIFICATE, "k", Setting.TLS_KEY, "c", Setting.PEER_LISTEN, "h:2"));

  @TempDir Path directory;

  @Test
  void defaults_areAClusterOfOneNode() {
    ServerConfig config = read(DATA, Map.of(), "").config();
    assertThat(config.data()).isEqualTo(Path.of("/d").toAbsolutePath());
    assertThat(config.network().listen()).isEqualTo(new HostPort("127.0.0.1", 7001));
    assertThat(config.network().advertise()).isEqualTo(config.network().listen());
    assertThat(config.network().join()).isEmpty();
    assertThat(config.threads().loops()).isEqualTo(2);
    assertThat(config.raft().tick()).isEqualTo(Duration.ofMillis(100));
    assertThat(config.storage().journalBytes()).isEqualTo(16L << 30);
    assertThat(config.sight().logLevel()).isEqualTo("INFO");
  }

  @Test
  void flag_winsOverVariable_winsOverFile() {
    String file = "data: /f\ntick: 10ms\nheartbeat-ticks: 3\n";
    Map<String, String> environment =
        Map.of("FLOTILLA_TICK", "20ms", "FLOTILLA_DATA", "/e", "FLOTILLA_OTHER", "x");
    ServerConfig config = read(Map.of(Setting.TICK, "30ms"), environment, file).config();
    assertThat(config.raft().tick()).isEqualTo(Duration.ofMillis(30));
    assertThat(config.data()).isEqualTo(Path.of("/e").toAbsolutePath());
    assertThat(config.raft().heartbeatTicks()).isEqualTo(3);
  }

  @Test
  void lease_isOffAndNeedsEnoughTicks() {
    assertThat(read(DATA, Map.of(), "").config().raft().leaderLease()).isFalse();
    assertThat(read(DATA, Map.of(), "leader-lease: on\nelection-ticks: 30\n").config().raft())
        .extracting(ServerConfig.Raft::leaderLease)
        .isEqualTo(true);
    assertThat(problems(Map.of(Setting.LEADER_LEASE, "on"), Map.of(), "data: /d"))
        .singleElement()
        .asString()
        .contains("--leader-lease 'on' needs election-ticks of at least 30, which are 10");
    assertThat(problems(Map.of(), Map.of("FLOTILLA_LEADER_LEASE", "perhaps"), "data: /d"))
        .containsExactly("FLOTILLA_LEADER_LEASE 'perhaps' is neither on nor off");
  }

  @Test
  void emptyVariable_saysNothing() {
    Map<String, String> environment = Map.of("FLOTILLA_TICK", "");
    assertThat(read(DATA, environment, "tick: 20ms").config().raft().tick())
        .isEqualTo(Duration.ofMillis(20));
  }

  @Test
  void join_isAListInAFile() {
    ServerConfig config = read(DATA, Map.of(), "join:\n  - a:1\n  - '[::1]:2'\n").config();
    assertThat(config.network().join())
        .containsExactly(new HostPort("a", 1), new HostPort("::1", 2));
  }

  @Test
  void mistakes_doNotHideEachOther() {
    List<String> problems =
        problems(
            Map.of(Setting.LISTEN, "x"),
            Map.of("FLOTILLA_LOOPS", "-1"),
            "tick: fast\nelection-ticks: 2\nno-such: 1\njoin: {a: b}\n");
    assertThat(problems).hasSizeGreaterThanOrEqualTo(7);
    assertThat(String.join("\n", problems))
        .contains("--data is missing")
        .contains("--listen 'x' has no port")
        .contains("FLOTILLA_LOOPS '-1'")
        .contains("node.yaml: tick 'fast' is not a time")
        .contains("node.yaml: election-ticks '2'")
        .contains("node.yaml: no-such: there is no such setting")
        .contains("node.yaml: join: has no plain value");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'tick: 1s\ntick: 2s' | line 2: is not YAML",
        "'tick: [' | is not YAML",
        "'- a' | is not a list of 'key: value' lines",
        "journal_size: 1GiB | did you mean journal-size?",
        "jurnal-size: 1GiB | did you mean journal-size?",
        "colour: red | colour: there is no such setting",
        "http-listen: here | http-listen 'here' has no port",
        "log-format: xml | is none of text, json",
        "metrics-shards: 10001 | is not a whole number from 0 to 10000",
        "listen: 'h:65000' | leaves no port 1000 above it; set http-listen to HOST:PORT or off",
        "journal-size: 1MiB | is not from 64MiB to 16TiB",
        "state-size: 5 parsecs | is not a size such as 512MiB or 16GiB",
        "shutdown-grace: 1h | is not from 100ms to 5m",
        "labels: zone | is not KEY=VALUE",
        "labels: zone=a,zone=b | has the label 'zone' twice",
        "replace-dead-after: 1s | is not from 10s to 24h",
        "heartbeat-ticks: 10 | must be at least 3 x heartbeat-ticks"
      })
  void wrongFile_isExplained(String file, String message) {
    assertThat(String.join("\n", problems(DATA, Map.of(), file))).contains(message);
  }

  @Test
  void http_isAThousandPortsAboveUnlessSaidOtherwise() {
    assertThat(http("listen: 'h:7001'")).contains(new HostPort("h", 8001));
    assertThat(http("http-listen: 'i:80'")).contains(new HostPort("i", 80));
    assertThat(http("http-listen: off")).isEmpty();
    assertThat(http("http-listen: 'off'\nlisten: 'h:65000'")).isEmpty();
  }

  private Optional<HostPort> http(String file) {
    return read(DATA, Map.of(), file).config().network().http();
  }

  @Test
  void misspeltVariables_areWarnedOf() {
    Map<String, String> environment =
        Map.of(
            "FLOTILLA_JURNAL_SIZE", "1GiB",
            "FLOTILLA_COLOUR", "red",
            "FLOTILLA_LOOPS", "2",
            "FLOTILLA_ENDPOINTS", "a:1",
            "FLOTILLA_JAVA_OPTS", "-Xmx1g",
            "FLOTILLA_COMMAND", "flotilla",
            "FLOTILLA_SERVICE_HOST", "10.0.0.1",
            "FLOTILLA_CLIENT_PORT_7001_TCP_ADDR", "10.0.0.1",
            "FLOTILLA_PORT", "tcp://10.0.0.1:7001",
            "PATH", "/bin");
    assertThat(read(DATA, environment, "").warnings())
        .containsExactly(
            "FLOTILLA_COLOUR: there is no such setting",
            "FLOTILLA_JURNAL_SIZE: there is no such setting; did you mean FLOTILLA_JOURNAL_SIZE?");
  }

  @Test
  void access_needsTls() {
    assertThat(problems(DATA, Map.of(), "access: a.yaml"))
        .singleElement()
        .asString()
        .contains("needs TLS: set tls-certificate");
    assertThat(problems(DATA, Map.of(), "audit-log: a.log"))
        .singleElement()
        .asString()
        .contains("needs access");
  }

  @ParameterizedTest
  @EnumSource(Setting.class)
  void everyDefault_isAValueOfItsKind(Setting setting) {
    assertThat(setting.kind().parse(setting.defaultText())).isNotNull();
  }

  @Test
  void wildcard_needsAnAddressForOthers() {
    Map<Setting, String> flags = Map.of(Setting.DATA, "/d", Setting.LISTEN, "0.0.0.0:7001");
    assertThat(problems(flags, Map.of(), ""))
        .singleElement()
        .asString()
        .contains("--listen '0.0.0.0:7001' means every interface")
        .contains("set advertise to HOST:PORT");
    ServerConfig config = read(flags, Map.of(), "advertise: db1:7001").config();
    assertThat(config.network().advertise()).isEqualTo(new HostPort("db1", 7001));
  }

  @Test
  void portForNodes_isApartAndAdvertised() {
    ServerConfig.Network shared = read(DATA, Map.of(), "").config().network();
    assertThat(shared.peerListen()).isEmpty();
    assertThat(shared.peerAdvertise()).isEmpty();
    ServerConfig.Network apart = read(DATA, Map.of(), "peer-listen: h:7002").config().network();
    assertThat(apart.peerListen()).contains(new HostPort("h", 7002));
    assertThat(apart.peerAdvertise()).isEqualTo(apart.peerListen());
    assertThat(problems(DATA, Map.of(), "peer-listen: 0.0.0.0:7002"))
        .singleElement()
        .asString()
        .contains("set peer-advertise to HOST:PORT");
    assertThat(problems(DATA, Map.of(), "peer-advertise: h:1"))
        .singleElement()
        .asString()
        .contains("needs peer-listen");
  }

  @Test
  void tls_needsAllItsFilesAndAPortForNodes() {
    assertThat(read(DATA, Map.of(), "").config().security().tls()).isEmpty();
    assertThat(problems(DATA, Map.of(), "tls-certificate: c.crt"))
        .containsExactly(
            "--tls-key is missing: certificate, key and CA go together",
            "--tls-ca is missing: certificate, key and CA go together",
            "--peer-listen is missing: with TLS, other nodes have a port of their own");
    String all = "tls-certificate: c.crt\ntls-key: /k\ntls-ca: a.crt\npeer-listen: h:2\n";
    ServerConfig.Tls tls = read(DATA, Map.of(), all).config().security().tls().orElseThrow();
    assertThat(tls.files().own().orElseThrow().key()).isEqualTo(Path.of("/k"));
    assertThat(tls.files().ca().orElseThrow()).isEqualTo(Path.of("a.crt").toAbsolutePath());
    assertThat(tls.clients()).isEqualTo(ClientCertificate.REQUIRE);
    assertThat(problems(DATA, Map.of(), "tls-client-auth: perhaps"))
        .singleElement()
        .asString()
        .contains("is none of require, request, none");
  }

  @ParameterizedTest
  @EnumSource(Setting.class)
  void everySetting_canComeFromEachSource(Setting setting) {
    String otherwise = setting == Setting.LABELS ? "zone=a" : "h:1";
    String text = setting.defaultText().isEmpty() ? otherwise : setting.defaultText();
    Map<String, String> others = new HashMap<>();
    COMPANIONS
        .getOrDefault(setting, Map.of())
        .forEach((other, value) -> others.put(other.variable(), value));
    assertThat(line(setting, read(with(setting, text), others, ""))).contains("--");
    Map<String, String> environment = new HashMap<>(Map.of("FLOTILLA_DATA", "d"));
    environment.putAll(others);
    environment.put(setting.variable(), text);
    assertThat(line(setting, read(Map.of(), environment, ""))).contains(setting.variable());
    if (setting != Setting.DATA) {
      assertThat(line(setting, read(DATA, others, setting.key() + ": '" + text + "'")))
          .contains("node.yaml: " + setting.key());
    }
  }

  private static Map<Setting, String> with(Map<Setting, String> all, Setting setting, String text) {
    Map<Setting, String> more = new HashMap<>(all);
    more.put(setting, text);
    return more;
  }

  private static Map<Setting, String> with(Setting setting, String text) {
    return setting == Setting.DATA
        ? Map.of(setting, text)
        : Map.of(Setting.DATA, "d", setting, text);
  }

  private static String line(Setting setting, ConfigReader.Result result) {
    return result.lines().stream()
        .filter(line -> line.startsWith(setting.key() + ":"))
        .findFirst()
        .orElseThrow();
  }

  private List<String> problems(
      Map<Setting, String> flags, Map<String, String> environment, String file) {
    return catchThrowableOfType(ConfigException.class, () -> read(flags, environment, file))
        .problems();
  }

  private ConfigReader.Result read(
      Map<Setting, String> flags, Map<String, String> environment, String content) {
    Optional<Path> file = content.isEmpty() ? Optional.empty() : Optional.of(write(content));
    return ConfigReader.read(Program.SERVER, flags, environment, file, 2);
  }

  private Path write(String content) {
    try {
      return Files.writeString(directory.resolve("node.yaml"), content);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
