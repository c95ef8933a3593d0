package io.flotilla.shard;

import io.flotilla.contract.v1.CatalogUpdateRequest;
import io.flotilla.contract.v1.ChangeReplicasRequest;
import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.GetCatalogReply;
import io.flotilla.contract.v1.GetCatalogRequest;
import io.flotilla.contract.v1.NodeInfo;
import io.flotilla.contract.v1.ReplicaChange;
import io.flotilla.contract.v1.ReplicaChangeKind;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.internal.v1.MembershipContext;
import io.flotilla.raft.MembershipChange;
import io.flotilla.raft.MembershipChange.Kind;
import io.flotilla.raft.MembershipChange.Step;
import io.flotilla.raft.Payload;
import io.flotilla.raft.ProposalResult;
import io.flotilla.raft.RaftStatus;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.ReplicaDescriptor;
import io.flotilla.shard.descriptor.ReplicaDescriptor.Role;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.shard.kv.Failures;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A change of a shard's replicas, as its leader drives it. Confined to the loop.
 *
 * <ol>
 *   <li>Check that this replica leads, that the change fits, and that a majority of the voters
 *       after it is alive. A leader that is to lose its vote hands leadership away first.
 *   <li>Ask the catalog for one id per new replica, and whether their nodes exist. The ids are used
 *       for nothing else, whatever becomes of this change (R37).
 *   <li>Check again, and propose all of it as one entry.
 *   <li>{@link MembershipChanges} brings it to its end and answers.
 * </ol>
 *
 * <p>A request for what is so already is answered at once, so a request may be repeated.
 */
final class ChangeReplicasOperation {
  private final Replica replica;
  private final Call call;
  private final ChangeReplicasRequest request;
  private final Function<Request, CompletableFuture<Reply>> cluster;

  ChangeReplicasOperation(
      Replica replica, Call call, Function<Request, CompletableFuture<Reply>> cluster) {
    this.replica = replica;
    this.call = call;
    this.request = call.request().getChangeReplicas();
    this.cluster = cluster;
  }

  void start() {
    if (!mayGoOn()) {
      return;
    }
    Set<Long> newNodes = newNodes();
    if (newNodes.isEmpty()) {
      propose(0);
      return;
    }
    Request question =
        Request.newBuilder().setGetCatalog(GetCatalogRequest.getDefaultInstance()).build();
    var unused =
        cluster
            .apply(question)
            .whenComplete(
                (reply, failure) ->
                    replica.loop().enqueue(() -> nodesKnown(newNodes, reply, failure)));
  }

  private void nodesKnown(Set<Long> newNodes, @Nullable Reply reply, @Nullable Throwable failure) {
    if (reply == null || !reply.hasGetCatalog()) {
      noCatalog(reply, failure);
      return;
    }
    GetCatalogReply catalog = reply.getGetCatalog();
    Set<Long> known =
        catalog.getNodesList().stream().map(NodeInfo::getNodeId).collect(Collectors.toSet());
    for (long node : newNodes) {
      if (!known.contains(node)) {
        call.reply(
            Failures.rejected(
                ErrorCode.ERROR_CODE_NOT_FOUND,
                "there is no node " + node + ": 'flotilla node list' shows them all"));
        return;
      }
    }
    Request allocation =
        Request.newBuilder()
            .setCatalogUpdate(CatalogUpdateRequest.newBuilder().setAllocateIds(newNodes.size()))
            .build();
    var unused =
        cluster
            .apply(allocation)
            .whenComplete(
                (ids, problem) -> replica.loop().enqueue(() -> idsAllocated(ids, problem)));
  }

  private void idsAllocated(@Nullable Reply reply, @Nullable Throwable failure) {
    if (reply == null || !reply.hasCatalogUpdate()) {
      noCatalog(reply, failure);
    } else if (mayGoOn()) {
      propose(reply.getCatalogUpdate().getId());
    }
  }

