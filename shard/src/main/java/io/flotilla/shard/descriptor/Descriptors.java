package io.flotilla.shard.descriptor;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.flotilla.contract.v1.Epoch;
import io.flotilla.contract.v1.Replica;
import io.flotilla.contract.v1.ReplicaRole;
import io.flotilla.contract.v1.Route;
import io.flotilla.raft.Payload;
import java.util.List;

/** Between the values of this package and the messages of the contract. */
public final class Descriptors {
  private Descriptors() {}

  /** The bytes, not copied. */
  public static ByteString bytes(Payload payload) {
    return UnsafeByteOperations.unsafeWrap(payload.asReadOnlyByteBuffer());
  }

  /** The bytes, copied once. */
  public static Payload payload(ByteString bytes) {
    return Payload.of(bytes.toByteArray());
  }

  public static io.flotilla.contract.v1.KeyRange toProto(KeyRange range) {
    return io.flotilla.contract.v1.KeyRange.newBuilder()
        .setStart(bytes(range.start()))
        .setEnd(bytes(range.end()))
        .build();
  }

  public static KeyRange fromProto(io.flotilla.contract.v1.KeyRange range) {
    return new KeyRange(payload(range.getStart()), payload(range.getEnd()));
  }

  public static Epoch toProto(ShardEpoch epoch) {
    return Epoch.newBuilder()
        .setMembershipVersion(epoch.membershipVersion())
        .setRangeVersion(epoch.rangeVersion())
        .build();
  }

  public static ShardEpoch fromProto(Epoch epoch) {
    return new ShardEpoch(epoch.getMembershipVersion(), epoch.getRangeVersion());
  }

  public static io.flotilla.contract.v1.ShardDescriptor toProto(ShardDescriptor shard) {
    var builder =
        io.flotilla.contract.v1.ShardDescriptor.newBuilder()
            .setShardId(shard.shardId())
            .setRange(toProto(shard.range()))
            .setEpoch(toProto(shard.epoch()));
    for (ReplicaDescriptor replica : shard.replicas()) {
      builder.addReplicas(
          Replica.newBuilder()
              .setReplicaId(replica.replicaId())
              .setNodeId(replica.nodeId())
              .setRole(
                  replica.learner()
                      ? ReplicaRole.REPLICA_ROLE_LEARNER
                      : ReplicaRole.REPLICA_ROLE_VOTER));
    }
    return builder.build();
  }

  public static ShardDescriptor fromProto(io.flotilla.contract.v1.ShardDescriptor shard) {
    List<ReplicaDescriptor> replicas =
        shard.getReplicasList().stream()
            .map(
                r ->
                    new ReplicaDescriptor(
                        r.getReplicaId(),
                        r.getNodeId(),
                        r.getRole() == ReplicaRole.REPLICA_ROLE_LEARNER))
            .toList();
    return new ShardDescriptor(
        shard.getShardId(), fromProto(shard.getRange()), fromProto(shard.getEpoch()), replicas);
  }

  /** A route. Leader and term are 0 if not known. */
  public static Route route(ShardDescriptor shard, long leaderNodeId, long leaderTerm) {
    return Route.newBuilder()
        .setShard(toProto(shard))
        .setLeaderNodeId(leaderNodeId)
        .setLeaderTerm(leaderTerm)
        .build();
  }
}
