package io.flotilla.shard.transport;

import io.flotilla.raft.Message;

/** The two streams from one node to another. */
enum Lane {
  /** Small and urgent: votes, heartbeats, answers. */
  CONTROL(4 << 20),
  /** Appends, and what must not overtake them. */
  APPEND(64 << 20);

  private final int maxQueuedBytes;

  Lane(int maxQueuedBytes) {
    this.maxQueuedBytes = maxQueuedBytes;
  }

  /** Bytes that may wait for the network; more is dropped. */
  int maxQueuedBytes() {
    return maxQueuedBytes;
  }

  static Lane of(Message message) {
    // A TimeoutNow that came before the last append would make its receiver lose the election.
    boolean behindAppends =
        message instanceof Message.AppendEntries || message instanceof Message.TimeoutNow;
    return behindAppends ? APPEND : CONTROL;
  }
}
