/**
 * Tests of the lanes and snapshots between nodes: messages as bytes, then real gRPC over loopback.
 *
 * <p>Read {@code PeerLanesTest} first.
 */
@NullMarked
package io.flotilla.shard.transport;

import org.jspecify.annotations.NullMarked;
