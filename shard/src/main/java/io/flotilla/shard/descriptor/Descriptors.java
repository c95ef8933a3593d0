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
      builder.addReplicas(toProto(replica));
    }
    return builder.build();
  }

  private static ReplicaRole toProto(ReplicaDescriptor.Role role) {
    return switch (role) {
      case VOTER -> ReplicaRole.REPLICA_ROLE_VOTER;
      case LEARNER -> ReplicaRole.REPLICA_ROLE_LEARNER;
      case INCOMING -> ReplicaRole.REPLICA_ROLE_INCOMING;
      case OUTGOING -> ReplicaRole.REPLICA_ROLE_OUTGOING;
      case DEMOTING -> ReplicaRole.REPLICA_ROLE_DEMOTING;
    };
  }

  private static ReplicaDescriptor.Role fromProto(ReplicaRole role) {
    return switch (role) {
      case REPLICA_ROLE_VOTER -> ReplicaDescriptor.Role.VOTER;
      case REPLICA_ROLE_LEARNER -> ReplicaDescriptor.Role.LEARNER;
      case REPLICA_ROLE_INCOMING -> ReplicaDescriptor.Role.INCOMING;
      case REPLICA_ROLE_OUTGOING -> ReplicaDescriptor.Role.OUTGOING;
      case REPLICA_ROLE_DEMOTING -> ReplicaDescriptor.Role.DEMOTING;
      case REPLICA_ROLE_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException("a replica without a role known here: " + role);
    };
  }

  public static Replica toProto(ReplicaDescriptor replica) {
    return Replica.newBuilder()
        .setReplicaId(replica.replicaId())
        .setNodeId(replica.nodeId())
        .setRole(toProto(replica.role()))
        .build();
  }

  public static ReplicaDescriptor fromProto(Replica replica) {
    return new ReplicaDescriptor(
        replica.getReplicaId(), replica.getNodeId(), fromProto(replica.getRole()));
  }

  public static ShardDescriptor fromProto(io.flotilla.contract.v1.ShardDescriptor shard) {
    List<ReplicaDescriptor> replicas =
        shard.getReplicasList().stream().map(Descriptors::fromProto).toList();
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
