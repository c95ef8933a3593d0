package io.flotilla.shard.transport;

/**
 * Hears what is said to other nodes. Called on the loops, by several at a time: must be quick and
 * must not throw.
 */
public interface PeerMeter {
  /** Hears nothing. */
  PeerMeter NONE = (dropped, messages, bytes) -> {};

  /**
   * A frame was given to the network, or dropped because the other node cannot be reached or takes
   * nothing.
   *
   * @param messages of Raft in it
   * @param bytes of it, about
   */
  void frame(boolean dropped, int messages, int bytes);
}
