package io.flotilla.shard.transport;

import io.flotilla.internal.v1.SnapshotDown;
import io.flotilla.internal.v1.SnapshotUp;
import io.flotilla.raft.Message;

/** Takes what other nodes say. Called on network threads; must not wait. */
public interface PeerReceiver {
  void receive(long fromNodeId, long shardId, Message message);

  /**
   * Another node begins a stream for a snapshot.
   *
   * @param answers to that node
   * @return hears what it says
   */
  SnapshotPipe<SnapshotUp> openSnapshot(SnapshotPipe<SnapshotDown> answers);
}
