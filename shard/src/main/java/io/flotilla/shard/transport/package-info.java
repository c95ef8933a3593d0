/**
 * Between the nodes of one cluster: Raft messages and snapshots.
 *
 * <p>A pair of nodes shares one connection, whatever the number of shards. On it each direction has
 * two lanes, so that appends never delay votes and heartbeats. Each snapshot on its way has a
 * connection of its own, for the same reason. A turn of a loop leaves as one frame per node and
 * lane, however many shards had something to say; so the heartbeats of all shards led by a loop
 * travel together.
 *
 * <p>Messages may be lost and may pass each other on different lanes; nothing here waits, retries
 * or buffers without a bound: Raft says again what matters. Every stream begins with a handshake
 * that names the cluster, so that nodes of different clusters never hear each other.
 *
 * <p>Read first: {@link io.flotilla.shard.transport.PeerTransport} and {@link
 * io.flotilla.shard.transport.PeerReceiver} (the two ports), then {@code PeerLink} and {@link
 * io.flotilla.shard.transport.PeerService} (gRPC behind them).
 */
@NullMarked
package io.flotilla.shard.transport;

import org.jspecify.annotations.NullMarked;
