/**
 * The services a server shows to clients: {@code Kv}, {@code Admin}, {@code Routes}.
 *
 * <p>Read first: {@link io.flotilla.router.gateway.GatewayServices}, then {@code Gateway} (which
 * requests are answered here and which are passed on) and {@code ExecuteStream} (flow control).
 *
 * <p>A request that another node passed on, or of a client that says which shard it means, is
 * answered by the local replicas or refused with what this node knows about the route. Any other
 * request is brought to where it belongs, one hop. What it never does: decide about keys or
 * sessions, which is the shards' business; block; buffer without a bound.
 *
 * <p>Threads: handlers run on the server's executor, replies leave on the executor given to {@code
 * create}. A shard loop that completes a reply only adds it to a queue.
 */
@NullMarked
package io.flotilla.router.gateway;

import org.jspecify.annotations.NullMarked;
