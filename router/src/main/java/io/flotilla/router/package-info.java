/**
 * Finds the leader of a key's shard and brings a call through: retries, repair of routes, deadline.
 * The Java client and the gateway in each server run the same code.
 *
 * <p>Read first: {@link io.flotilla.router.Dispatcher}, then {@code ShardCall} (one call to one
 * shard: the retry loop), {@link io.flotilla.router.RouteTable}, {@link
 * io.flotilla.router.RouteRefresher}.
 *
 * <p>What it never does: read a clock, start a thread, draw a random number or open a connection by
 * itself. Time and timers come as {@link io.flotilla.router.Scheduler}, the network as {@link
 * io.flotilla.router.NodeTransport} and {@link io.flotilla.router.RouteFeed}, so that a simulation
 * can run all of it in one thread on virtual time. {@code io.flotilla.router.grpc} has the real
 * network, {@code io.flotilla.router.gateway} the services of a server.
 *
 * <p>Failures are values: each call completes with a {@code Reply}, which may carry an {@code
 * ErrorDetail}; futures of this package never complete exceptionally. Each call ends by its
 * deadline.
 *
 * <p>Threads: everything public is thread-safe and nothing blocks. Continuations run on the thread
 * that completes the transport's or the local node's future, or on the scheduler's.
 */
@NullMarked
package io.flotilla.router;

import org.jspecify.annotations.NullMarked;