  private void noCatalog(@Nullable Reply reply, @Nullable Throwable failure) {
    String reason = reply == null ? String.valueOf(failure) : reply.getError().getMessage();
    call.reply(
        Failures.notApplied(
            ErrorCode.ERROR_CODE_UNAVAILABLE, "the catalog does not answer: " + reason));
  }

  private boolean mayGoOn() {
    Reply refusal = refusal();
    if (refusal != null) {
      call.reply(refusal);
    }
    return refusal == null;
  }

  private @Nullable Reply refusal() {
    if (replica.isStopped() || !replica.node().isLeader()) {
      return replica.notLeader();
    }
    ShardDescriptor shard = replica.descriptor();
    if (replica.changes().isUnderWay()) {
      return Failures.notApplied(
          ErrorCode.ERROR_CODE_UNAVAILABLE,
          "another change of shard " + shard.shardId() + " is under way: try again");
    }
    long version = shard.epoch().membershipVersion();
    long expected = request.getExpectedMembershipVersion();
    if (expected != 0 && expected != version) {
      return Failures.rejected(
          ErrorCode.ERROR_CODE_FAILED_PRECONDITION,
          "the membership version of shard %d is %d, not %d: look at it again"
              .formatted(shard.shardId(), version, expected));
    }
    String misfit = misfit(shard);
    if (!misfit.isEmpty()) {
      return Failures.rejected(ErrorCode.ERROR_CODE_FAILED_PRECONDITION, misfit);
    }
    if (request.getChangesList().stream().allMatch(change -> isSo(shard, change))) {
      return MembershipChanges.done(shard);
    }
    return leaderLosesVote(shard) ? handOver() : null;
  }

  /** What of the request does not fit the shard; empty if it does. */
  private String misfit(ShardDescriptor shard) {
    Set<Long> voters = new TreeSet<>(nodes(shard, Role.VOTER));
    for (ReplicaChange change : request.getChangesList()) {
      long node = change.getNodeId();
      if (change.getKind() != ReplicaChangeKind.REPLICA_CHANGE_KIND_VOTER) {
        voters.remove(node);
      } else if (shard.replicaOn(node).isEmpty()) {
        // R17: without the log it could only hold up the commit.
        return "node "
            + node
            + " has no replica of shard "
            + shard.shardId()
            + " yet: make it a learner first, it gets a vote when it has caught up";
      } else {
        voters.add(node);
      }
    }
    if (voters.isEmpty()) {
      return "the change would leave shard " + shard.shardId() + " without a voter";
    }
    List<Long> ready = voters.stream().filter(node -> isReady(shard, node)).toList();
    return ready.size() > voters.size() / 2
        ? ""
        : "after the change shard %d would need %d of the nodes %s, of which only %s are ready"
            .formatted(shard.shardId(), voters.size() / 2 + 1, voters, ready);
  }

  /** It answers, and what it answered was not that it holds nothing of this shard yet. */
  private boolean isReady(ShardDescriptor shard, long node) {
    long replicaId = shard.replicaOn(node).map(ReplicaDescriptor::replicaId).orElse(0L);
    return replicaId == replica.key().replicaId()
        || replica.node().status().followers().stream()
            .anyMatch(f -> f.replicaId() == replicaId && f.recentlyActive() && f.matchIndex() > 0);
  }

  private static List<Long> nodes(ShardDescriptor shard, Role role) {
    return shard.replicas().stream()
        .filter(r -> r.role() == role)
        .map(ReplicaDescriptor::nodeId)
        .toList();
  }

  private static boolean isSo(ShardDescriptor shard, ReplicaChange change) {
    Optional<Role> role = shard.replicaOn(change.getNodeId()).map(ReplicaDescriptor::role);
    return switch (change.getKind()) {
      case REPLICA_CHANGE_KIND_LEARNER -> role.equals(Optional.of(Role.LEARNER));
      case REPLICA_CHANGE_KIND_VOTER -> role.equals(Optional.of(Role.VOTER));
      case REPLICA_CHANGE_KIND_REMOVE -> role.isEmpty();
      case REPLICA_CHANGE_KIND_UNSPECIFIED, UNRECOGNIZED -> false;
    };
  }

