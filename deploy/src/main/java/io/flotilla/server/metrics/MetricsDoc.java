package io.flotilla.server.metrics;

import io.flotilla.server.config.Resource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The reference of the metrics, as {@code flotilla server --print-metrics} prints it. */
public final class MetricsDoc {
  private static final String BEGINNING = "metrics.md";

  private MetricsDoc() {}

  /** The page as Markdown, a line each. */
  public static List<String> lines() {
    List<String> lines = new ArrayList<>(Resource.lines(MetricsDoc.class, BEGINNING));
    Arrays.stream(Metric.values()).map(MetricsDoc::row).forEach(lines::add);
    return List.copyOf(lines);
  }

  private static String row(Metric metric) {
    return "| `%s` | %s | %s | %s |"
        .formatted(
            metric.fullName(),
            metric.type().name().toLowerCase(Locale.ROOT),
            String.join(", ", metric.labels()),
            metric.help());
  }
}
