package io.flotilla.cli;

import io.flotilla.cli.bench.Comparison;
import io.flotilla.cli.bench.Measurement;
import io.flotilla.cli.format.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** Measurements for people. */
final class BenchTables {
  private BenchTables() {}

  /** One row for each measurement, and what went wrong below. */
  static List<String> results(List<Measurement> results) {
    TextTable table =
        new TextTable()
            .left("WORKLOAD")
            .right("OUTSTANDING")
            .right("OP/S")
            .right("P50 MS")
            .right("P99 MS")
            .right("P99.9 MS")
            .right("MAX MS")
            .right("ERRORS")
            .right("WRONG")
            .right("SERVER CPU S/1000")
            .right("SERVER RSS");
    for (Measurement result : results) {
      table.row(
          result.plan().workload(),
          result.outstanding(),
          text("%,.0f", result.perSecond()),
          text("%.3f", result.p50()),
          text("%.3f", result.p99()),
          text("%.3f", result.p999()),
          text("%.1f", result.max()),
          text("%,d", result.faults().errorCount()),
          text("%,d", result.faults().wrongReads()),
          result.serverCpuPerThousand().map(cpu -> text("%.4f", cpu)).orElse("-"),
          result.serverMib().map(mib -> text("%,.0f MiB", mib)).orElse("-"));
    }
    List<String> lines = new ArrayList<>(table.lines());
    for (Measurement result : results) {
      result
          .faults()
          .errors()
          .forEach(
              (code, count) ->
                  lines.add(
                      text(
                          "%s, %d outstanding: %,d failed with %s",
                          result.plan().workload(), result.outstanding(), count, code)));
    }
    return lines;
  }

  /** One row for each load that both files have; ratios are second to first. */
  static List<String> comparison(List<Comparison.Pair> pairs) {
    TextTable table =
        new TextTable()
            .left("WORKLOAD")
            .right("VALUE")
            .right("OUTSTANDING")
            .right("OP/S A")
            .right("OP/S B")
            .right("B/A")
            .right("P50 B/A")
            .right("P99 B/A")
            .right("CPU B/A");
    for (Comparison.Pair pair : pairs) {
      table.row(
          pair.first().path("workload").asText(),
          text("%,d", pair.first().path("value_size").asLong()),
          text("%,d", pair.first().path("outstanding").asLong()),
          text("%,.0f", pair.first().path("per_second").asDouble()),
          text("%,.0f", pair.second().path("per_second").asDouble()),
          ratio(pair.ratio("per_second")),
          ratio(pair.ratio("p50_ms")),
          ratio(pair.ratio("p99_ms")),
          ratio(pair.ratio("server_cpu_s_per_1000")));
    }
    return table.lines();
  }

  private static String ratio(OptionalDouble ratio) {
    return ratio.isPresent() ? text("%.2f", ratio.getAsDouble()) : "-";
  }

  private static String text(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }
}