  private boolean leaderLosesVote(ShardDescriptor shard) {
    long self = shard.nodeOf(replica.key().replicaId());
    return request.getChangesList().stream()
        .anyMatch(
            change ->
                change.getNodeId() == self
                    && change.getKind() != ReplicaChangeKind.REPLICA_CHANGE_KIND_VOTER);
  }

  /** Thesis 4.2.2: a leader that is removed would manage a cluster that it is not part of. */
  private Reply handOver() {
    ShardDescriptor shard = replica.descriptor();
    Set<Long> leaving =
        request.getChangesList().stream()
            .filter(c -> c.getKind() != ReplicaChangeKind.REPLICA_CHANGE_KIND_VOTER)
            .map(c -> shard.replicaOn(c.getNodeId()).map(ReplicaDescriptor::replicaId).orElse(0L))
            .collect(Collectors.toSet());
    Optional<RaftStatus.Follower> next =
        replica.node().status().followers().stream()
            .filter(f -> f.recentlyActive() && !f.learner() && !leaving.contains(f.replicaId()))
            .max(Comparator.comparingLong(RaftStatus.Follower::matchIndex));
    next.ifPresent(
        follower -> {
          var unused = replica.node().transferLeadership(follower.replicaId());
          replica.loop().markDue(replica);
        });
    return Failures.notApplied(
        ErrorCode.ERROR_CODE_UNAVAILABLE,
        "the leader of shard "
            + shard.shardId()
            + (next.isPresent()
                ? " hands leadership to another voter first: try again"
                : " is to lose its vote, and no other voter is ready to lead: try again"));
  }

  private Set<Long> newNodes() {
    ShardDescriptor shard = replica.descriptor();
    return request.getChangesList().stream()
        .filter(c -> c.getKind() == ReplicaChangeKind.REPLICA_CHANGE_KIND_LEARNER)
        .map(ReplicaChange::getNodeId)
        .filter(node -> shard.replicaOn(node).isEmpty())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Proposes the change; new replicas get the ids from this one on. */
  private void propose(long firstId) {
    ShardDescriptor shard = replica.descriptor();
    MembershipContext.Builder context =
        MembershipContext.newBuilder()
            .setExpectedMembershipVersion(shard.epoch().membershipVersion());
    List<Step> steps = new ArrayList<>();
    long nextId = firstId;
    for (ReplicaChange change : request.getChangesList()) {
      Optional<ReplicaDescriptor> present = shard.replicaOn(change.getNodeId());
      if (isSo(shard, change)) {
        continue;
      }
      Kind kind = kind(change.getKind());
      if (present.isPresent()) {
        steps.add(new Step(kind, present.get().replicaId()));
        continue;
      }
      ReplicaDescriptor added = new ReplicaDescriptor(nextId++, change.getNodeId(), Role.LEARNER);
      context.addAdded(Descriptors.toProto(added));
      steps.add(new Step(kind, added.replicaId()));
    }
    ProposalResult result =
        replica
            .node()
            .proposeMembership(
                new MembershipChange(steps, Payload.of(context.build().toByteArray())));
    if (result.accepted()) {
      replica.changes().proposed(call);
    } else {
      call.reply(MembershipChanges.refusal(replica, result.status()));
    }
    replica.loop().markDue(replica);
  }

  private static Kind kind(ReplicaChangeKind kind) {
    return switch (kind) {
      case REPLICA_CHANGE_KIND_LEARNER -> Kind.ADD_LEARNER;
      case REPLICA_CHANGE_KIND_VOTER -> Kind.ADD_VOTER;
      case REPLICA_CHANGE_KIND_REMOVE -> Kind.REMOVE;
      case REPLICA_CHANGE_KIND_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException("checked before: " + kind);
    };
  }
}
