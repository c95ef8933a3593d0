package io.flotilla.client;

import java.util.List;

/**
 * A shard with its leader and replicas.
 *
 * @param descriptor id, range and versions
 * @param leaderNodeId node that last was known to lead it; 0: not known
 * @param leaderTerm Raft term in which it led
 * @param replicas one for each copy, by node id
 */
public record ShardInfo(
    ShardDescriptor descriptor, long leaderNodeId, long leaderTerm, List<ReplicaInfo> replicas) {

  /** Id of the shard. */
  public long shardId() {
    return descriptor.shardId();
  }

  /** The keys it holds. */
  public KeyRange range() {
    return descriptor.range();
  }
}
