package io.flotilla.shard.transport;

import io.flotilla.raft.Message;

/** Takes the messages of other nodes. Called on network threads; must not wait. */
@FunctionalInterface
public interface PeerReceiver {
  void receive(long fromNodeId, long shardId, Message message);
}
