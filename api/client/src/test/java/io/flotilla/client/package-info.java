/**
 * Tests of the client against servers of its own kind: real gRPC over loopback, keys and values in
 * a sorted map, sessions as in a shard, and switches for what goes wrong.
 *
 * <p>Read first: {@link io.flotilla.client.FakeCluster}, then {@link io.flotilla.client.FakeNode}
 * (the switches). What it never does: sleep, or wait without a limit.
 */
@NullMarked
package io.flotilla.client;

import org.jspecify.annotations.NullMarked;
