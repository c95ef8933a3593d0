/**
 * The real network under a router: one stream per node for calls, small channels for route maps.
 *
 * <p>Read first: {@link io.flotilla.router.grpc.GrpcNodeTransport}, then {@code NodeConnection}.
 *
 * <p>What it never does: retry (the dispatcher knows whether it may), let gRPC retry, buffer
 * without a bound, or run a caller's continuation on an event loop. It assumes nothing of the
 * server but the {@code Kv} and {@code Routes} services, and that it permits keep-alive pings each
 * 5 s.
 */
@NullMarked
package io.flotilla.router.grpc;

import org.jspecify.annotations.NullMarked;
