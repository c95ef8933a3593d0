package io.flotilla.sim;

import io.flotilla.contract.v1.ChangeReplicasRequest;
import io.flotilla.contract.v1.Replica;
import io.flotilla.contract.v1.ReplicaChange;
import io.flotilla.contract.v1.ReplicaChangeKind;
import io.flotilla.contract.v1.ReplicaRole;
import io.flotilla.contract.v1.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Thinks up changes of a shard's replicas that make sense, in every form there is. */
final class ReplicaShuffle {
  private final SplittableRandom random;
  private final int fewestVoters;

  /**
   * A shuffle.
   *
   * @param fewestVoters that each shard keeps: three, where the disk of one may be lost
   */
  ReplicaShuffle(SplittableRandom random, int fewestVoters) {
    this.random = random;
    this.fewestVoters = fewestVoters;
  }

  /**
   * A change for the shard as it was last known.
   *
   * @param nodes that could hold a replica
   */
  Optional<ChangeReplicasRequest> next(Route route, List<Long> nodes) {
    List<Long> voters = holding(route, ReplicaRole.REPLICA_ROLE_VOTER);
    List<Long> learners = holding(route, ReplicaRole.REPLICA_ROLE_LEARNER);
    List<Long> spare = new ArrayList<>(nodes);
    spare.removeAll(voters);
    spare.removeAll(learners);
    List<ReplicaChange> changes = new ArrayList<>();
    if (!learners.isEmpty() && random.nextInt(4) > 0) {
      changes.add(change(pick(learners), ReplicaChangeKind.REPLICA_CHANGE_KIND_VOTER));
      if (voters.size() >= fewestVoters && random.nextBoolean()) {
        changes.add(change(pick(voters), leaving()));
      }
    } else if (!spare.isEmpty() && random.nextInt(4) > 0) {
      changes.add(change(pick(spare), ReplicaChangeKind.REPLICA_CHANGE_KIND_LEARNER));
    } else if (voters.size() > fewestVoters) {
      long first = pick(voters);
      changes.add(change(first, leaving()));
      if (voters.size() > fewestVoters + 1 && random.nextBoolean()) {
        voters.remove(first);
        changes.add(change(pick(voters), leaving()));
      }
    }
    return changes.isEmpty()
        ? Optional.empty()
        : Optional.of(
            ChangeReplicasRequest.newBuilder()
                .setShardId(route.getShard().getShardId())
                .addAllChanges(changes)
                .setExpectedMembershipVersion(expectedVersion(route))
                .build());
  }

  /** Where disks are lost, two changes that were decided on one membership could take too many. */
  private long expectedVersion(Route route) {
    return fewestVoters > 2 ? route.getShard().getEpoch().getMembershipVersion() : 0;
  }

  private ReplicaChangeKind leaving() {
    return random.nextInt(4) == 0
        ? ReplicaChangeKind.REPLICA_CHANGE_KIND_LEARNER
        : ReplicaChangeKind.REPLICA_CHANGE_KIND_REMOVE;
  }

  private long pick(List<Long> nodes) {
    return nodes.get(random.nextInt(nodes.size()));
  }

  private static List<Long> holding(Route route, ReplicaRole role) {
    List<Long> nodes = new ArrayList<>();
    for (Replica replica : route.getShard().getReplicasList()) {
      if (replica.getRole() == role) {
        nodes.add(replica.getNodeId());
      }
    }
    return nodes;
  }

  private static ReplicaChange change(long node, ReplicaChangeKind kind) {
    return ReplicaChange.newBuilder().setNodeId(node).setKind(kind).build();
  }
}
