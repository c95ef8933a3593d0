package io.flotilla.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** The result of a run with shards that split and move, for people and for programs. */
final class ElasticReport {
  private ElasticReport() {}

  static String text(ElasticResult result) {
    StringBuilder out = new StringBuilder();
    ChaosReport.calls(out, result.tally());
    out.append('\n');
    ChaosReport.line(
        out, "%-27s %10s %9s %9s %9s", "WRITE PAUSE AT", "COUNT", "P50 ms", "P99", "MAX");
    for (Change change : Change.values()) {
      pause(out, change.label(), result.pauses().alone(change));
    }
    for (Change change : Change.values()) {
      pause(out, change.label() + ", node down", result.pauses().besideKill(change));
    }
    out.append('\n');
    ChaosReport.line(
        out,
        "drained in %.1f s; a wiped node was replaced in %.1f s; %d kills, %d changes refused",
        result.nodes().drainSeconds(),
        result.nodes().replaceSeconds(),
        result.nodes().kills(),
        result.refused());
    ChaosReport.line(
        out,
        "%.1f s, %,.0f calls/s, %d shards at the end, seed %d",
        result.seconds(),
        result.tally().calls() / result.seconds(),
        result.shards(),
        result.plan().seed());
    out.append('\n');
    ChaosReport.verdicts(out, result.verdicts());
    return out.toString();
  }

  private static void pause(StringBuilder out, String name, Histogram micros) {
    if (micros.getTotalCount() > 0) {
      ChaosReport.line(
          out,
          "%-27s %,10d %9.1f %9.1f %9.1f",
          name,
          micros.getTotalCount(),
          micros.getValueAtPercentile(50) / 1e3,
          micros.getValueAtPercentile(99) / 1e3,
          micros.getMaxValue() / 1e3);
    }
  }

  /** For programs; the history's file is named if it stays. */
  static ObjectNode json(ElasticResult result, boolean historyStays) {
    ObjectNode object =
        new ObjectMapper()
            .createObjectNode()
            .put("seed", result.plan().seed())
            .put("seconds", result.seconds())
            .put("calls", result.tally().calls())
            .put("failed", result.tally().failedCalls())
            .put("shards", result.shards())
            .put("kills", result.nodes().kills())
            .put("refused", result.refused())
            .put("drain_seconds", result.nodes().drainSeconds())
            .put("replace_seconds", result.nodes().replaceSeconds());
    if (historyStays) {
      object.put("history", result.history().toString());
    }
    ObjectNode calls = object.putObject("calls_by_kind");
    for (CallKind kind : CallKind.values()) {
      ChaosReport.json(calls.putObject(kind.label()), result.tally().histogram(kind));
    }
    ObjectNode pauses = object.putObject("write_pauses");
    ObjectNode down = object.putObject("write_pauses_node_down");
    for (Change change : Change.values()) {
      String name = change.name().toLowerCase(Locale.ROOT);
      ChaosReport.json(pauses.putObject(name), result.pauses().alone(change));
      ChaosReport.json(down.putObject(name), result.pauses().besideKill(change));
    }
    ChaosReport.json(object.putArray("verdicts"), result.verdicts());
    return object.put("holds", result.holds());
  }
}
