package io.flotilla.shard;

import io.flotilla.contract.v1.FollowerStatus;
import io.flotilla.contract.v1.NodeStatusReply;
import io.flotilla.contract.v1.NodeStatusRequest;
import io.flotilla.contract.v1.RaftRole;
import io.flotilla.contract.v1.ReplicaStatus;
import io.flotilla.contract.v1.Reply;
import io.flotilla.raft.RaftStatus;
import io.flotilla.raft.Role;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.ShardDescriptor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/** Asks each replica on its own loop for its state, and puts the answers together. */
final class NodeStatusQuery {
  private final NodeStatusRequest request;
  private final Collection<Replica> replicas;
  private final HostParts parts;

  NodeStatusQuery(NodeStatusRequest request, Collection<Replica> replicas, HostParts parts) {
    this.request = request;
    this.replicas = replicas;
    this.parts = parts;
  }

  CompletableFuture<Reply> run() {
    List<CompletableFuture<ReplicaStatus>> asked = new ArrayList<>();
    for (Replica replica : replicas) {
      CompletableFuture<ReplicaStatus> status = new CompletableFuture<>();
      replica.loop().enqueue(() -> status.complete(describe(replica)));
      asked.add(status);
    }
    return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
        .thenApply(done -> reply(asked.stream().map(CompletableFuture::join).toList()));
  }

  private Reply reply(List<ReplicaStatus> all) {
    NodeStatusReply.Builder status =
        NodeStatusReply.newBuilder()
            .setNodeId(parts.nodeId())
            .setClusterId(Descriptors.bytes(parts.clusterId()))
            .setLeaderLease(parts.config().leaderLease())
            .setReplicasTotal(all.size())
            .setLeadersTotal(
                (int) all.stream().filter(r -> r.getRole() == RaftRole.RAFT_ROLE_LEADER).count())
            .setJournalUsedBytes(parts.store().journal().usage().usedBytes())
            .setStateUsedBytes(parts.store().state().usage().usedBytes())
            .setUsedPercent(usedPercent());
    if (request.getIncludeReplicas()) {
      all.stream()
          .filter(r -> request.getShardId() == 0 || r.getShardId() == request.getShardId())
          .forEach(status::addReplicas);
    }
    return Reply.newBuilder().setNodeStatus(status).build();
  }

  /** Of the fuller of the two stores. */
  private int usedPercent() {
    double journal = parts.store().journal().usage().fraction();
    double state = parts.store().state().usage().fraction();
    return (int) (100 * Math.max(journal, state));
  }

  private static RaftRole role(Role role) {
    return switch (role) {
      case FOLLOWER -> RaftRole.RAFT_ROLE_FOLLOWER;
      case PRE_CANDIDATE -> RaftRole.RAFT_ROLE_PRE_CANDIDATE;
      case CANDIDATE -> RaftRole.RAFT_ROLE_CANDIDATE;
      case LEADER -> RaftRole.RAFT_ROLE_LEADER;
    };
  }

  private ReplicaStatus describe(Replica replica) {
    RaftStatus raft = replica.node().status();
    ShardDescriptor shard = replica.descriptor();
    ReplicaStatus.Builder status =
        ReplicaStatus.newBuilder()
            .setShardId(shard.shardId())
            .setReplicaId(raft.replicaId())
            .setNodeId(parts.nodeId())
            .setRole(replica.isStopped() ? RaftRole.RAFT_ROLE_UNSPECIFIED : role(raft.role()))
            .setTerm(raft.term())
            .setLeaderNodeId(shard.nodeOf(raft.leaderId()))
            .setFirstIndex(raft.firstIndex())
            .setLastIndex(raft.lastIndex())
            .setPersistedIndex(raft.persistedIndex())
            .setCommitIndex(raft.commitIndex())
            .setAppliedIndex(raft.appliedIndex())
            .setFlushedIndex(replica.loop().flusher().flushedIndex(replica))
            .setShard(Descriptors.toProto(shard));
    for (RaftStatus.Follower follower : raft.followers()) {
      status.addFollowers(
          FollowerStatus.newBuilder()
              .setReplicaId(follower.replicaId())
              .setNodeId(shard.nodeOf(follower.replicaId()))
              .setMatchIndex(follower.matchIndex())
              .setNextIndex(follower.nextIndex())
              .setState(follower.state().name().toLowerCase(Locale.ROOT))
              .setRecentlyActive(follower.recentlyActive()));
    }
    return status.build();
  }
}
