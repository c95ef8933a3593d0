package io.flotilla.shard.placement;

import io.flotilla.shard.descriptor.ReplicaDescriptor;
import io.flotilla.shard.descriptor.ReplicaDescriptor.Role;
import io.flotilla.shard.descriptor.ShardDescriptor;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A shard as the scheduler sees it.
 *
 * @param descriptor the newest that was reported
 * @param leaderNodeId who leads it; 0: not known
 * @param wanted how many voters it should have
 * @param bytes what a copy of it holds, as far as known
 */
public record ShardView(ShardDescriptor descriptor, long leaderNodeId, int wanted, long bytes) {

  long shardId() {
    return descriptor.shardId();
  }

  /** Nodes with a replica that votes, or will. */
  Set<Long> voterNodes() {
    return descriptor.replicas().stream()
        .filter(ReplicaDescriptor::staysVoter)
        .map(ReplicaDescriptor::nodeId)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Nodes with a replica without a vote. */
  Set<Long> learnerNodes() {
    return descriptor.replicas().stream()
        .filter(replica -> replica.role() == Role.LEARNER)
        .map(ReplicaDescriptor::nodeId)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
