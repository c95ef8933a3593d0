package io.flotilla.storage;

/**
 * Names one replica of one shard. A replica id is never reused, so a removed replica and its
 * successor on the same node can never be mistaken for each other (R37: an id that once voted must
 * not come back with an empty log).
 *
 * @param shardId the shard, 1 or more
 * @param replicaId the replica, 1 or more
 */
public record ReplicaKey(long shardId, long replicaId) implements Comparable<ReplicaKey> {

  public ReplicaKey {
    if (shardId < 1 || replicaId < 1) {
      throw new IllegalArgumentException(
          "shard and replica ids start at 1: " + shardId + "/" + replicaId);
    }
  }

  @Override
  public int compareTo(ReplicaKey other) {
    int byShard = Long.compare(shardId, other.shardId);
    return byShard != 0 ? byShard : Long.compare(replicaId, other.replicaId);
  }

  @Override
  public String toString() {
    return "shard " + shardId + " replica " + replicaId;
  }
}
