package io.flotilla.server.node;

import io.flotilla.contract.v1.NodeStatusReply;
import io.flotilla.router.Router;
import io.flotilla.shard.Clock;
import io.flotilla.shard.HostConfig;
import io.flotilla.shard.HostMeter;
import io.flotilla.shard.LiveConfig;
import io.flotilla.shard.LoopRunner;
import io.flotilla.shard.TickSource;
import io.flotilla.shard.transport.PeerIdentity;
import io.flotilla.shard.transport.PeerTransport;
import io.flotilla.storage.NodeStore;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * What a node takes from outside.
 *
 * @param config bounds and timers of its replicas, some of which may change
 * @param store its disk; closed by the owner, after the node
 * @param router transport, routes feed, timers of its router; closed with it
 * @param peers makes the way to other nodes, once it is known who this one is
 * @param clock time
 * @param random chance
 * @param runners what runs the loops
 * @param ticks what calls once per tick
 * @param snapshotWorker moves snapshots, one task after the other
 * @param processFacts adds to a status what only the process knows: threads, memory, version
 * @param meter hears what the replicas do
 * @param wentBack ends the process, because its store has forgotten what it promised; takes why
 */
public record NodeEnvironment(
    LiveConfig config,
    NodeStore store,
    Router.Parts router,
    Function<PeerIdentity, PeerTransport> peers,
    Clock clock,
    RandomGenerator random,
    LoopRunner.Factory runners,
    TickSource ticks,
    Executor snapshotWorker,
    Consumer<NodeStatusReply.Builder> processFacts,
    HostMeter meter,
    Consumer<String> wentBack) {

  /** Bounds and timers that never change, and nobody who hears what the replicas do. */
  public NodeEnvironment(
      HostConfig config,
      NodeStore store,
      Router.Parts router,
      Function<PeerIdentity, PeerTransport> peers,
      Clock clock,
      RandomGenerator random,
      LoopRunner.Factory runners,
      TickSource ticks,
      Executor snapshotWorker,
      Consumer<NodeStatusReply.Builder> processFacts,
      Consumer<String> wentBack) {
    this(
        new LiveConfig(config),
        store,
        router,
        peers,
        clock,
        random,
        runners,
        ticks,
        snapshotWorker,
        processFacts,
        HostMeter.NONE,
        wentBack);
  }
}
