package io.flotilla.shard;

import io.flotilla.contract.v1.FollowerStatus;
import io.flotilla.contract.v1.NodeStatusReply;
import io.flotilla.contract.v1.NodeStatusRequest;
import io.flotilla.contract.v1.RaftRole;
import io.flotilla.contract.v1.ReplicaStatus;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.ShardLoad;
import io.flotilla.raft.RaftStatus;
import io.flotilla.raft.Role;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.ShardDescriptor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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

  /**
   * What one replica says.
   *
   * @param degraded it leads, and another voter is silent or far behind
   * @param leaderless it knows of no leader, or has stopped
   * @param load if it leads a user shard and loads were asked for
   */
  private record Answer(
      ReplicaStatus status, boolean degraded, boolean leaderless, Optional<ShardLoad> load) {}

  CompletableFuture<Reply> run() {
    List<CompletableFuture<Answer>> asked = new ArrayList<>();
    for (Replica replica : replicas) {
      CompletableFuture<Answer> answer = new CompletableFuture<>();
      replica.loop().enqueue(() -> answer.complete(ask(replica)));
      asked.add(answer);
    }
    return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
        .thenApply(done -> reply(asked.stream().map(CompletableFuture::join).toList()));
  }

  private Answer ask(Replica replica) {
    RaftStatus raft = replica.node().status();
    return new Answer(
        describe(replica, raft),
        replica.isLeader() && StatsSweep.isDegraded(raft),
        replica.isStopped() || raft.leaderId() == 0,
        load(replica));
  }

  private Optional<ShardLoad> load(Replica replica) {
    return request.getIncludeLoads() && replica.isLeader() && !replica.descriptor().isSystem()
        ? Optional.of(replica.meter().describe())
        : Optional.empty();
  }

  private Reply reply(List<Answer> answers) {
    List<ReplicaStatus> all = answers.stream().map(Answer::status).toList();
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
            .setUsedPercent(usedPercent())
            .setDegradedShards((int) answers.stream().filter(Answer::degraded).count())
            .setLeaderlessReplicas((int) answers.stream().filter(Answer::leaderless).count());
    if (request.getIncludeReplicas()) {
      all.stream().filter(r -> isAskedFor(r.getShardId())).forEach(status::addReplicas);
    }
    answers.stream()
        .flatMap(answer -> answer.load().stream())
        .filter(load -> isAskedFor(load.getShardId()))
        .forEach(status::addLoads);
    return Reply.newBuilder().setNodeStatus(status).build();
  }

  private boolean isAskedFor(long shardId) {
    return request.getShardId() == 0 || request.getShardId() == shardId;
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

  private ReplicaStatus describe(Replica replica, RaftStatus raft) {
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
