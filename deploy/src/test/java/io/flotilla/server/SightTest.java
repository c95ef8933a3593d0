package io.flotilla.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import com.google.protobuf.ByteString;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.FlotillaException;
import io.flotilla.client.Key;
import io.flotilla.client.KeyRange;
import io.flotilla.client.Kv;
import io.flotilla.client.Scan;
import io.flotilla.contract.v1.KvGrpc;
import io.flotilla.contract.v1.PutReply;
import io.flotilla.contract.v1.PutRequest;
import io.flotilla.server.config.ConfigReader;
import io.flotilla.server.config.Program;
import io.flotilla.server.config.Setting;
import io.flotilla.server.local.Ports;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A real node that logs everything, looked at from outside. */
class SightTest {
  private static final String MARK = "qzx7marked";
  private static final List<Integer> PORTS = Ports.free(2);
  private static final String ADDRESS = "127.0.0.1:" + PORTS.get(0);
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final ListAppender<ILoggingEvent> EVENTS = new ListAppender<>();
  private static final Logger ROOT =
      (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

  @TempDir static Path directory;

  private static Level before = Level.WARN;
  private static FlotillaServer server;

  @BeforeAll
  static void start() throws Exception {
    before = ROOT.getLevel();
    EVENTS.list = new CopyOnWriteArrayList<>();
    EVENTS.start();
    ROOT.addAppender(EVENTS);
    ROOT.setLevel(Level.TRACE);
    for (String noisy : List.of("io.grpc", "io.netty")) {
      ((Logger) LoggerFactory.getLogger(noisy)).setLevel(Level.INFO);
    }
    server = FlotillaServer.start(settings(Map.of()).config());
    server.ready().get(30, TimeUnit.SECONDS);
    use();
  }

  @AfterAll
  static void stop() {
    server.close();
    ROOT.detachAppender(EVENTS);
    ROOT.setLevel(before);
  }

  private static ConfigReader.Result settings(Map<Setting, String> more) {
    Map<Setting, String> flags = new EnumMap<>(Setting.class);
    flags.put(Setting.DATA, directory.toString());
    flags.put(Setting.LISTEN, ADDRESS);
    flags.put(Setting.HTTP_LISTEN, "127.0.0.1:" + PORTS.get(1));
    flags.put(Setting.SLOW_REQUEST, "1ms");
    flags.putAll(more);
    return ConfigReader.read(Program.SERVER, flags, Map.of(), Optional.empty(), 2);
  }

  /** All kinds of calls, with keys and values that can be found again. */
  private static void use() {
    try (FlotillaClient client = FlotillaClient.connect(ADDRESS)) {
      Kv kv = client.kv();
      for (int i = 0; i < 50; i++) {
        kv.put(MARK + "/" + i, MARK + " value " + i);
      }
      kv.get(MARK + "/1");
      kv.compareAndSet(MARK + "/1", 1, MARK);
      client.admin().splitShard(Key.of(MARK + "/25"));
      kv.deleteRange(
          new KeyRange(Optional.of(Key.of(MARK + "/30")), Optional.of(Key.of(MARK + "/40"))));
      try (var all = kv.scan(Scan.prefix(MARK))) {
        assertThat(all).isNotEmpty();
      }
      try {
        kv.increment(Key.of(MARK + "/2"), 1);
      } catch (FlotillaException e) {
        assertThat(e).hasMessageContaining("counter");
      }
    }
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + PORTS.get(1) + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void scrape_showsWhatTheNodeDidAndNoKey() throws Exception {
    String metrics = get("/metrics").body();
    assertThat(metrics)
        .contains(
            "flotilla_requests_total{method=\"split_shard\",outcome=\"ok\",source=\"client\"} 1.0")
        .contains("flotilla_node_ready 1.0", "flotilla_replicas{role=\"leader\"} 3.0")
        .contains("flotilla_shard_leader{shard=\"1\"} 1.0", "flotilla_scrape_complete 1.0")
        .contains("jvm_memory_used_bytes{", "process_open_fds", "process_cpu_seconds_total")
        .doesNotContain(MARK);
    assertThat(value(metrics, "flotilla_raft_commit_duration_seconds_count")).isGreaterThan(50);
    assertThat(value(metrics, "flotilla_journal_commit_duration_seconds_count")).isPositive();
    assertThat(value(metrics, "flotilla_sessions")).isPositive();
  }

  private static double value(String metrics, String name) {
    return metrics
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void shardsWithOwnSeries_areBoundedAndTheBoundCanChange() throws Exception {
    server.reload(Optional.of(settings(Map.of(Setting.METRICS_SHARDS, "1")).config()));
    assertThat(get("/metrics").body())
        .contains("flotilla_shard_term{shard=\"1\"}")
        .doesNotContain("flotilla_shard_term{shard=\"2\"}")
        .contains("flotilla_config_reloads_total{outcome=\"done\"}");
    server.reload(Optional.of(settings(Map.of()).config()));
    assertThat(get("/metrics").body()).contains("flotilla_shard_term{shard=\"2\"}");
  }

  @Test
  void openMetrics_isThereForThoseWhoAsk() throws Exception {
    HttpResponse<String> response =
        HTTP.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + PORTS.get(1) + "/metrics"))
                .header("Accept", "application/openmetrics-text;version=1.0.0")
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(response.headers().firstValue("content-type").orElse(""))
        .startsWith("application/openmetrics-text");
    assertThat(response.body()).endsWith("# EOF\n");
  }

  @Test
  void health_isToldOverHttpAndGrpc() throws Exception {
    assertThat(get("/livez").body()).isEqualTo("{\"alive\":true}\n");
    assertThat(get("/readyz").body()).isEqualTo("{\"ready\":true}\n");
    assertThat(get("/safe-to-stop").body()).isEqualTo("{\"safe\":true}\n");
    ManagedChannel channel = ManagedChannelBuilder.forTarget(ADDRESS).usePlaintext().build();
    try {
      HealthGrpc.HealthBlockingStub health = HealthGrpc.newBlockingStub(channel);
      for (String name : List.of("", "liveness", "readiness", "flotilla.v1.Kv")) {
        HealthCheckRequest request = HealthCheckRequest.newBuilder().setService(name).build();
        assertThat(health.check(request).getStatus()).as(name).isEqualTo(ServingStatus.SERVING);
      }
    } finally {
      channel.shutdownNow();
    }
  }

  /** As the instrumentation of OpenTelemetry sends it. */
  @Test
  void traceOfAGrpcCall_isInTheLogOfSlowRequests() {
    String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER),
        "00-" + trace + "-00f067aa0ba902b7-01");
    ManagedChannel channel = ManagedChannelBuilder.forTarget(ADDRESS).usePlaintext().build();
    try {
      KvGrpc.KvBlockingStub kv =
          KvGrpc.newBlockingStub(channel)
              .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
      // At most ten are logged in a second, so this one may have to be repeated.
      for (int i = 0; i < 1_000 && !isLogged(trace); i++) {
        PutReply unused =
            kv.put(
                PutRequest.newBuilder()
                    .setKey(ByteString.copyFromUtf8(MARK + "/traced"))
                    .setValue(ByteString.copyFromUtf8(MARK))
                    .build());
      }
    } finally {
      channel.shutdownNow();
    }
    assertThat(isLogged(trace)).isTrue();
  }

  private static boolean isLogged(String trace) {
    return new ArrayList<>(EVENTS.list)
        .stream()
            .filter(event -> event.getLoggerName().equals("io.flotilla.slow"))
            .anyMatch(event -> String.valueOf(event.getKeyValuePairs()).contains(trace));
  }

  /** Whatever the level: logs are read by people who must not read what users store. */
  @Test
  void log_hasNoKeyAndNoValue() {
    List<ILoggingEvent> all = new ArrayList<>(EVENTS.list);
    assertThat(all).anyMatch(event -> event.getLevel() == Level.DEBUG);
    assertThat(all).anyMatch(event -> event.getLoggerName().equals("io.flotilla.slow"));
    for (ILoggingEvent event : all) {
      String text =
          event.getFormattedMessage()
              + event.getKeyValuePairs()
              + event.getMDCPropertyMap()
              + (event.getThrowableProxy() == null
                  ? ""
                  : ThrowableProxyUtil.asString(event.getThrowableProxy()));
      assertThat(text).doesNotContain(MARK);
    }
  }

  @Test
  void promtool_agreesWithTheScrape() throws Exception {
    Process promtool;
    try {
      promtool =
          new ProcessBuilder("promtool", "check", "metrics").redirectErrorStream(true).start();
    } catch (IOException e) {
      assumeTrue(false, "promtool is not here (Debian: apt-get install prometheus): " + e);
      return;
    }
    try (var in = promtool.getOutputStream()) {
      String ours =
          get("/metrics")
              .body()
              .lines()
              .filter(line -> line.contains("flotilla_"))
              .collect(Collectors.joining("\n", "", "\n"));
      in.write(ours.getBytes(StandardCharsets.UTF_8));
    }
    String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(promtool.waitFor()).as(said).isZero();
    assertThat(said).isEmpty();
  }
}
