package io.flotilla.cli.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/**
 * What one run showed.
 *
 * @param plan what was run
 * @param outstanding most operations under way at one time, over all clients
 * @param clients connections to the cluster
 * @param seconds time that was measured
 * @param times of the operations that succeeded, in nanoseconds
 * @param faults what failed
 * @param cost what it took
 */
public record Measurement(
    BenchPlan plan,
    int outstanding,
    int clients,
    double seconds,
    Histogram times,
    Faults faults,
    Cost cost) {
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double PER_THOUSAND = 1_000;
  private static final double BYTES_PER_MIB = 1 << 20;
  private static final double P50 = 50;
  private static final double P99 = 99;
  private static final double P999 = 99.9;

  /**
   * What failed.
   *
   * @param errors failed operations by code
   * @param wrongReads reads that saw something that cannot be, since the start of the whole run
   */
  public record Faults(Map<String, Long> errors, long wrongReads) {
    /** Failed operations. */
    public long errorCount() {
      return errors.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  /**
   * What it took.
   *
   * @param servers local server processes; 0: none was found
   * @param serverCpuSeconds CPU time of all servers
   * @param serverBytes resident memory of all servers at the end
   * @param clientCpuSeconds CPU time of this process
   */
  public record Cost(
      int servers, double serverCpuSeconds, long serverBytes, double clientCpuSeconds) {}

  /** Operations a second that succeeded. */
  public double perSecond() {
    return times.getTotalCount() / seconds;
  }

  /** Median, in milliseconds. */
  public double p50() {
    return millis(times.getValueAtPercentile(P50));
  }

  /** The time that 99 % stay below, in milliseconds. */
  public double p99() {
    return millis(times.getValueAtPercentile(P99));
  }

  /** The time that 99.9 % stay below, in milliseconds. */
  public double p999() {
    return millis(times.getValueAtPercentile(P999));
  }

  /** The longest, in milliseconds. */
  public double max() {
    return millis(times.getMaxValue());
  }

  /** CPU seconds of the servers for 1,000 operations; empty: no server is local. */
  public Optional<Double> serverCpuPerThousand() {
    return cost.servers() == 0 || times.getTotalCount() == 0
        ? Optional.empty()
        : Optional.of(cost.serverCpuSeconds() * PER_THOUSAND / times.getTotalCount());
  }

  /** Resident memory of the servers in MiB; empty: no server is local. */
  public Optional<Double> serverMib() {
    return cost.servers() == 0 ? Optional.empty() : Optional.of(cost.serverBytes() / BYTES_PER_MIB);
  }

  /** One line of a result file. */
  public ObjectNode json() {
    ObjectNode row =
        JsonNodeFactory.instance
            .objectNode()
            .put("workload", plan.workload().toString())
            .put("distribution", plan.distribution().toString())
            .put("keys", plan.keys().count())
            .put("key_size", plan.keys().size())
            .put("value_size", plan.valueSize())
            .put("clients", clients)
            .put("outstanding", outstanding)
            .put("rate", plan.perSecond())
            .put("seconds", rounded(seconds))
            .put("operations", times.getTotalCount())
            .put("per_second", rounded(perSecond()))
            .put("p50_ms", rounded(p50()))
            .put("p99_ms", rounded(p99()))
            .put("p999_ms", rounded(p999()))
            .put("max_ms", rounded(max()));
    faults.errors().forEach(row.putObject("errors")::put);
    row.put("wrong_reads", faults.wrongReads()).put("servers", cost.servers());
    serverCpuPerThousand().ifPresent(cpu -> row.put("server_cpu_s_per_1000", rounded(cpu)));
    serverMib().ifPresent(mib -> row.put("server_rss_mib", Math.round(mib)));
    if (times.getTotalCount() > 0) {
      row.put(
          "client_cpu_s_per_1000",
          rounded(cost.clientCpuSeconds() * PER_THOUSAND / times.getTotalCount()));
    }
    return row;
  }

  private static double millis(long nanos) {
    return nanos / NANOS_PER_MILLI;
  }

  /** To four digits after the point. */
  private static double rounded(double number) {
    return Double.parseDouble(String.format(Locale.ROOT, "%.4f", number));
  }
}
