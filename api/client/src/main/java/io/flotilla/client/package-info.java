/**
 * The Java client of Flotilla: the one artifact an application depends on.
 *
 * <p>Start with {@link io.flotilla.client.FlotillaClient}. It hands out three faces over the same
 * connections: {@link io.flotilla.client.Kv} (blocking, made for virtual threads), {@link
 * io.flotilla.client.AsyncKv} (futures) and {@link io.flotilla.client.AdminClient} (shards, nodes).
 *
 * <p>What holds everywhere:
 *
 * <ul>
 *   <li>Every read is linearizable unless {@link io.flotilla.client.ReadOptions} ask otherwise.
 *   <li>Every write is applied exactly once, however often it is retried inside a call.
 *   <li>Every call ends by its deadline, also when no server answers at all.
 *   <li>Every failure is a {@link io.flotilla.client.FlotillaException} that says whether the write
 *       can have happened.
 *   <li>Memory is bounded: see {@link io.flotilla.client.Overflow}.
 * </ul>
 *
 * <p>No type of the transport (gRPC, protobuf, Netty, Guava) appears in a public signature.
 *
 * <p>Threads: a client owns a fixed number of daemon threads, whatever the number of servers,
 * shards and calls. Code of the application runs on the executor given to the builder, never on a
 * thread that serves connections.
 *
 * <p>Inside, read {@code ClientCall} first (one call from its arguments to its result), then {@code
 * Sessions} and {@code InFlightBudget}. Finding the leader, retries and deadlines are the router's.
 */
@NullMarked
package io.flotilla.client;

import org.jspecify.annotations.NullMarked;
