package io.flotilla.raft;

import static io.flotilla.raft.Lone.entry;
import static io.flotilla.raft.Lone.membershipEntry;
import static io.flotilla.raft.Lone.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The rules from R13 on that concern the core; see {@link RaftRules1To12Test}. */
class RaftRules13To40Test {
  private static final Membership THREE = Membership.of(1, 2, 3);
  private static final HardState TERM_1 = new HardState(1, 0, 0);

  /** R13 */
  @Test
  void aJointMembershipSurvivesARestart() {
    Lone replica = new Lone(1, THREE, new TestConfig(), TERM_1);
    MembershipChange.Step add = step(MembershipChange.Kind.ADD_VOTER, 4);
    MembershipChange.Step remove = step(MembershipChange.Kind.REMOVE, 3);
    replica.ask(replica.append(1, 0, 0, 1, membershipEntry(1, 1, add, remove)));
    assertThat(replica.node().membership().isJoint()).isTrue();
    replica.replica.flush();
    replica.replica.crash();
    replica.replica.start(new SplittableRandom(1));
    assertThat(replica.node().membership().isJoint()).isTrue();
    assertThat(replica.node().membership().outgoing()).containsExactly(1L, 2L, 3L);
  }

  /** R14 */
  @Test
  void aNewLeaderLeavesTheJointMembershipOfTheOldOne() {
    RaftGroup group = RaftGroup.of(3);
    group.addOne(4, THREE, new MemoryLog());
    group.elect(1);
    group
        .node(1)
        .proposeMembership(
            MembershipChange.of(
                step(MembershipChange.Kind.ADD_VOTER, 4), step(MembershipChange.Kind.REMOVE, 3)));
    group.get(1).handOut();
    while (group.deliverOne()) {}
    group.crash(1);
    group.get(2).work();
    group.get(3).work();
    group.network.clear();
    group.tick(40);
    assertThat(group.leaderId()).isNotZero();
    assertThat(group.node(group.leaderId()).membership()).isEqualTo(Membership.of(1, 2, 4));
  }

  /** R16 */
  @Test
  void aLearnerThatIsAskedVotes() {
    Lone learner = new Lone(3, Membership.of(List.of(1L, 2L), List.of(3L)));
    assertThat(learner.ask(learner.vote(1, 1, 0, 0)))
        .containsExactly(new Message.RequestVoteReply(3, 1, 1, true, false, 0, 0));
  }

  /** R16 */
  @Test
  void aLearnerNeitherCampaignsNorCounts() {
    Membership membership = Membership.of(List.of(1L, 2L), List.of(3L));
    Lone learner = new Lone(3, membership);
    learner.tick(50);
    learner.node().campaign();
    learner.hear(new Message.TimeoutNow(1, 3, 0));
    assertThat(learner.work()).isEmpty();

    Lone leader = new Lone(1, membership);
    leader.lead();
    leader.acknowledge(3, 1);
    assertThat(leader.node().commitIndex()).isZero();
    leader.acknowledge(2, 1);
    assertThat(leader.node().commitIndex()).isEqualTo(1);
  }

  // ---- R17: who is promoted has caught up

  private static final Membership TWO_AND_A_LEARNER = Membership.of(List.of(1L, 2L), List.of(3L));

  private static Lone leaderWithALearner(int entries) {
    TestConfig config = new TestConfig();
    config.maxPromotionLag = 2;
    Lone leader = new Lone(1, TWO_AND_A_LEARNER, config, HardState.EMPTY);
    leader.lead();
    for (int i = 1; i < entries; i++) {
      leader.node().propose(Payload.utf8("x"));
    }
    leader.work();
    leader.acknowledge(2, entries);
    leader.work();
    return leader;
  }

  private static ProposalResult.Status propose(Lone leader, MembershipChange.Step... steps) {
    return leader.node().proposeMembership(MembershipChange.of(steps)).status();
  }

