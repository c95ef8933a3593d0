/**
 * Carries Raft messages between nodes: two lanes per pair of nodes, so that appends never delay
 * votes and heartbeats, and one frame per lane and turn, however many shards had something to say.
 *
 * <p>Messages may be lost, never reordered within a lane, and nothing here waits. Read {@link
 * io.flotilla.shard.transport.PeerTransport} first.
 */
@NullMarked
package io.flotilla.shard.transport;

import org.jspecify.annotations.NullMarked;
