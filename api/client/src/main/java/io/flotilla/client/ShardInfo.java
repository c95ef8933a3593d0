package io.flotilla.client;

import java.util.List;
import java.util.Optional;

/**
 * A shard with its leader and replicas.
 *
 * @param descriptor id, range and versions
 * @param leaderNodeId node that last was known to lead it; 0: not known
 * @param leaderTerm Raft term in which it led
 * @param replicas one for each copy, by node id
 * @param load how much it holds and does; empty for the system shard, and if nobody could be asked
 *     who leads it
 */
public record ShardInfo(
    ShardDescriptor descriptor,
    long leaderNodeId,
    long leaderTerm,
    List<ReplicaInfo> replicas,
    Optional<ShardLoad> load) {

  /** Id of the shard. */
  public long shardId() {
    return descriptor.shardId();
  }

  /** The keys it holds. */
  public KeyRange range() {
    return descriptor.range();
  }
}
