package io.flotilla.shard.transport;

import io.flotilla.raft.Message;

/** What one loop sends. Confined to the loop; neither method waits. */
public interface PeerOutbox {
  /** Keeps a message for the end of the turn. Lost if the node cannot be reached. */
  void send(long nodeId, long shardId, Message message);

  /** The turn ends: what was kept leaves, one frame for each node and lane. */
  void flush();
}
