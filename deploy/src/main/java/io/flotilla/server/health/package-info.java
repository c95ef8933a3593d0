/**
 * Whether a server lives, and whether clients are to be sent to it.
 *
 * <p>{@link io.flotilla.server.health.Readiness} decides, {@code docs/observability.md} says why it
 * decides so; {@link io.flotilla.server.health.HealthPages} shows it. What it sees of the cluster
 * comes through {@link io.flotilla.server.health.ClusterHealth}.
 */
@NullMarked
package io.flotilla.server.health;

import org.jspecify.annotations.NullMarked;