  /** R17 */
  @Test
  void aLearnerThatIsBehindTheCommitIsNotPromoted() {
    Lone leader = leaderWithALearner(5);
    MembershipChange.Step promote = step(MembershipChange.Kind.ADD_VOTER, 3);
    leader.acknowledge(3, 2);
    assertThat(propose(leader, promote)).isEqualTo(ProposalResult.Status.NOT_CAUGHT_UP);
    assertThat(leader.node().lastIndex()).isEqualTo(5);
    leader.acknowledge(3, 3);
    assertThat(propose(leader, promote)).isEqualTo(ProposalResult.Status.ACCEPTED);
  }

  /** R17 */
  @Test
  void aLearnerNotHeardOfForAnElectionTimeoutIsNotPromoted() {
    Lone leader = leaderWithALearner(2);
    MembershipChange.Step promote = step(MembershipChange.Kind.ADD_VOTER, 3);
    leader.acknowledge(3, 2);
    for (int i = 0; i < 10; i++) {
      leader.tick(1);
      leader.hear(new Message.HeartbeatReply(2, 1, 1, 0));
      leader.work();
    }
    assertThat(propose(leader, promote)).isEqualTo(ProposalResult.Status.NOT_CAUGHT_UP);
    leader.hear(new Message.HeartbeatReply(3, 1, 1, 0));
    assertThat(propose(leader, promote)).isEqualTo(ProposalResult.Status.ACCEPTED);
  }

  /** R17 */
  @Test
  void aLearnerThatWasNeverHeardOfIsNotPromotedHoweverShortTheLog() {
    Lone leader = leaderWithALearner(1);
    assertThat(propose(leader, step(MembershipChange.Kind.ADD_VOTER, 3)))
        .isEqualTo(ProposalResult.Status.NOT_CAUGHT_UP);
  }

  /** R17 */
  @Test
  void aJointChangeWithALearnerThatIsBehindIsRefusedAsAWhole() {
    Lone leader = leaderWithALearner(5);
    MembershipChange.Step promote = step(MembershipChange.Kind.ADD_VOTER, 3);
    MembershipChange.Step demote = step(MembershipChange.Kind.ADD_LEARNER, 2);
    assertThat(propose(leader, demote, promote)).isEqualTo(ProposalResult.Status.NOT_CAUGHT_UP);
    leader.acknowledge(3, 5);
    assertThat(propose(leader, demote, promote)).isEqualTo(ProposalResult.Status.ACCEPTED);
  }

  /** R15: nothing but a quorum is needed to let a voter go that is down. */
  @Test
  void aVoterThatIsDownIsDemotedAndThenRemoved() {
    RaftGroup group = RaftGroup.of(3);
    group.elect(1);
    group.crash(3);
    assertThat(group.change(1, step(MembershipChange.Kind.ADD_LEARNER, 3)).accepted()).isTrue();
    assertThat(group.change(1, step(MembershipChange.Kind.REMOVE, 3)).accepted()).isTrue();
    assertThat(group.node(1).membership()).isEqualTo(Membership.of(1, 2));
  }

  /** R16 */
  @Test
  void aLearnersVoteIsNotCounted() {
    TestConfig config = new TestConfig();
    config.preVote = false;
    Lone candidate =
        new Lone(1, Membership.of(List.of(1L, 2L), List.of(3L)), config, HardState.EMPTY);
    candidate.node().campaign();
    candidate.work();
    candidate.hear(new Message.RequestVoteReply(3, 1, 1, true, false, 0, 0));
    assertThat(candidate.node().isLeader()).isFalse();
    candidate.hear(new Message.RequestVoteReply(2, 1, 1, true, false, 0, 0));
    assertThat(candidate.node().isLeader()).isTrue();
  }

