package io.flotilla.shard.descriptor;

import io.flotilla.raft.Membership;
import io.flotilla.raft.Payload;
import io.flotilla.shard.descriptor.ReplicaDescriptor.Role;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
    for (ReplicaDescriptor replica : replicas) { // asked for each message
      if (replica.replicaId() == replicaId) {
        return replica.nodeId();
      }
    }
    return 0;
  }

  /** The membership these replicas form. */
  public Membership membership() {
    boolean joint = isJoint();
    return new Membership(
        ids(Role.VOTER, Role.INCOMING),
        joint ? ids(Role.VOTER, Role.OUTGOING, Role.DEMOTING) : new TreeSet<>(),
        ids(Role.LEARNER),
        ids(Role.DEMOTING));
  }

  /** Whether a change of membership is half-way: two majorities are needed (Raft §6). */
  public boolean isJoint() {
    return replicas.stream().anyMatch(r -> r.role() != Role.VOTER && r.role() != Role.LEARNER);
  }

  private SortedSet<Long> ids(Role first, Role... more) {
    Set<Role> wanted = EnumSet.of(first, more);
    return replicas.stream()
        .filter(r -> wanted.contains(r.role()))
        .map(ReplicaDescriptor::replicaId)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * This shard after a step of a membership change.
   *
   * @param membership everybody in it is a replica of this shard, or in {@code added}
   * @param added replicas that were not there before
   */
  public ShardDescriptor withMembership(Membership membership, List<ReplicaDescriptor> added) {
    List<ReplicaDescriptor> after = new ArrayList<>();
    for (long id : membership.all()) {
      ReplicaDescriptor known =
          Stream.concat(replicas.stream(), added.stream())
              .filter(r -> r.replicaId() == id)
              .findFirst()
              .orElseThrow(() -> new IllegalArgumentException("no node of replica " + id));
      after.add(new ReplicaDescriptor(id, known.nodeId(), role(id, membership)));
    }
    return new ShardDescriptor(shardId, range, epoch.nextMembership(), after);
  }

  private static Role role(long id, Membership membership) {
    boolean votes = membership.voters().contains(id);
    if (!membership.isJoint()) {
      return votes ? Role.VOTER : Role.LEARNER;
    }
    boolean voted = membership.outgoing().contains(id);
    if (votes) {
      return voted ? Role.VOTER : Role.INCOMING;
    }
    if (membership.demoted().contains(id)) {
      return Role.DEMOTING;
    }
    return voted ? Role.OUTGOING : Role.LEARNER;
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
      children.add(new ReplicaDescriptor(childReplicaIds.get(i), parent.nodeId(), parent.role()));
    }
    return new ShardDescriptor(
        childShardId, new KeyRange(key, range.end()), epoch.nextRange(), children);
  }
}
