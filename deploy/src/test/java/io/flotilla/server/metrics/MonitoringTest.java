package io.flotilla.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dashboards and alert rules name only metrics that there are, and labels that these have. */
class MonitoringTest {
  private static final Pattern NAME = Pattern.compile("\\b(?:flotilla|jvm|process)_[a-z0-9_]+");
  private static final Pattern SELECTOR = Pattern.compile("\\b(flotilla_[a-z0-9_]+)\\{([^}]*)}");
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)(?:=~|!~|!=|=)");
  private static final Set<String> ADDED_BY_PROMETHEUS = Set.of("job", "instance");

  private static Path monitoring() {
    Path here = Path.of("").toAbsolutePath();
    Path root = Files.exists(here.resolve("docs")) ? here : here.resolve("..").normalize();
    return root.resolve("deploy/monitoring");
  }

  /** The names that a scrape shows. */
  private static Set<String> known() throws IOException {
    Set<String> names = new TreeSet<>();
    for (Metric metric : Metric.values()) {
      if (metric.type() == Metric.Type.HISTOGRAM) {
        names.add(metric.fullName() + "_bucket");
        names.add(metric.fullName() + "_sum");
        names.add(metric.fullName() + "_count");
      } else {
        names.add(metric.fullName());
      }
    }
    PrometheusRegistry process = new PrometheusRegistry();
    JvmMetrics.builder().register(process);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ExpositionFormats.init().getPrometheusTextFormatWriter().write(out, process.scrape());
    out.toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split("[ {]", 2)[0])
        .forEach(names::add);
    return names;
  }

  private static List<String> dashboardQueries() throws IOException {
    List<String> queries = new ArrayList<>();
    try (Stream<Path> files = Files.list(monitoring().resolve("grafana"))) {
      for (Path file : files.sorted().toList()) {
        JsonNode dashboard = new ObjectMapper().readTree(Files.readString(file));
        queries.addAll(dashboard.findValuesAsText("expr"));
        queries.addAll(dashboard.findValuesAsText("definition"));
      }
    }
    return queries;
  }

  private static List<String> alertQueries() throws IOException {
    String rules = Files.readString(monitoring().resolve("alerts.yaml"));
    return new YAMLMapper().readTree(rules).findValuesAsText("expr");
  }

  private static List<String> queries() throws IOException {
    List<String> all = new ArrayList<>(dashboardQueries());
    all.addAll(alertQueries());
    return all;
  }

  @Test
  void everyMetricNamed_exists() throws IOException {
    Set<String> known = known();
    for (String query : queries()) {
      Matcher names = NAME.matcher(query);
      while (names.find()) {
        assertThat(known).as(query).contains(names.group());
      }
    }
  }

  @Test
  void everyLabelOfASelector_isOneOfTheMetric() throws IOException {
    for (String query : queries()) {
      Matcher selectors = SELECTOR.matcher(query);
      while (selectors.find()) {
        List<String> labels = labels(selectors.group(1));
        Matcher used = LABEL.matcher(selectors.group(2).replaceAll("\"[^\"]*\"", ""));
        while (used.find()) {
          assertThat(labels).as(query).contains(used.group(1));
        }
      }
    }
  }

  private static List<String> labels(String name) {
    Metric metric =
        Arrays.stream(Metric.values())
            .filter(m -> name.replaceFirst("_(bucket|sum|count)$", "").equals(m.fullName()))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no metric " + name));
    List<String> labels = new ArrayList<>(metric.labels());
    labels.addAll(ADDED_BY_PROMETHEUS);
    labels.add("le");
    return labels;
  }

  /** What somebody made effort to count should be seen somewhere. */
  @Test
  void everyMetric_isShownSomewhere() throws IOException {
    String all = String.join("\n", queries());
    assertThat(Arrays.stream(Metric.values()))
        .filteredOn(metric -> !all.contains(metric.fullName()))
        .containsExactlyInAnyOrder(
            Metric.NODE_INFO,
            Metric.NODE_SERVING,
            Metric.NODES,
            Metric.SCRAPE_COMPLETE,
            Metric.PEER_RECEIVED);
  }

  @Test
  void alerts_areNamedSortedAndExplained() throws IOException {
    JsonNode rules =
        new YAMLMapper().readTree(Files.readString(monitoring().resolve("alerts.yaml")));
    String page = Files.readString(monitoring().resolve("../../docs/observability.md").normalize());
    List<String> names = rules.findValuesAsText("alert");
    assertThat(names).doesNotHaveDuplicates().allMatch(name -> name.startsWith("Flotilla"));
    assertThat(names).allMatch(name -> page.contains("`" + name + "`"));
    assertThat(rules.findValuesAsText("severity"))
        .hasSize(names.size())
        .allMatch(severity -> Set.of("critical", "warning").contains(severity));
    assertThat(rules.findValuesAsText("summary")).hasSize(names.size());
    assertThat(rules.findValuesAsText("description")).hasSize(names.size());
  }

  @Test
  void dashboards_haveIdsOfTheirOwn() throws IOException {
    List<String> ids = new ArrayList<>();
    try (Stream<Path> files = Files.list(monitoring().resolve("grafana"))) {
      for (Path file : files.sorted().toList()) {
        JsonNode dashboard = new ObjectMapper().readTree(Files.readString(file));
        ids.add(dashboard.get("uid").asText());
        assertThat(file).hasFileName(dashboard.get("uid").asText() + ".json");
        List<String> panels =
            dashboard.get("panels").findValues("id").stream()
                .filter(JsonNode::isInt)
                .map(JsonNode::asText)
                .collect(Collectors.toList());
        assertThat(panels).isNotEmpty().doesNotHaveDuplicates();
      }
    }
    assertThat(ids).doesNotHaveDuplicates().hasSize(3);
  }

  /** Prometheus' own check and the rules' unit tests. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "check config prometheus.yaml",
        "check rules alerts.yaml",
        "test rules alerts-test.yaml"
      })
  void promtool_agrees(String command) throws Exception {
    List<String> words = new ArrayList<>(List.of("promtool"));
    words.addAll(List.of(command.split(" ")));
    Process promtool;
    try {
      promtool =
          new ProcessBuilder(words)
              .directory(monitoring().toFile())
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      assumeTrue(false, "promtool is not here (Debian: apt-get install prometheus): " + e);
      return;
    }
    String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(promtool.waitFor()).as(said).isZero();
  }
}