  /** R18: with and without the two switches, or a learner ahead in terms would be deaf for ever. */
  @Test
  void aLeaderOfAnOldTermIsToldSo() {
    for (boolean on : List.of(true, false)) {
      TestConfig config = new TestConfig();
      config.preVote = on;
      config.checkQuorum = on;
      Lone replica = new Lone(1, THREE, config, new HardState(7, 0, 0));
      Message no = new Message.AppendEntriesReply(1, 2, 7, true, 0, 0, 0);
      assertThat(replica.ask(new Message.Heartbeat(2, 1, 5, 0, 0))).containsExactly(no);
      assertThat(replica.ask(replica.append(5, 0, 0, 0))).containsExactly(no);
    }
  }

  /** R18 */
  @Test
  void aCandidateOfAnOldTermIsToldSo() {
    Lone replica = new Lone(1, THREE, new TestConfig(), new HardState(7, 0, 0));
    assertThat(replica.ask(replica.vote(2, 5, 9, 5)))
        .containsExactly(new Message.RequestVoteReply(1, 2, 7, false, false, 0, 0));
    assertThat(replica.ask(new Message.RequestVote(2, 1, 5, 9, 5, true, false)))
        .containsExactly(new Message.RequestVoteReply(1, 2, 7, false, true, 0, 0));
  }

  /** R20 */
  @Test
  void aLeaderWhoseDiskHangsStepsDownAndDoesNotRunAgain() {
    Lone leader = new Lone(1, THREE);
    leader.lead();
    leader.node().propose(Payload.utf8("x"));
    leader.replica.handOut();
    for (int i = 0; i < 21; i++) {
      leader.tick(1);
      leader.hear(new Message.HeartbeatReply(2, 1, 1, 0));
    }
    assertThat(leader.node().isLeader()).isFalse();
    leader.tick(40);
    leader.node().campaign();
    assertThat(leader.node().status().role()).isEqualTo(Role.FOLLOWER);
    leader.replica.persist();
    leader.node().campaign();
    assertThat(leader.node().status().role()).isEqualTo(Role.PRE_CANDIDATE);
  }

  /** R21 */
  @Test
  void aTransferToARemovedReplicaIsGivenUp() {
    RaftGroup group = RaftGroup.of(3);
    group.elect(1);
    group.isolate(3);
    group.change(1, step(MembershipChange.Kind.REMOVE, 3));
    group.node(1).transferLeadership(3);
    assertThat(group.node(1).transferLeadership(3)).isEqualTo(TransferResult.NOT_A_VOTER);
    assertThat(group.node(1).transferLeadership(4)).isEqualTo(TransferResult.NOT_A_VOTER);
    assertThat(group.put(1, "x").accepted()).isTrue();
  }

  /** R28 */
  @Test
  void aSnapshotThatIsBehindTheCommitIsNotTaken() {
    Lone follower = new Lone(1, THREE, new TestConfig(), TERM_1);
    follower.ask(follower.append(1, 0, 0, 2, entry(1, 1, "a"), entry(1, 2, "b")));
    assertThat(
            follower.ask(new Message.InstallSnapshot(2, 1, 1, new SnapshotMetadata(1, 1, THREE))))
        .containsExactly(new Message.AppendEntriesReply(1, 2, 1, false, 2, 0, 0));
    assertThat(follower.node().status().firstIndex()).isEqualTo(1);
  }

  /** R28 */
  @Test
  void aSnapshotIsAcknowledgedOnlyWhenItIsOnDisk() {
    Lone follower = new Lone(1, THREE, new TestConfig(), TERM_1);
    follower.hear(new Message.InstallSnapshot(2, 1, 1, new SnapshotMetadata(9, 1, THREE)));
    follower.replica.handOut();
    assertThat(follower.saidOf(Message.AppendEntriesReply.class)).isEmpty();
    follower.node().campaign();
    assertThat(follower.node().status().role()).isEqualTo(Role.FOLLOWER);
    follower.replica.persist();
    assertThat(follower.said())
        .containsExactly(new Message.AppendEntriesReply(1, 2, 1, false, 9, 0, 0));
    assertThat(follower.node().status().appliedIndex()).isEqualTo(9);
  }

