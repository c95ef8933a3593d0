package io.flotilla.sim;

import io.flotilla.internal.v1.Handshake;
import io.flotilla.internal.v1.SnapshotDown;
import io.flotilla.internal.v1.SnapshotUp;
import io.flotilla.raft.Message;
import io.flotilla.shard.SnapshotConfig;
import io.flotilla.shard.transport.PeerIdentity;
import io.flotilla.shard.transport.PeerOutbox;
import io.flotilla.shard.transport.PeerService;
import io.flotilla.shard.transport.PeerTransport;
import io.flotilla.shard.transport.SnapshotPipe;
import io.flotilla.sim.invariants.Oracle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;

/** Raft messages and snapshots over the simulated network. */
final class SimPeerTransport implements PeerTransport {
  /** Chunks so small, and rates so low, that there is time for a cut. */
  static final SnapshotConfig SNAPSHOTS =
      new SnapshotConfig(200_000, 150_000, 2, 64, 8, 256, 2_000, 5_000);

  private final int self;
  private final long nodeId;
  private final Map<Long, Integer> places = new TreeMap<>();
  private final SimProcess process;
  private final SimNetwork network;
  private final PeerIdentity identity;
  private final IntFunction<Optional<PeerService.Member>> members;
  private final Map<Integer, PeerService.Member> welcomedBy = new HashMap<>();
  private final Oracle oracle;
  private final BooleanSupplier isLost;
  private final Coverage coverage;
  private final Consumer<String> fault;
  private final IntConsumer snapshotArrived;

  /**
   * What it takes from outside.
   *
   * @param self place of its node
   * @param members who listens at a place now
   * @param oracle sees what leaves and what arrives
   * @param isLost whether its node has lost its disk
   * @param fault takes what must never be
   * @param snapshotArrived hears at which place
   */
  record Parts(
      int self,
      SimProcess process,
      SimNetwork network,
      IntFunction<Optional<PeerService.Member>> members,
      Oracle oracle,
      BooleanSupplier isLost,
      Coverage coverage,
      Consumer<String> fault,
      IntConsumer snapshotArrived) {}

  /** A way out of one node. */
  SimPeerTransport(PeerIdentity identity, Parts parts) {
    this.identity = identity;
    this.self = parts.self();
    this.nodeId = identity.nodeId();
    this.process = parts.process();
    this.network = parts.network();
    this.members = parts.members();
    this.oracle = parts.oracle();
    this.isLost = parts.isLost();
    this.coverage = parts.coverage();
    this.fault = parts.fault();
    this.snapshotArrived = parts.snapshotArrived();
  }

  @Override
  public PeerOutbox newOutbox() {
    return new PeerOutbox() {
      private record Waiting(long nodeId, long shardId, Message message) {}

      private final List<Waiting> waiting = new ArrayList<>();

      @Override
      public void send(long nodeId, long shardId, Message message) {
        waiting.add(new Waiting(nodeId, shardId, message));
      }

      @Override
      public void flush() {
        for (Waiting w : waiting) {
          Integer to = places.get(w.nodeId());
          if (to == null) {
            continue; // not known yet, or removed
          }
          oracle.leaves(self, w.shardId(), w.message());
          boolean lost = isLost.getAsBoolean();
          long block = identity.lives().newestBlock();
          network.send(
              self,
              to,
              w.message().getClass().getSimpleName(),
              () ->
                  welcome(w.nodeId(), to)
                      .ifPresent(
                          member -> {
                            oracle.arrives(lost, w.message());
                            member.identity().lives().reached(nodeId, block);
                            member.receiver().receive(nodeId, w.shardId(), w.message());
                          }));
        }
        waiting.clear();
      }
    };
  }

  @Override
  public Optional<SnapshotPipe<SnapshotUp>> openSnapshot(
      long toNodeId, SnapshotPipe<SnapshotDown> answers) {
    Integer to = places.get(toNodeId);
    return to == null
        ? Optional.empty()
        : Optional.of(
            new SimSnapshotStream(
                new SimSnapshotStream.Parts(
                    self,
                    to,
                    network,
                    process,
                    coverage,
                    fault,
                    () -> snapshotArrived.accept(to),
                    () -> welcome(toNodeId, to)),
                answers));
  }

  /** Whoever listens there, if it takes something from this life of this node. */
  private Optional<PeerService.Member> welcome(long toNodeId, int to) {
    Optional<PeerService.Member> there = members.apply(to);
    if (there.isEmpty() || there.get() == welcomedBy.get(to)) {
      return there;
    }
    Handshake handshake = identity.handshake(toNodeId);
    if (there.get().identity().fault(handshake).isPresent()) {
      return Optional.empty();
    }
    Optional<String> fault = there.get().identity().lives().fault(handshake);
    if (fault.isPresent()) {
      network.sendOnce(to, self, "refused", () -> identity.lives().refused(fault.get()));
      return Optional.empty();
    }
    welcomedBy.put(to, there.get());
    return there;
  }

  @Override
  public void updateNodes(Map<Long, String> addresses) {
    places.clear();
    addresses.forEach((id, address) -> places.put(id, SimRouting.place(address)));
  }

  @Override
  public void close() {}
}
