package io.flotilla.sim;

import io.flotilla.raft.Message;
import io.flotilla.raft.Payload;
import io.flotilla.shard.transport.PeerOutbox;
import io.flotilla.shard.transport.PeerReceiver;
import io.flotilla.shard.transport.PeerTransport;
import io.flotilla.shard.transport.SnapshotIntake;
import io.flotilla.shard.transport.SnapshotOffer;
import io.flotilla.storage.StoreFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
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
  private final IntFunction<Optional<PeerReceiver>> receivers;
  private final Coverage coverage;

  /**
   * A way out of one node.
   *
   * @param self its place
   * @param nodeId its id, for others
   * @param receivers who listens at a place now
   */
  SimPeerTransport(
      int self,
      long nodeId,
      SimProcess process,
      SimNetwork network,
      IntFunction<Optional<PeerReceiver>> receivers,
      Coverage coverage) {
    this.self = self;
    this.nodeId = nodeId;
    this.process = process;
    this.network = network;
    this.receivers = receivers;
    this.coverage = coverage;
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
          network.send(
              self,
              to,
              w.message().getClass().getSimpleName(),
              () ->
                  receivers
                      .apply(to)
                      .ifPresent(receiver -> receiver.receive(nodeId, w.shardId(), w.message())));
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
        () -> receivers.apply(to).ifPresent(r -> arrive(r, offer, chunks, to, done)));
    return done;
  }

  private void arrive(
      PeerReceiver receiver,
      SnapshotOffer offer,
      List<Payload> chunks,
      int to,
      CompletableFuture<Boolean> done) {
    Optional<SnapshotIntake> intake = receiver.accept(offer);
    if (intake.isEmpty()) {
      network.sendOnce(to, self, "snapshot refused", () -> done.complete(false));
      return;
    }
    if (process.random().nextInt(10) == 0) {
      intake.get().append(chunks.get(0));
      intake.get().abort();
      coverage.count("snapshots cut off");
      return;
    }
    chunks.forEach(intake.get()::append);
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
