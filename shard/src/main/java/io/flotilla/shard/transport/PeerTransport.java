package io.flotilla.shard.transport;

import io.flotilla.storage.StoreFiles;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** To the other nodes of the cluster. Safe for any thread; nothing waits. */
public interface PeerTransport {
  /** A way out for one loop. */
  PeerOutbox newOutbox();

  /**
   * Sends a snapshot file, at the pace the receiver takes it.
   *
   * @param files where the file is; it must stay there until the future completes
   * @return whether the receiver has all of it and took it; never completes exceptionally
   */
  CompletableFuture<Boolean> sendSnapshot(
      long nodeId, SnapshotOffer offer, StoreFiles files, String file);

  /** Node id → HOST:PORT of all nodes known now; connections to others are closed. */
  void updateNodes(Map<Long, String> addresses);

  /** Drops what waits and closes the connections. */
  void close();
}
