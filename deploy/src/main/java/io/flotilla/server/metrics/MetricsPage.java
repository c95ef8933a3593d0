package io.flotilla.server.metrics;

import io.flotilla.cli.Version;
import io.flotilla.server.http.HttpAnswer;
import io.flotilla.server.http.HttpPage;
import io.flotilla.server.http.HttpQuestion;
import io.flotilla.shard.HostStats;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * {@code /metrics}, as Prometheus text or OpenMetrics, as the client wants it.
 *
 * <p>The loops are asked for what they know; one that does not answer in two seconds is left out,
 * so that a node whose loops are held up can still be seen.
 */
public final class MetricsPage implements HttpPage {
  private static final long PATIENCE_MILLIS = 2_000;

  private final Meters meters;
  private final Supplier<Optional<NodeFacts>> node;
  private final IntSupplier ownSeries;
  private final Executor worker;
  private final PrometheusRegistry process = new PrometheusRegistry();
  private final ExpositionFormats formats = ExpositionFormats.init();

  /**
   * A page.
   *
   * @param node the server once it is part of a cluster
   * @param ownSeries how many shards have series of their own
   * @param worker writes the page, one at a time
   */
  public MetricsPage(
      Meters meters, Supplier<Optional<NodeFacts>> node, IntSupplier ownSeries, Executor worker) {
    this.meters = meters;
    this.node = node;
    this.ownSeries = ownSeries;
    this.worker = worker;
    JvmMetrics.builder().register(process);
  }

  @Override
  public CompletableFuture<HttpAnswer> answer(HttpQuestion question) {
    Optional<NodeFacts> facts = node.get();
    return stats(facts)
        .thenApplyAsync(stats -> write(question, new Samples(), facts, stats), worker);
  }

  private static CompletableFuture<Optional<HostStats>> stats(Optional<NodeFacts> facts) {
    return facts
        .flatMap(NodeFacts::replicas)
        .map(
            replicas ->
                replicas
                    .stats()
                    .get()
                    .thenApply(Optional::of)
                    .completeOnTimeout(Optional.empty(), PATIENCE_MILLIS, TimeUnit.MILLISECONDS))
        .orElseGet(() -> CompletableFuture.completedFuture(Optional.empty()));
  }

  private HttpAnswer write(
      HttpQuestion question,
      Samples samples,
      Optional<NodeFacts> facts,
      Optional<HostStats> stats) {
    samples.info(Metric.BUILD_INFO, Version.current());
    samples.gauge(Metric.NODE_SERVING, facts.isPresent());
    meters.collect(samples);
    NodeSamples asked = new NodeSamples(samples);
    facts.ifPresent(asked::server);
    Optional<NodeFacts.Replicas> replicas = facts.flatMap(NodeFacts::replicas);
    replicas.ifPresent(
        here -> {
          asked.store(here.store());
          samples.gauge(Metric.SCRAPE_COMPLETE, stats.isPresent());
        });
    stats.ifPresent(found -> asked.replicas(found, ownSeries.getAsInt()));
    List<MetricSnapshot> all = new ArrayList<>(samples.snapshots());
    process.scrape().forEach(all::add);
    ExpositionFormatWriter writer =
        formats.findWriter(question.accept().isEmpty() ? null : question.accept());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      writer.write(out, new MetricSnapshots(all));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // into memory: does not happen
    }
    return new HttpAnswer(200, writer.getContentType(), out.toByteArray());
  }
}
