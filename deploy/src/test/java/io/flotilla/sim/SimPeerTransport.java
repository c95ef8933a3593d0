package io.flotilla.sim;

import io.flotilla.internal.v1.Handshake;
import io.flotilla.raft.Message;
import io.flotilla.raft.Payload;
import io.flotilla.shard.transport.PeerIdentity;
import io.flotilla.shard.transport.PeerOutbox;
import io.flotilla.shard.transport.PeerReceiver;
import io.flotilla.shard.transport.PeerService;
import io.flotilla.shard.transport.PeerTransport;
import io.flotilla.shard.transport.SnapshotIntake;
import io.flotilla.shard.transport.SnapshotOffer;
import io.flotilla.sim.invariants.Oracle;
import io.flotilla.storage.StoreException;
import io.flotilla.storage.StoreFiles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;

/** Raft messages and snapshots over the simulated network. */
final class SimPeerTransport implements PeerTransport {
  private static final int CHUNK_BYTES = 4 << 10;
  private static final long SNAPSHOT_TIMEOUT_NANOS = 3 * World.SECONDS;

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

  /**
   * What it takes from outside.
   *
   * @param self place of its node
   * @param members who listens at a place now
   * @param oracle sees what leaves and what arrives
   * @param isLost whether its node has lost its disk
   */
  record Parts(
      int self,
      SimProcess process,
      SimNetwork network,
      IntFunction<Optional<PeerService.Member>> members,
      Oracle oracle,
      BooleanSupplier isLost,
      Coverage coverage) {}

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
  public CompletableFuture<Boolean> sendSnapshot(
      long toNodeId, SnapshotOffer offer, StoreFiles files, String file) {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    process.after(SNAPSHOT_TIMEOUT_NANOS, "snapshot timeout", () -> done.complete(false));
    List<Payload> chunks = new ArrayList<>();
    for (long at = 0; at < offer.totalBytes(); at += CHUNK_BYTES) {
      chunks.add(files.read(file, at, CHUNK_BYTES));
    }
    Integer to = places.get(toNodeId);
    if (to == null) {
      return CompletableFuture.completedFuture(false);
    }
    network.sendOnce(
        self,
        to,
        "snapshot",
        () -> welcome(toNodeId, to).ifPresent(m -> arrive(m.receiver(), offer, chunks, to, done)));
    return done;
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

  private void arrive(
      PeerReceiver receiver,
      SnapshotOffer offer,
      List<Payload> chunks,
      int to,
      CompletableFuture<Boolean> done) {
    Optional<SnapshotIntake> intake;
    try {
      intake = receiver.accept(offer);
    } catch (StoreException e) {
      intake = Optional.empty();
    }
    if (intake.isEmpty()) {
      network.sendOnce(to, self, "snapshot refused", () -> done.complete(false));
      return;
    }
    if (process.random().nextInt(10) == 0) {
      intake.get().abort();
      coverage.count("snapshots cut off");
      return;
    }
    try {
      chunks.forEach(intake.get()::append);
    } catch (StoreException e) {
      coverage.count("snapshots met a failing file");
      intake.get().abort();
      network.sendOnce(to, self, "snapshot failed", () -> done.complete(false));
      return;
    }
    var unused =
        intake
            .get()
            .finish()
            .thenAccept(
                reason ->
                    network.sendOnce(
                        to, self, "snapshot answer", () -> done.complete(reason.isEmpty())));
  }

  @Override
  public void updateNodes(Map<Long, String> addresses) {
    places.clear();
    addresses.forEach((id, address) -> places.put(id, SimRouting.place(address)));
  }

  @Override
  public void close() {}
}
