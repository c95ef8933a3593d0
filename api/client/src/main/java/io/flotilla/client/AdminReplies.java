package io.flotilla.client;

import io.flotilla.client.ReplicaInfo.Part;
import io.flotilla.client.ReplicaStatus.FollowerStatus;
import io.flotilla.client.ReplicaStatus.LogIndexes;
import io.flotilla.client.ReplicaStatus.Role;
import io.flotilla.contract.v1.ListNodesReply;
import io.flotilla.contract.v1.ListShardsReply;
import io.flotilla.contract.v1.NodeState;
import io.flotilla.contract.v1.NodeStatusReply;
import io.flotilla.contract.v1.RaftRole;
import io.flotilla.contract.v1.Replica;
import io.flotilla.contract.v1.ReplicaRole;
import io.flotilla.contract.v1.Route;
import io.flotilla.contract.v1.ShardStatus;
import io.flotilla.contract.v1.SplitKeysReply;
import io.flotilla.contract.v1.SplitShardReply;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Makes results of good replies about shards and nodes. */
final class AdminReplies {
  private AdminReplies() {}

  static ShardList shards(ListShardsReply reply) {
    return new ShardList(
        reply.getShardsList().stream().map(AdminReplies::shard).toList(),
        reply.getUnreachableNodeIdsList().stream().toList());
  }

  static ShardInfo shard(ShardStatus shard) {
    Map<Long, ReplicaStatus> known = new HashMap<>();
    for (io.flotilla.contract.v1.ReplicaStatus status : shard.getReplicasList()) {
      known.put(status.getReplicaId(), replica(status));
    }
    return new ShardInfo(
        descriptor(shard.getRoute().getShard()),
        shard.getRoute().getLeaderNodeId(),
        shard.getRoute().getLeaderTerm(),
        shard.getRoute().getShard().getReplicasList().stream()
            .sorted(Comparator.comparingLong(Replica::getNodeId))
            .map(
                replica -> replica(replica, Optional.ofNullable(known.get(replica.getReplicaId()))))
            .toList(),
        shard.hasLoad() ? Optional.of(load(shard.getLoad())) : Optional.empty());
  }

  private static ShardLoad load(io.flotilla.contract.v1.ShardLoad load) {
    return new ShardLoad(
        load.getMeasured() ? OptionalLong.of(load.getBytes()) : OptionalLong.empty(),
        load.getReadsPerSecond(),
        load.getWritesPerSecond());
  }

  static SplitKeys splitKeys(SplitKeysReply reply) {
    return new SplitKeys(
        reply.getKeysList().stream().map(key -> Key.owned(key.toByteArray())).toList(),
        reply.getBytes());
  }

  /** A shard of which nothing but its descriptor is known. */
  static ShardInfo shard(io.flotilla.contract.v1.ShardDescriptor shard) {
    return shard(ShardStatus.newBuilder().setRoute(Route.newBuilder().setShard(shard)).build());
  }

  static SplitResult split(SplitShardReply reply) {
    return new SplitResult(descriptor(reply.getLeft()), descriptor(reply.getRight()));
  }

  static NodeList nodes(ListNodesReply reply) {
    return new NodeList(
        HexFormat.of().formatHex(reply.getClusterId().toByteArray()),
        reply.getNodesList().stream()
            .sorted(Comparator.comparingLong(state -> state.getNode().getNodeId()))
            .map(AdminReplies::node)
            .toList());
  }

  static NodeStatus status(NodeStatusReply reply) {
    return new NodeStatus(
        reply.getNodeId(),
        HexFormat.of().formatHex(reply.getClusterId().toByteArray()),
        reply.getAddress(),
        reply.getVersion(),
        Duration.ofMillis(reply.getUptimeMillis()),
        reply.getLeaderLease(),
        new NodeStatus.Counts(
            reply.getReplicasTotal(), reply.getLeadersTotal(), reply.getThreads()),
        new NodeStatus.Bytes(
            reply.getHeapUsedBytes(),
            reply.getJournalUsedBytes(),
            reply.getStateUsedBytes(),
            reply.getMemtableBytes()),
        new NodeStatus.Health(
            List.copyOf(reply.getNotReadyList()),
            reply.getDegradedShards(),
            reply.getLeaderlessReplicas(),
            reply.getHttpAddress()),
        reply.getReplicasList().stream()
            .map(AdminReplies::replica)
            .sorted(Comparator.comparingLong(ReplicaStatus::shardId))
            .toList());
  }

  private static NodeInfo node(NodeState state) {
    return new NodeInfo(
        state.getNode().getNodeId(),
        state.getNode().getAddress(),
        Collections.unmodifiableMap(new TreeMap<>(state.getNode().getLabelsMap())),
        PlacementReplies.mode(state.getNode().getMode()),
        state.getReachable() ? Optional.of(status(state.getStatus())) : Optional.empty(),
        state.getProblem());
  }

  private static ShardDescriptor descriptor(io.flotilla.contract.v1.ShardDescriptor shard) {
    return new ShardDescriptor(
        shard.getShardId(),
        Replies.range(shard.getRange()),
        shard.getEpoch().getMembershipVersion(),
        shard.getEpoch().getRangeVersion());
  }

  private static ReplicaInfo replica(Replica replica, Optional<ReplicaStatus> status) {
    return new ReplicaInfo(
        replica.getReplicaId(), replica.getNodeId(), part(replica.getRole()), status);
  }

  private static Part part(ReplicaRole role) {
    return switch (role) {
      case REPLICA_ROLE_LEARNER -> Part.LEARNER;
      case REPLICA_ROLE_INCOMING -> Part.INCOMING;
      case REPLICA_ROLE_OUTGOING -> Part.OUTGOING;
      case REPLICA_ROLE_DEMOTING -> Part.DEMOTING;
      case REPLICA_ROLE_VOTER, REPLICA_ROLE_UNSPECIFIED, UNRECOGNIZED -> Part.VOTER;
    };
  }

  private static ReplicaStatus replica(io.flotilla.contract.v1.ReplicaStatus status) {
    return new ReplicaStatus(
        status.getShardId(),
        status.getReplicaId(),
        role(status.getRole()),
        status.getTerm(),
        status.getLeaderNodeId(),
        new LogIndexes(
            status.getFirstIndex(),
            status.getLastIndex(),
            status.getPersistedIndex(),
            status.getCommitIndex(),
            status.getAppliedIndex(),
            status.getFlushedIndex()),
        status.getFollowersList().stream().map(AdminReplies::follower).toList());
  }

  private static FollowerStatus follower(io.flotilla.contract.v1.FollowerStatus follower) {
    return new FollowerStatus(
        follower.getReplicaId(),
        follower.getNodeId(),
        follower.getMatchIndex(),
        follower.getNextIndex(),
        follower.getState(),
        follower.getRecentlyActive());
  }

  private static Role role(RaftRole role) {
    return switch (role) {
      case RAFT_ROLE_FOLLOWER -> Role.FOLLOWER;
      case RAFT_ROLE_PRE_CANDIDATE -> Role.PRE_CANDIDATE;
      case RAFT_ROLE_CANDIDATE -> Role.CANDIDATE;
      case RAFT_ROLE_LEADER -> Role.LEADER;
      case RAFT_ROLE_UNSPECIFIED, UNRECOGNIZED -> Role.UNKNOWN;
    };
  }
}
