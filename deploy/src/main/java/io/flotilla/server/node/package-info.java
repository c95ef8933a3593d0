/**
 * A node of a cluster, put together over ports: everything that happens between a request and the
 * disk, without the process around it.
 *
 * <p>{@link io.flotilla.server.node.MemberNode} wires router and replicas; {@link
 * io.flotilla.server.node.NodeEnvironment} is all it takes from outside. The server gives it the
 * real network, clock and threads; the simulator gives it one queue of events. So what is simulated
 * is what runs.
 *
 * <p>Nothing here opens a port, reads a clock or starts a thread.
 */
@NullMarked
package io.flotilla.server.node;

import org.jspecify.annotations.NullMarked;
