/**
 * Tests of routing on virtual time: a scripted network, or a small cluster that splits, moves its
 * leaders, loses and delays messages as a seed says.
 *
 * <p>Read first: {@link io.flotilla.router.VirtualScheduler}, then {@link
 * io.flotilla.router.SimCluster}. What it never does: use the real network or clock; {@code grpc}
 * and {@code gateway} do where they are what is tested.
 */
@NullMarked
package io.flotilla.router;

import org.jspecify.annotations.NullMarked;
