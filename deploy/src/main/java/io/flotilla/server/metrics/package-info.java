/**
 * What a server tells Prometheus.
 *
 * <p>{@link io.flotilla.server.metrics.Metric} lists all metrics, {@code docs/metrics.md} is made
 * from it. What happens often is counted where it happens, in {@link
 * io.flotilla.server.metrics.Spread}s and {@code LongAdder}s that {@link
 * io.flotilla.server.metrics.Meters} gives to the store, the replicas, the peers and the gateway.
 * Everything else is asked for when somebody scrapes ({@link
 * io.flotilla.server.metrics.MetricsPage}), so that it costs nothing until then. The number of
 * series is bounded: shards have their own up to a setting. No key and no value is ever in a label.
 *
 * <p>Read first: {@code Metric}, then {@code Meters}, then {@code NodeSamples}.
 */
@NullMarked
package io.flotilla.server.metrics;

import org.jspecify.annotations.NullMarked;
