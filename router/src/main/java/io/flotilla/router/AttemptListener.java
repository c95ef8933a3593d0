package io.flotilla.router;

import io.flotilla.contract.v1.Reply;

/** Hears of the tries of a call. */
@FunctionalInterface
public interface AttemptListener {
  /** Hears nothing. */
  AttemptListener NONE = (nodeId, shardId, reply, nanos) -> {};

  /**
   * A try has ended. Called on the router's threads: must be short, thread-safe and not throw.
   *
   * @param nodeId whom it asked; 0: a node of which only the address is known
   * @param shardId what it asked for; 0: the node was to find the shard itself
   * @param reply what came of it
   * @param nanos how long it took
   */
  void ended(long nodeId, long shardId, Reply reply, long nanos);
}
