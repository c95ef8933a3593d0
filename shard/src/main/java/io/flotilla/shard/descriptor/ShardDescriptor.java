package io.flotilla.shard.descriptor;

import io.flotilla.raft.Membership;
import io.flotilla.raft.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A shard: which keys, which epoch, which replicas. The truth of it is the shard's own applied
 * state; the catalog and the routers follow.
 *
 * @param shardId 1 is the system shard
 * @param range the keys
 * @param epoch rises with every change
 * @param replicas at most one on a node
 */
public record ShardDescriptor(
    long shardId, KeyRange range, ShardEpoch epoch, List<ReplicaDescriptor> replicas) {

  public static final long SYSTEM_SHARD_ID = 1;
  public static final long FIRST_USER_SHARD_ID = 2;

  public ShardDescriptor {
    replicas = List.copyOf(replicas);
    if (shardId <= 0) {
      throw new IllegalArgumentException("shard id must be positive: " + shardId);
    }
    if (replicas.stream().map(ReplicaDescriptor::nodeId).distinct().count() != replicas.size()) {
      throw new IllegalArgumentException("two replicas on one node: " + replicas);
    }
  }

  public boolean isSystem() {
    return shardId == SYSTEM_SHARD_ID;
  }

  public Optional<ReplicaDescriptor> replicaOn(long nodeId) {
    return replicas.stream().filter(r -> r.nodeId() == nodeId).findFirst();
  }

  public Optional<ReplicaDescriptor> replica(long replicaId) {
    return replicas.stream().filter(r -> r.replicaId() == replicaId).findFirst();
  }

  /** The node of a replica, 0 if it is not one of this shard. */
  public long nodeOf(long replicaId) {
    return replica(replicaId).map(ReplicaDescriptor::nodeId).orElse(0L);
  }

  /** The plain membership these replicas form. */
  public Membership membership() {
    return Membership.of(
        replicas.stream().filter(r -> !r.learner()).map(ReplicaDescriptor::replicaId).toList(),
        replicas.stream()
            .filter(ReplicaDescriptor::learner)
            .map(ReplicaDescriptor::replicaId)
            .toList());
  }

  /** What is left of this shard when everything from the key on goes to a child. */
  public ShardDescriptor leftOf(Payload key) {
    return new ShardDescriptor(
        shardId, new KeyRange(range.start(), key), epoch.nextRange(), replicas);
  }

  /**
   * The child that takes everything from the key on, on the same nodes.
   *
   * @param childReplicaIds in the order of {@link #replicas}
   */
  public ShardDescriptor rightOf(Payload key, long childShardId, List<Long> childReplicaIds) {
    List<ReplicaDescriptor> children = new ArrayList<>();
    for (int i = 0; i < replicas.size(); i++) {
      ReplicaDescriptor parent = replicas.get(i);
      children.add(
          new ReplicaDescriptor(childReplicaIds.get(i), parent.nodeId(), parent.learner()));
    }
    return new ShardDescriptor(
        childShardId, new KeyRange(key, range.end()), epoch.nextRange(), children);
  }
}
