package io.flotilla.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** A result for people, and for programs. */
final class ChaosReport {
  private static final double[] PERCENTILES = {50, 99, 99.9};

  private ChaosReport() {}

  static String text(ChaosResult result) {
    StringBuilder out = new StringBuilder();
    calls(out, result.tally());
    line(out, "");
    line(out, "%-16s %10s %9s", "FAULT", "DONE", "REFUSED");
    result
        .faults()
        .forEach(
            (kind, count) ->
                line(out, "%-16s %,10d %,9d", kind.label(), count.done(), count.refused()));
    line(out, "");
    line(
        out,
        "%.1f s, %,.0f calls/s, %d shards at the end, seed %d",
        result.seconds(),
        result.tally().calls() / result.seconds(),
        result.shards(),
        result.seed());
    line(out, "");
    verdicts(out, result.verdicts());
    return out.toString();
  }

  /** How calls of each kind went. */
  static void calls(StringBuilder out, CallTally tally) {
    line(out, "%-16s %10s %9s %9s %9s %9s", "CALL", "COUNT", "P50 ms", "P99", "P99.9", "MAX");
    for (CallKind kind : CallKind.values()) {
      latencies(out, kind.label(), tally.histogram(kind));
    }
    latencies(out, "all", tally.all());
  }

  /** One line each. */
  static void verdicts(StringBuilder out, List<Verdict> verdicts) {
    for (Verdict verdict : verdicts) {
      line(
          out,
          "%s  %s%s",
          verdict.holds() ? "ok    " : "FAILED",
          verdict.what(),
          verdict.detail().isEmpty() ? "" : ": " + verdict.detail());
    }
  }

  private static void latencies(StringBuilder out, String name, Histogram micros) {
    line(
        out,
        "%-16s %,10d %9.1f %9.1f %9.1f %9.1f",
        name,
        micros.getTotalCount(),
        millis(micros, PERCENTILES[0]),
        millis(micros, PERCENTILES[1]),
        millis(micros, PERCENTILES[2]),
        micros.getMaxValue() / 1e3);
  }

  private static double millis(Histogram micros, double percentile) {
    return micros.getValueAtPercentile(percentile) / 1e3;
  }

  /** One line without blanks at its end. */
  static void line(StringBuilder out, String format, Object... values) {
    out.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
  }

  /**
   * For programs.
   *
   * @param historyStays whether its file is there afterwards, to be named
   */
  static ObjectNode json(ChaosResult result, boolean historyStays) {
    ObjectNode object =
        new ObjectMapper()
            .createObjectNode()
            .put("seed", result.seed())
            .put("seconds", result.seconds())
            .put("calls", result.tally().calls())
            .put("failed", result.tally().failedCalls())
            .put("shards", result.shards());
    if (historyStays) {
      object.put("history", result.history().toString());
    }
    ObjectNode calls = object.putObject("calls_by_kind");
    for (CallKind kind : CallKind.values()) {
      json(calls.putObject(kind.label()), result.tally().histogram(kind));
    }
    json(calls.putObject("all"), result.tally().all());
    ObjectNode faults = object.putObject("faults");
    result
        .faults()
        .forEach(
            (kind, count) ->
                faults
                    .putObject(kind.label())
                    .put("done", count.done())
                    .put("refused", count.refused()));
    ArrayNode failures = object.putArray("failures");
    result.tally().failures().forEach(failure -> failures.add(failure.toString()));
    json(object.putArray("verdicts"), result.verdicts());
    return object.put("holds", result.holds());
  }

  /** Verdicts as objects. */
  static void json(ArrayNode into, List<Verdict> verdicts) {
    verdicts.forEach(
        verdict ->
            into.addObject()
                .put("what", verdict.what())
                .put("holds", verdict.holds())
                .put("detail", verdict.detail()));
  }

  /** Count and milliseconds. */
  static void json(ObjectNode into, Histogram micros) {
    into.put("count", micros.getTotalCount())
        .put("p50_ms", millis(micros, PERCENTILES[0]))
        .put("p99_ms", millis(micros, PERCENTILES[1]))
        .put("p999_ms", millis(micros, PERCENTILES[2]))
        .put("max_ms", micros.getMaxValue() / 1e3);
  }
}
