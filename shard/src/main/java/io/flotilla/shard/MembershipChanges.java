package io.flotilla.shard;

import io.flotilla.contract.v1.ChangeReplicasReply;
import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.Reply;
import io.flotilla.internal.v1.Command;
import io.flotilla.internal.v1.CommandBatch;
import io.flotilla.internal.v1.ConfirmMembership;
import io.flotilla.raft.Payload;
import io.flotilla.raft.ProposalResult;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.shard.kv.Failures;
import org.jspecify.annotations.Nullable;

/**
 * Brings the changes of a replica's membership to their end. Confined to the loop.
 *
 * <p>A change is over when it is applied, no joint membership is left, and, if somebody was
 * removed, it is confirmed. A membership counts from its apply on, and a follower that holds the
 * entry need not know that it is committed: it would go on asking the removed ones for their votes.
 * So the leader proposes one more entry after the removal. Each append that carries it carries the
 * commit of the removal, and both become durable together; when that entry is committed, a majority
 * of those who stayed can elect a leader without the removed ones. Only then is the catalog told,
 * and only what the catalog says lets a removed replica go.
 */
final class MembershipChanges {
  private final Replica replica;
  private @Nullable Call waiting;
  private long membershipBefore;

  /** The membership version whose confirmation is proposed; 0: none. */
  private long confirming;

  private int ticksLeading;

  MembershipChanges(Replica replica) {
    this.replica = replica;
  }

  /** Whether this replica has led for so long that it knows who of the others is there. */
  boolean knowsTheOthers(int electionTicks) {
    return ticksLeading > electionTicks;
  }

  /** A change was proposed for the call. */
  void proposed(Call call) {
    waiting = call;
    membershipBefore = replica.descriptor().epoch().membershipVersion();
  }

  /** Whether a change has not come to its end. */
  boolean isUnderWay() {
    return waiting != null || !isSettled();
  }

  private boolean isSettled() {
    return !replica.descriptor().isJoint() && !replica.applier().isMembershipUnconfirmed();
  }

  /** The end of a turn: proposes the confirmation that is due. */
  void advance() {
    ShardDescriptor shard = replica.descriptor();
    long version = shard.epoch().membershipVersion();
    boolean due =
        replica.applier().isMembershipUnconfirmed() && !shard.isJoint() && confirming != version;
    if (!due || !replica.node().isLeader()) {
      return;
    }
    ConfirmMembership confirmation =
        ConfirmMembership.newBuilder().setMembershipVersion(version).build();
    CommandBatch batch =
        CommandBatch.newBuilder()
            .addCommands(Command.newBuilder().setConfirmMembership(confirmation))
            .build();
    if (replica.node().propose(Payload.of(batch.toByteArray())).accepted()) {
      confirming = version; // else the next tick tries again
    }
  }

  /** A step was applied, or confirmed, and what this replica knows of it is durable. */
  void announce() {
    if (!isSettled()) {
      return;
    }
    ShardDescriptor shard = replica.descriptor();
    replica.reportRoute();
    if (waiting != null && shard.epoch().membershipVersion() > membershipBefore) {
      waiting.reply(done(shard));
      waiting = null;
    }
  }

  static Reply done(ShardDescriptor shard) {
    return Reply.newBuilder()
        .setChangeReplicas(
            ChangeReplicasReply.newBuilder().setShard(Descriptors.toProto(shard)).build())
        .build();
  }

  /** The entry found another membership than the one it was proposed for. */
  void refused() {
    fail(otherChangeFirst(replica));
  }

  static Reply otherChangeFirst(Replica replica) {
    return Failures.notApplied(
        ErrorCode.ERROR_CODE_UNAVAILABLE,
        "another change of shard " + replica.shardId() + " came first: try again");
  }

  /** This replica leads no more; whoever does brings the change to its end. */
  void leadershipLost() {
    confirming = 0;
    ticksLeading = 0;
    fail(
        Failures.unknown(
            ErrorCode.ERROR_CODE_LEADERSHIP_LOST,
            "leadership was lost while the replicas of shard "
                + replica.shardId()
                + " were being changed: the change may still happen"));
  }

  void fail(Reply reply) {
    if (waiting != null) {
      waiting.reply(reply);
      waiting = null;
    }
  }

  void tick(long nowNanos) {
    if (replica.node().isLeader()) {
      ticksLeading++;
    }
    if (waiting != null && waiting.isExpired(nowNanos)) {
      fail(
          Failures.unknown(
              ErrorCode.ERROR_CODE_DEADLINE_EXCEEDED,
              "the change of shard "
                  + replica.shardId()
                  + " was not complete in time: it goes on, 'shard show' says how far it is"));
    }
  }

  /** What to say when the core does not take a change now. */
  static Reply refusal(Replica replica, ProposalResult.Status status) {
    return switch (status) {
      case NOT_LEADER -> replica.notLeader();
      case NOT_CAUGHT_UP ->
          Failures.notApplied(
              ErrorCode.ERROR_CODE_UNAVAILABLE,
              "a learner of shard "
                  + replica.shardId()
                  + " has not caught up yet, so it gets no vote: try again");
      case TRANSFERRING, OVERLOADED, NOT_READY, ACCEPTED ->
          Failures.notApplied(
              ErrorCode.ERROR_CODE_UNAVAILABLE,
              "shard " + replica.shardId() + " cannot take a change now: try again");
    };
  }
}
