package io.flotilla.shard;

import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.raft.Payload;
import io.flotilla.shard.transport.PeerTransport;
import io.flotilla.storage.NodeStore;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * All that a host takes from outside.
 *
 * @param nodeId this node
 * @param clusterId the cluster, 16 bytes
 * @param live bounds and timers, some of which may change
 * @param store the node's disk
 * @param transport to the other nodes
 * @param clock time
 * @param random for election timeouts
 * @param runners what runs the loops
 * @param ticks what calls once per tick
 * @param snapshotWorker moves snapshots and writes their files, one task after the other
 * @param cluster sends a request to whatever node serves it, for the catalog
 * @param meter hears what happens
 */
public record HostParts(
    long nodeId,
    Payload clusterId,
    LiveConfig live,
    NodeStore store,
    PeerTransport transport,
    Clock clock,
    RandomGenerator random,
    LoopRunner.Factory runners,
    TickSource ticks,
    Executor snapshotWorker,
    Function<Request, CompletableFuture<Reply>> cluster,
    HostMeter meter) {

  /** Bounds and timers as they are now. */
  HostConfig config() {
    return live.now();
  }
}
