package io.flotilla.shard;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where replicas are that speak to this one and that it does not know. Confined to the loop.
 *
 * <p>A replica that is behind may be led by one that came to be after what it has applied. It could
 * never catch up if it knew no way to answer.
 */
final class Strangers {
  /** No more than this many lead or ask for votes while one replica is behind. */
  private static final int MOST = 16;

  private final Map<Long, Long> nodes =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Long> eldest) {
          return size() > MOST;
        }
      };

  /** The replica speaks from the node. */
  void heard(long replicaId, long nodeId) {
    nodes.remove(replicaId); // the latest to speak is forgotten last
    nodes.put(replicaId, nodeId);
  }

  /** The node it spoke from; 0: it did not. */
  long nodeOf(long replicaId) {
    return nodes.getOrDefault(replicaId, 0L);
  }
}
