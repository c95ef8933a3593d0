package io.flotilla.shard;

import io.flotilla.contract.v1.CatalogUpdateRequest;
import io.flotilla.contract.v1.ChangeReplicasRequest;
import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.Outcome;
import io.flotilla.contract.v1.ReplicaChange;
import io.flotilla.contract.v1.ReplicaChangeKind;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.ReserveReplicas;
import io.flotilla.internal.v1.Command;
import io.flotilla.internal.v1.FenceMembership;
import io.flotilla.internal.v1.MembershipContext;
import io.flotilla.raft.MembershipChange;
import io.flotilla.raft.MembershipChange.Kind;
import io.flotilla.raft.MembershipChange.Step;
import io.flotilla.raft.Payload;
import io.flotilla.raft.ProposalResult;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.ReplicaDescriptor;
import io.flotilla.shard.descriptor.ReplicaDescriptor.Role;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.shard.kv.Failures;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A change of a shard's replicas, as its leader drives it. Confined to the loop.
 *
 * <ol>
 *   <li>Check that this replica leads, that the change fits, and that a majority of the voters
 *       after it is alive. A leader that is to lose its vote hands leadership away first.
 *   <li>Ask the catalog for one id per new replica; it keeps their nodes until it hears what became
 *       of it. The ids are used for nothing else, whatever becomes of this change (R37).
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
  private final HostParts parts;

  ChangeReplicasOperation(Replica replica, Call call, HostParts parts) {
    this.replica = replica;
    this.call = call;
    this.request = call.request().getChangeReplicas();
    this.parts = parts;
  }

  void start() {
    if (!mayGoOn()) {
      return;
    }
    if (isAllSo(replica.descriptor())) {
      proposeFence();
      return;
    }
    Set<Long> newNodes = newNodes();
    if (newNodes.isEmpty()) {
      propose(0);
      return;
    }
    long version = replica.descriptor().epoch().membershipVersion();
    Request reservation =
        Request.newBuilder()
            .setCatalogUpdate(
                CatalogUpdateRequest.newBuilder()
                    .setReserveReplicas(
                        ReserveReplicas.newBuilder()
                            .setShardId(replica.shardId())
                            .setMembershipVersion(version)
                            .addAllNodeIds(newNodes)))
            .build();
    var unused =
        parts
            .cluster()
            .apply(reservation)
            .whenComplete(
                (ids, problem) -> replica.loop().enqueue(() -> reserved(version, ids, problem)));
  }

  private void reserved(long version, @Nullable Reply reply, @Nullable Throwable failure) {
    if (reply == null || failure != null) {
      call.reply(
          Failures.notApplied(
              ErrorCode.ERROR_CODE_UNAVAILABLE, "the catalog does not answer: " + failure));
    } else if (reply.hasError()) {
      boolean forGood = reply.getError().getOutcome() == Outcome.OUTCOME_REJECTED;
      call.reply(
          forGood
              ? reply
              : Failures.notApplied(
                  ErrorCode.ERROR_CODE_UNAVAILABLE,
                  "the catalog does not answer: " + reply.getError().getMessage()));
    } else if (call.isExpired(parts.clock().nanos())) {
      call.expireUntouched(); // nothing is proposed so late that the reservation could be over
    } else if (replica.descriptor().epoch().membershipVersion() != version) {
      // The report of that other change ends this reservation.
      call.reply(MembershipChanges.otherChangeFirst(replica));
    } else if (mayGoOn()) {
      propose(reply.getCatalogUpdate().getId());
    }
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
    if (request.getFence() != 0 && request.getFence() < replica.applier().membershipFence()) {
      return Failures.rejected(
          ErrorCode.ERROR_CODE_FAILED_PRECONDITION,
          "an operation with fence %d changed shard %d after the one with fence %d"
              .formatted(replica.applier().membershipFence(), shard.shardId(), request.getFence()));
    }
    if (isAllSo(shard)) {
      return request.getFence() > replica.applier().membershipFence()
          ? null
          : MembershipChanges.done(shard);
    }
    Reply notReady = notReady(shard);
    if (notReady != null) {
      return notReady;
    }
    return leaderLosesVote(shard) ? handOver() : null;
  }

  /** What of the request does not fit the shard; empty if it does. */
  private String misfit(ShardDescriptor shard) {
    for (ReplicaChange change : request.getChangesList()) {
      boolean votes = change.getKind() == ReplicaChangeKind.REPLICA_CHANGE_KIND_VOTER;
      if (votes && shard.replicaOn(change.getNodeId()).isEmpty()) {
        // R17: without the log it could only hold up the commit.
        return "node "
            + change.getNodeId()
            + " has no replica of shard "
            + shard.shardId()
            + " yet: make it a learner first, it gets a vote when it has caught up";
      }
    }
    return votersAfter(shard).isEmpty()
        ? "the change would leave shard " + shard.shardId() + " without a voter"
        : "";
  }

  private Set<Long> votersAfter(ShardDescriptor shard) {
    Set<Long> voters = new TreeSet<>(nodes(shard, Role.VOTER));
    for (ReplicaChange change : request.getChangesList()) {
      if (change.getKind() == ReplicaChangeKind.REPLICA_CHANGE_KIND_VOTER) {
        voters.add(change.getNodeId());
      } else {
        voters.remove(change.getNodeId());
      }
    }
    return voters;
  }

  /** Nothing could be committed after a change that a majority of its voters cannot carry. */
  private @Nullable Reply notReady(ShardDescriptor shard) {
    Set<Long> voters = votersAfter(shard);
    List<Long> ready = voters.stream().filter(node -> isReady(shard, node)).toList();
    if (ready.size() > voters.size() / 2) {
      return null;
    }
    String reason =
        "after the change shard %d would need %d of the nodes %s, of which only %s are ready"
            .formatted(shard.shardId(), voters.size() / 2 + 1, voters, ready);
    boolean comesYet = voters.stream().anyMatch(node -> isNewLearner(shard, node));
    return replica.changes().knowsTheOthers(parts.config().electionTicks()) && !comesYet
        ? Failures.rejected(ErrorCode.ERROR_CODE_FAILED_PRECONDITION, reason)
        : Failures.notApplied(ErrorCode.ERROR_CODE_UNAVAILABLE, reason);
  }

  /** Its first answer may be under way. */
  private boolean isNewLearner(ShardDescriptor shard, long node) {
    return shard
        .replicaOn(node)
        .filter(r -> r.role() == Role.LEARNER && !isReady(shard, node))
        .isPresent();
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

  private boolean isAllSo(ShardDescriptor shard) {
    return request.getChangesList().stream().allMatch(change -> isSo(shard, change));
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
    return Failures.notApplied(
        ErrorCode.ERROR_CODE_UNAVAILABLE,
        "the leader of shard "
            + shard.shardId()
            + (replica.giveLeadershipAway(leaving)
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

  /** Nothing is to be changed, but nothing older may change anything any more. */
  private void proposeFence() {
    FenceMembership fence = FenceMembership.newBuilder().setFence(request.getFence()).build();
    replica.callers().proposeAlone(Command.newBuilder().setFenceMembership(fence).build(), call);
  }

  /** Proposes the change; new replicas get the ids from this one on. */
  private void propose(long firstId) {
    ShardDescriptor shard = replica.descriptor();
    MembershipContext.Builder context =
        MembershipContext.newBuilder()
            .setExpectedMembershipVersion(shard.epoch().membershipVersion())
            .setFence(request.getFence());
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
