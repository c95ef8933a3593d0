package io.flotilla.shard.transport;

import java.util.Map;

/** To the other nodes of the cluster. Safe for any thread. */
public interface PeerTransport {
  /** A way out for one loop. */
  PeerOutbox newOutbox();

  /** Node id → HOST:PORT of all nodes known now; connections to others are closed. */
  void updateNodes(Map<Long, String> addresses);

  /** Drops what waits and closes the connections. */
  void close();
}