  /** R28: entries handed out before may still be under way to the state machine. */
  @Test
  void aMembershipThatASnapshotCoversIsNotAppliedAgain() {
    Lone follower = new Lone(1, THREE, new TestConfig(), TERM_1);
    MembershipChange.Step add = step(MembershipChange.Kind.ADD_VOTER, 4);
    MembershipChange.Step remove = step(MembershipChange.Kind.REMOVE, 3);
    Entry joint = membershipEntry(1, 1, add, remove);
    follower.hear(follower.append(1, 0, 0, 1, joint));
    follower.replica.handOut();
    follower.replica.persist();
    follower.replica.handOut();
    Membership later =
        MembershipChanger.apply(
            Membership.of(1, 2, 4),
            MembershipChange.of(
                step(MembershipChange.Kind.REMOVE, 2), step(MembershipChange.Kind.ADD_VOTER, 5)));
    follower.hear(new Message.InstallSnapshot(2, 1, 1, new SnapshotMetadata(9, 1, later)));
    assertThat(follower.node().applyMembership(joint)).isEqualTo(later);
    follower.work();
    assertThat(follower.node().membership()).isEqualTo(later);
  }

  /** R29: a leader must not spin on a follower that is silent and behind the compaction. */
  @Test
  @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aSilentFollowerBehindTheCompactionGetsNothing() {
    Lone leader = new Lone(1, THREE);
    leader.lead();
    leader.acknowledge(2, 1);
    leader.work();
    for (int i = 0; i < 5; i++) {
      leader.node().propose(Payload.utf8("x"));
    }
    leader.work();
    leader.acknowledge(2, 6);
    leader.work();
    leader.replica.flush();
    leader.replica.compact(0);
    leader.acknowledge(3, 1);
    for (int i = 0; i < 10; i++) {
      leader.tick(1);
      leader.hear(new Message.HeartbeatReply(2, 1, 1, 0));
    }
    leader.replica.handOut();
    assertThat(leader.saidOf(Message.InstallSnapshot.class)).isEmpty();
    leader.hear(new Message.HeartbeatReply(3, 1, 1, 0));
    leader.replica.handOut();
    assertThat(leader.saidOf(Message.InstallSnapshot.class)).hasSize(1);
  }

  /** R33 */
  @Test
  void whatIsCommittedIsHandedOutOnlyWhenItIsOnTheOwnDisk() {
    Lone leader = new Lone(1, THREE);
    leader.lead();
    leader.acknowledge(2, 1);
    leader.work();
    leader.node().propose(Payload.utf8("x"));
    leader.replica.handOut();
    leader.acknowledge(2, 2);
    leader.acknowledge(3, 2);
    leader.replica.handOut();
    assertThat(leader.node().commitIndex()).isEqualTo(2);
    assertThat(leader.replica.applyOne()).isFalse();
    leader.replica.persist();
    leader.replica.handOut();
    assertThat(leader.replica.applyOne()).isTrue();
  }

  /** R39 */
  @Test
  void aLogShorterThanWhatWasCommittedIsRefused() {
    assertThatThrownBy(
            () -> new Lone(1, THREE, new TestConfig(), new HardState(1, 0, 2), entry(1, 1, "a")))
        .isInstanceOf(RaftInvariantException.class)
        .hasMessageContaining("was its end lost?");
  }

  /** R40 */
  @Test
  void indexesAndTermsGoBeyond32And53Bits() {
    for (long base : List.of((1L << 31) - 2, (1L << 53) - 2, Long.MAX_VALUE / 4)) {
      RaftGroup group = new RaftGroup(new TestConfig(), 1);
      group.add(3, THREE, new MemoryLog(base, base));
      group.elect(1);
      for (int i = 0; i < 5; i++) {
        group.put(1, "x" + i);
      }
      for (SimReplica replica : group.all()) {
        assertThat(replica.applied()).isEqualTo(base + 6);
        assertThat(replica.node().term()).isEqualTo(base + 1);
      }
    }
  }
}
