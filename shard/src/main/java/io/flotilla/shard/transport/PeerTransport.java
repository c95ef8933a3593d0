package io.flotilla.shard.transport;

import io.flotilla.internal.v1.SnapshotDown;
import io.flotilla.internal.v1.SnapshotUp;
import java.util.Map;
import java.util.Optional;

/** To the other nodes of the cluster. Safe for any thread; nothing waits. */
public interface PeerTransport {
  /** A way out for one loop. */
  PeerOutbox newOutbox();

  /**
   * Opens a stream for a snapshot, on a connection of its own: however much goes over it, votes,
   * heartbeats and appends do not wait behind it.
   *
   * @param answers hears the other side, on any thread, and the end of the stream once
   * @return to the other side; empty: the node is not known
   */
  Optional<SnapshotPipe<SnapshotUp>> openSnapshot(long nodeId, SnapshotPipe<SnapshotDown> answers);

  /** Node id → HOST:PORT of all nodes known now; connections to others are closed. */
  void updateNodes(Map<Long, String> addresses);

  /** Drops what waits and closes the connections. */
  void close();
}
