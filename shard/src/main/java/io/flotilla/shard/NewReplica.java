package io.flotilla.shard;

import io.flotilla.internal.v1.ReplicaRow;
import io.flotilla.raft.Payload;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.ReplicaDescriptor;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.shard.kv.StateMachine;
import io.flotilla.storage.ReplicaKey;

/**
 * A replica that begins, with all its peers, at one fixed point of an empty log: nothing before it
 * can differ between them.
 *
 * @param key which replica
 * @param row its first row
 */
record NewReplica(ReplicaKey key, Payload row) {
  /**
   * Index and term at which every log begins. Above 0, so that "nothing" is never mistaken for it.
   */
  static final long FIRST_INDEX = 5;

  static final long FIRST_TERM = 5;

  static NewReplica ofSplit(StateMachine.SplitResult split, long nodeId) {
    return of(split.right(), split.childRow().toBuilder(), nodeId);
  }

  static NewReplica ofBootstrap(ShardDescriptor shard, long nodeId) {
    return of(shard, ReplicaRow.newBuilder().setShard(Descriptors.toProto(shard)), nodeId);
  }

  private static NewReplica of(ShardDescriptor shard, ReplicaRow.Builder row, long nodeId) {
    ReplicaDescriptor own =
        shard
            .replicaOn(nodeId)
            .orElseThrow(() -> new IllegalStateException("no replica on node " + nodeId));
    row.setMembership(Descriptors.bytes(shard.membership().encode()))
        .setAppliedIndex(FIRST_INDEX)
        .setAppliedTerm(FIRST_TERM);
    return new NewReplica(
        new ReplicaKey(shard.shardId(), own.replicaId()), Payload.of(row.build().toByteArray()));
  }
}
