package io.flotilla.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MetricTest {
  @Test
  void page_isWhatTheCodeSays() throws IOException {
    Path here = Path.of("").toAbsolutePath();
    Path root = Files.exists(here.resolve("docs")) ? here : here.resolve("..").normalize();
    assertThat(Files.readAllLines(root.resolve("docs/metrics.md")))
        .as("renew it: flotilla server --print-metrics > docs/metrics.md")
        .isEqualTo(MetricsDoc.lines());
  }

  /** By Prometheus' conventions for names. */
  @ParameterizedTest
  @EnumSource(Metric.class)
  void name_saysTypeAndUnit(Metric metric) {
    String name = metric.fullName();
    assertThat(name).matches("flotilla_[a-z]+(_[a-z]+)*");
    assertThat(name.endsWith("_total")).isEqualTo(metric.type() == Metric.Type.COUNTER);
    assertThat(name.endsWith("_info")).isEqualTo(metric.type() == Metric.Type.INFO);
    assertThat(name).doesNotContain("millis", "_ms", "_mb", "_count", "_sum", "_bucket");
    if (name.contains("duration")) {
      assertThat(name).endsWith("_seconds");
    }
    assertThat(metric.help()).endsWith(".");
    assertThat(metric.labels()).allMatch(label -> label.matches("[a-z]+"));
  }

  @Test
  void names_areDifferent() {
    assertThat(Arrays.stream(Metric.values()).map(Metric::fullName)).doesNotHaveDuplicates();
  }
}
