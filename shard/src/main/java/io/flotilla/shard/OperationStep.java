package io.flotilla.shard;

import io.flotilla.contract.v1.Operation;
import io.flotilla.contract.v1.OperationState;
import io.flotilla.contract.v1.ReplicaChange;
import io.flotilla.contract.v1.ReplicaChangeKind;
import io.flotilla.shard.descriptor.ReplicaDescriptor;
import io.flotilla.shard.descriptor.ReplicaDescriptor.Role;
import io.flotilla.shard.descriptor.ShardDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What an operation does next. Only the shard as it is counts, not what was done before: so every
 * step may be repeated, by another leader of the system shard too (M13).
 */
sealed interface OperationStep {
  /** The shard's leader is asked for these changes. */
  record Change(List<ReplicaChange> changes) implements OperationStep {}

  /** The shard is half-way through a change; its leader finishes it. */
  record Wait() implements OperationStep {}

  /** Nothing is left to do. */
  record End(OperationState state) implements OperationStep {}

  /**
   * The next step with the shard as it is now.
   *
   * @param fenced whether the shard is known to have taken the operation's fence
   */
  static OperationStep of(Operation operation, ShardDescriptor shard, boolean fenced) {
    long to = operation.getToNodeId();
    Optional<Role> target = role(shard, to);
    if (shard.isJoint()) {
      return new Wait();
    }
    boolean arrived = to == 0 || target.equals(Optional.of(Role.VOTER));
    boolean cancelling = operation.getState() == OperationState.OPERATION_STATE_CANCELLING;
    return cancelling
        ? backwards(operation, shard, arrived, fenced)
        : forwards(operation, shard, arrived);
  }

  /** Even where nothing is to be undone the shard takes the fence: nothing can come late. */
  private static OperationStep backwards(
      Operation operation, ShardDescriptor shard, boolean arrived, boolean fenced) {
    long to = operation.getToNodeId();
    if (!fenced) {
      return new Change(
          !arrived && role(shard, to).isPresent()
              ? List.of(change(to, ReplicaChangeKind.REPLICA_CHANGE_KIND_REMOVE))
              : List.of());
    }
    boolean happened = arrived && role(shard, operation.getFromNodeId()).isEmpty();
    return new End(
        happened ? OperationState.OPERATION_STATE_DONE : OperationState.OPERATION_STATE_CANCELLED);
  }

  private static OperationStep forwards(
      Operation operation, ShardDescriptor shard, boolean arrived) {
    long to = operation.getToNodeId();
    if (!arrived && role(shard, to).isEmpty()) {
      return new Change(List.of(change(to, ReplicaChangeKind.REPLICA_CHANGE_KIND_LEARNER)));
    }
    List<ReplicaChange> last = new ArrayList<>();
    if (!arrived) {
      last.add(change(to, ReplicaChangeKind.REPLICA_CHANGE_KIND_VOTER));
    }
    boolean mustLeadFirst = !arrived && isOnlyVoter(shard, operation.getFromNodeId());
    if (role(shard, operation.getFromNodeId()).isPresent() && !mustLeadFirst) {
      last.add(change(operation.getFromNodeId(), ReplicaChangeKind.REPLICA_CHANGE_KIND_REMOVE));
    }
    return last.isEmpty() ? new End(OperationState.OPERATION_STATE_DONE) : new Change(last);
  }

  /** Then the other one gets its vote first: somebody must be there to hand leadership to. */
  private static boolean isOnlyVoter(ShardDescriptor shard, long nodeId) {
    return role(shard, nodeId).equals(Optional.of(Role.VOTER))
        && shard.replicas().stream().filter(r -> r.role() == Role.VOTER).count() == 1;
  }

  private static Optional<Role> role(ShardDescriptor shard, long nodeId) {
    return shard.replicaOn(nodeId).map(ReplicaDescriptor::role);
  }

  private static ReplicaChange change(long nodeId, ReplicaChangeKind kind) {
    return ReplicaChange.newBuilder().setNodeId(nodeId).setKind(kind).build();
  }
}
