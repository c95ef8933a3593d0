package io.flotilla.shard.transport;

import io.flotilla.raft.Message;
import java.util.Optional;

/** Takes what other nodes say. Called on network threads; must not wait. */
public interface PeerReceiver {
  void receive(long fromNodeId, long shardId, Message message);

  /** Begins to take in a snapshot; empty: not now, or not at all. */
  Optional<SnapshotIntake> accept(SnapshotOffer offer);
}
