package io.flotilla.server.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What one scrape found. One thread. */
final class Samples {
  private static final String TOTAL = "_total";
  private static final String INFO = "_info";

  private final Map<Metric, List<CounterDataPointSnapshot>> counters = new EnumMap<>(Metric.class);
  private final Map<Metric, List<GaugeDataPointSnapshot>> gauges = new EnumMap<>(Metric.class);
  private final List<InfoSnapshot> infos = new ArrayList<>();
  private final Map<Metric, List<HistogramDataPointSnapshot>> histograms =
      new EnumMap<>(Metric.class);

  void count(Metric metric, LongAdder value, String... labels) {
    count(metric, value.sum(), labels);
  }

  void count(Metric metric, long value, String... labels) {
    counters
        .computeIfAbsent(metric, m -> new ArrayList<>())
        .add(
            CounterDataPointSnapshot.builder().labels(labels(metric, labels)).value(value).build());
  }

  void gauge(Metric metric, double value, String... labels) {
    gauges
        .computeIfAbsent(metric, m -> new ArrayList<>())
        .add(GaugeDataPointSnapshot.builder().labels(labels(metric, labels)).value(value).build());
  }

  void info(Metric metric, String... labels) {
    infos.add(
        InfoSnapshot.builder()
            .name(without(INFO, metric))
            .help(metric.help())
            .dataPoint(InfoDataPointSnapshot.builder().labels(labels(metric, labels)).build())
            .build());
  }

  void gauge(Metric metric, boolean holds, String... labels) {
    gauge(metric, holds ? 1 : 0, labels);
  }

  void histogram(Metric metric, Spread spread, String... labels) {
    histograms
        .computeIfAbsent(metric, m -> new ArrayList<>())
        .add(
            HistogramDataPointSnapshot.builder()
                .labels(labels(metric, labels))
                .classicHistogramBuckets(
                    ClassicHistogramBuckets.of(spread.upperBounds(), spread.counts()))
                .sum(spread.sum())
                .build());
  }

  private static Labels labels(Metric metric, String[] values) {
    return Labels.of(metric.labels(), List.of(values));
  }

  /** All of it, in the library's terms. */
  List<MetricSnapshot> snapshots() {
    List<MetricSnapshot> all = new ArrayList<>(infos);
    counters.forEach(
        (metric, points) -> {
          CounterSnapshot.Builder builder = CounterSnapshot.builder();
          builder.name(without(TOTAL, metric)).help(metric.help());
          points.forEach(builder::dataPoint);
          all.add(builder.build());
        });
    gauges.forEach(
        (metric, points) -> {
          GaugeSnapshot.Builder builder = GaugeSnapshot.builder();
          builder.name(metric.fullName()).help(metric.help());
          points.forEach(builder::dataPoint);
          all.add(builder.build());
        });
    histograms.forEach(
        (metric, points) -> {
          HistogramSnapshot.Builder builder = HistogramSnapshot.builder();
          builder.name(metric.fullName()).help(metric.help());
          points.forEach(builder::dataPoint);
          all.add(builder.build());
        });
    return all;
  }

  /** The library adds the end of a name where the format wants it. */
  private static String without(String end, Metric metric) {
    String name = metric.fullName();
    return name.substring(0, name.length() - end.length());
  }
}
