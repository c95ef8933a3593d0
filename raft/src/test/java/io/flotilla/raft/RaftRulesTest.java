package io.flotilla.raft;

import static io.flotilla.raft.Lone.entry;
import static io.flotilla.raft.Lone.membershipEntry;
import static io.flotilla.raft.Lone.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The rules R1 to R30 that concern the core, each named for the fault that others made before. */
class RaftRulesTest {
  private static final Membership THREE = Membership.of(1, 2, 3);
  private static final HardState TERM_1 = new HardState(1, 0, 0);

  /** R1 */
  @Test
  void aVoteIsAnsweredOnlyWhenItIsOnDisk() {
    Lone voter = new Lone(1, THREE);
    voter.hear(voter.vote(2, 1, 0, 0));
    voter.replica.handOut();
    assertThat(voter.said()).isEmpty();
    voter.replica.persist();
    assertThat(voter.said()).containsExactly(new Message.RequestVoteReply(1, 2, 1, true, false));
    assertThat(voter.replica.disk.hardState).isEqualTo(new HardState(1, 2, 0));
  }

  /** R1 */
  @Test
  void aCandidateAsksOnlyWhenItsOwnVoteIsOnDisk() {
    TestConfig config = new TestConfig();
    config.preVote = false;
    Lone candidate = new Lone(1, THREE, config, HardState.EMPTY);
    candidate.node().campaign();
    candidate.replica.handOut();
    assertThat(candidate.said()).isEmpty();
    candidate.replica.persist();
    assertThat(candidate.said()).hasSize(2).allMatch(m -> m instanceof Message.RequestVote);
  }

  /** R1 */
  @Test
  void nothingIsSaidInATermThatIsNotOnDisk() {
    Lone follower = new Lone(1, THREE);
    follower.hear(new Message.Heartbeat(2, 1, 5, 0, 0));
    follower.replica.handOut();
    assertThat(follower.said()).isEmpty();
    // Another Ready, itself with nothing for the disk, must wait as well.
    follower.hear(new Message.Heartbeat(2, 1, 5, 0, 1));
    follower.replica.handOut();
    assertThat(follower.said()).isEmpty();
    follower.replica.persist();
    assertThat(follower.said())
        .containsExactly(
            new Message.HeartbeatReply(1, 2, 5, 0), new Message.HeartbeatReply(1, 2, 5, 1));
  }

  /** R2 */
  @Test
  void steppingDownWithinATermKeepsTheVote() {
    TestConfig config = new TestConfig();
    config.preVote = false;
    Lone candidate = new Lone(1, THREE, config, HardState.EMPTY);
    candidate.node().campaign();
    candidate.work();
    candidate.ask(candidate.append(1, 0, 0, 0));
    assertThat(candidate.node().status().role()).isEqualTo(Role.FOLLOWER);
    assertThat(candidate.node().status().vote()).isEqualTo(1);
    assertThat(candidate.ask(candidate.vote(3, 1, 9, 1)))
        .containsExactly(new Message.RequestVoteReply(1, 3, 1, false, false));
  }

  /** R3 */
  @Test
  void aCandidateBoastsOnlyOfWhatIsOnItsDisk() {
    TestConfig config = new TestConfig();
    config.preVote = false;
    Lone replica = new Lone(1, THREE, config, TERM_1);
    replica.hear(replica.append(1, 0, 0, 0, entry(1, 1, "a")));
    replica.replica.handOut();
    replica.tick(20);
    replica.replica.handOut();
    replica.replica.writeOne();
    replica.replica.tellOne();
    assertThat(replica.saidOf(Message.RequestVote.class)).isEmpty();
    replica.replica.persist();
    assertThat(replica.saidOf(Message.RequestVote.class)).hasSize(2);
    assertThat(replica.replica.disk.log.lastIndex()).isEqualTo(1);
  }

  /** R3 */
  @Test
  void aLeaderCountsItselfOnlyAsFarAsItsDisk() {
    Lone leader = new Lone(1, THREE);
    leader.lead();
    leader.acknowledge(2, 1);
    leader.node().propose(Payload.utf8("x"));
    leader.replica.handOut();
    leader.acknowledge(2, 2);
    assertThat(leader.node().commitIndex()).isEqualTo(1);
    leader.replica.persist();
    assertThat(leader.node().commitIndex()).isEqualTo(2);
  }

  /** R1, R3: between two Readys a newer leader replaces what was about to be acknowledged. */
  @Test
  void whatIsReplacedBeforeItIsWrittenIsNotAcknowledged() {
    Lone follower = new Lone(1, THREE, new TestConfig(), TERM_1);
    follower.hear(follower.append(1, 0, 0, 0, entry(1, 1, "a"), entry(1, 2, "b")));
    follower.hear(new Message.AppendEntries(3, 1, 2, 0, 0, List.of(entry(2, 1, "z")), 0));
    follower.replica.work();
    assertThat(follower.saidOf(Message.AppendEntriesReply.class))
        .containsExactly(new Message.AppendEntriesReply(1, 3, 2, false, 1, 0, 0));
  }

  /** R3 */
  @Test
  void aCampaignThatIsOverAsksForNoVotes() {
    TestConfig config = new TestConfig();
    config.preVote = false;
    Lone candidate = new Lone(1, THREE, config, TERM_1, entry(1, 1, "a"), entry(1, 2, "b"));
    candidate.node().campaign();
    candidate.hear(new Message.AppendEntries(3, 1, 2, 0, 0, List.of(entry(2, 1, "z")), 0));
    candidate.replica.work();
    assertThat(candidate.saidOf(Message.RequestVote.class)).isEmpty();
  }

  /** R4 */
  @Test
  void theTermOfTheLastEntryCountsBeforeItsIndex() {
    Lone voter = new Lone(1, THREE, new TestConfig(), new HardState(3, 0, 0), entry(3, 1, "a"));
    assertThat(voter.ask(voter.vote(2, 4, 9, 2)))
        .containsExactly(new Message.RequestVoteReply(1, 2, 4, false, false));
    assertThat(voter.ask(voter.vote(3, 4, 1, 3)))
        .containsExactly(new Message.RequestVoteReply(1, 3, 4, true, false));
  }

  /** R5 */
  @Test
  void anAppendThatComesLateCutsNothingOff() {
    Lone follower = new Lone(1, THREE, new TestConfig(), TERM_1);
    follower.ask(follower.append(1, 0, 0, 0, entry(1, 1, "a"), entry(1, 2, "b"), entry(1, 3, "c")));
    assertThat(follower.ask(follower.append(1, 0, 0, 0, entry(1, 1, "a"))))
        .containsExactly(new Message.AppendEntriesReply(1, 2, 1, false, 1, 0, 0));
    assertThat(follower.node().lastIndex()).isEqualTo(3);
  }

  /** R5 */
  @Test
  void aCommittedEntryIsNeverReplaced() {
    Lone follower = new Lone(1, THREE, new TestConfig(), TERM_1);
    follower.ask(follower.append(1, 0, 0, 1, entry(1, 1, "a"), entry(1, 2, "b")));
    assertThat(follower.node().commitIndex()).isEqualTo(1);
    follower.ask(follower.append(2, 0, 0, 0, entry(2, 1, "z")));
    assertThat(follower.replica.disk.log.get(1)).isEqualTo(entry(1, 1, "a"));
    RaftLog log = new RaftLog(follower.replica.disk.log, 2, 0);
    assertThatThrownBy(() -> log.tryAppend(0, 0, List.of(entry(3, 1, "z"))))
        .isInstanceOf(RaftInvariantException.class)
        .hasMessageContaining("replace a committed entry");
  }

  /** R6 */
  @Test
  void anAppendBelowTheCompactedPointIsAnsweredWithWhatIsCommitted() {
    Lone follower = new Lone(1, THREE, new TestConfig(), TERM_1);
    follower.ask(follower.append(1, 0, 0, 3, entry(1, 1, "a"), entry(1, 2, "b"), entry(1, 3, "c")));
    follower.replica.flush();
    follower.replica.compact(0);
    assertThat(follower.ask(follower.append(1, 1, 1, 3, entry(1, 2, "b"))))
        .containsExactly(new Message.AppendEntriesReply(1, 2, 1, false, 3, 0, 0));
    assertThat(follower.ask(follower.append(1, 3, 1, 3, entry(1, 4, "d"))))
        .containsExactly(new Message.AppendEntriesReply(1, 2, 1, false, 4, 0, 0));
    assertThat(follower.node().status().firstIndex()).isEqualTo(4);
  }

  /** R7 */
  @Test
  void aMajorityForAnOldTermsEntryCommitsNothing() {
    Lone leader = new Lone(1, THREE, new TestConfig(), TERM_1, entry(1, 1, "old"));
    leader.lead();
    leader.acknowledge(2, 1);
    leader.acknowledge(3, 1);
    assertThat(leader.node().commitIndex()).isZero();
    leader.acknowledge(2, 2);
    assertThat(leader.node().commitIndex()).isEqualTo(2);
  }

  /** R8 */
  @Test
  void theCommitIndexNeverPassesWhatTheAppendVerified() {
    Lone follower =
        new Lone(1, THREE, new TestConfig(), TERM_1, entry(1, 1, "a"), entry(1, 2, "other"));
    follower.ask(follower.append(2, 0, 0, 5, entry(1, 1, "a")));
    assertThat(follower.node().commitIndex()).isEqualTo(1);
  }

  /** R9 */
  @Test
  void aHeartbeatTellsNoMoreThanTheFollowerIsKnownToHold() {
    Lone leader = new Lone(1, THREE);
    leader.lead();
    leader.acknowledge(2, 1);
    leader.work();
    leader.tick(1);
    leader.replica.handOut();
    assertThat(leader.saidOf(Message.Heartbeat.class))
        .containsExactly(
            new Message.Heartbeat(1, 2, 1, 1, 0), new Message.Heartbeat(1, 3, 1, 0, 0));
  }

  /** R10 */
  @Test
  void anAnswerOfAnOldTermIsIgnored() {
    Lone leader = new Lone(1, THREE, new TestConfig(), new HardState(4, 0, 0));
    leader.lead();
    leader.hear(new Message.AppendEntriesReply(2, 1, 4, false, 1, 0, 0));
    assertThat(leader.node().commitIndex()).isZero();
    assertThat(leader.node().status().followers().get(0).matchIndex()).isZero();
  }

  /** R10 */
  @Test
  void whatAFollowerHoldsIsNeverTakenBack() {
    Lone leader = new Lone(1, THREE);
    leader.lead();
    leader.node().propose(Payload.utf8("x"));
    leader.work();
    leader.acknowledge(2, 2);
    leader.acknowledge(2, 1);
    leader.hear(new Message.AppendEntriesReply(2, 1, 1, true, 1, 0, 0));
    RaftStatus.Follower two = leader.node().status().followers().get(0);
    assertThat(two.matchIndex()).isEqualTo(2);
    assertThat(two.nextIndex()).isGreaterThan(2);
  }

  /** R11 */
  @Test
  void noMembershipIsProposedBeforeAnEntryOfTheTermIsCommitted() {
    Lone leader = new Lone(1, THREE);
    leader.lead();
    MembershipChange change = MembershipChange.of(step(MembershipChange.Kind.ADD_LEARNER, 4));
    assertThat(leader.node().proposeMembership(change).status())
        .isEqualTo(ProposalResult.Status.NOT_READY);
    leader.acknowledge(2, 1);
    leader.work();
    assertThat(leader.node().proposeMembership(change).accepted()).isTrue();
    assertThat(leader.node().proposeMembership(change).status())
        .isEqualTo(ProposalResult.Status.NOT_READY);
  }

  /** R12 */
  @Test
  void nobodyCampaignsBeforeItAppliedAMembershipThatIsCommitted() {
    Lone replica = new Lone(1, THREE, new TestConfig(), TERM_1);
    replica.hear(
        replica.append(
            1,
            0,
            0,
            1,
            membershipEntry(1, 1, step(MembershipChange.Kind.ADD_VOTER, 4)),
            entry(1, 2, "a"),
            // Not committed, so it does not count, but it must not hide the one that is.
            membershipEntry(1, 3, step(MembershipChange.Kind.ADD_VOTER, 5))));
    replica.replica.handOut();
    replica.replica.persist();
    replica.replica.handOut();
    replica.tick(20);
    replica.node().campaign();
    replica.hear(new Message.TimeoutNow(2, 1, 1));
    assertThat(replica.node().status().role()).isEqualTo(Role.FOLLOWER);
    replica.replica.apply();
    replica.node().campaign();
    assertThat(replica.node().status().role()).isEqualTo(Role.PRE_CANDIDATE);
  }

  /** R12 */
  @Test
  void aMembershipThatWasCutOffHoldsNobodyBack() {
    Lone replica = new Lone(1, THREE, new TestConfig(), TERM_1);
    replica.ask(
        replica.append(
            1, 0, 0, 0, membershipEntry(1, 1, step(MembershipChange.Kind.ADD_VOTER, 4))));
    replica.hear(replica.append(2, 0, 0, 1, entry(2, 1, "a")));
    replica.replica.handOut();
    replica.replica.persist();
    replica.replica.handOut();
    replica.node().campaign();
    assertThat(replica.node().status().role()).isEqualTo(Role.PRE_CANDIDATE);
  }

  /**
   * R12: a log with two changes in it comes with the knowledge that the first one is committed,
   * also after a crash. Without it the replica would campaign with a quorum of two memberships ago.
   */
  @Test
  void theCommitIndexIsWrittenWithTheEntries() {
    Lone replica = new Lone(1, THREE, new TestConfig(), TERM_1);
    replica.ask(
        replica.append(
            1, 0, 0, 0, membershipEntry(1, 1, step(MembershipChange.Kind.ADD_VOTER, 4))));
    replica.ask(
        replica.append(
            1, 1, 1, 1, membershipEntry(1, 2, step(MembershipChange.Kind.ADD_VOTER, 5))));
    assertThat(replica.replica.disk.hardState.commit()).isEqualTo(1);
  }

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
    replica.replica.start(new java.util.SplittableRandom(1));
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
        .containsExactly(new Message.RequestVoteReply(3, 1, 1, true, false));
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

  /** R16 */
  @Test
  void aLearnersVoteIsNotCounted() {
    TestConfig config = new TestConfig();
    config.preVote = false;
    Lone candidate =
        new Lone(1, Membership.of(List.of(1L, 2L), List.of(3L)), config, HardState.EMPTY);
    candidate.node().campaign();
    candidate.work();
    candidate.hear(new Message.RequestVoteReply(3, 1, 1, true, false));
    assertThat(candidate.node().isLeader()).isFalse();
    candidate.hear(new Message.RequestVoteReply(2, 1, 1, true, false));
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
        .containsExactly(new Message.RequestVoteReply(1, 2, 7, false, false));
    assertThat(replica.ask(new Message.RequestVote(2, 1, 5, 9, 5, true, false)))
        .containsExactly(new Message.RequestVoteReply(1, 2, 7, false, true));
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

  /** R24, R28 */
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
  @Timeout(10)
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

  /**
   * R3: entries are replaced and come back while the first write is still under way. The first
   * write says nothing about the third, because the second takes the entries away in between.
   */
  @Test
  void anEntryThatCameBackIsNotDurableThroughItsFirstWrite() {
    Lone follower = new Lone(1, THREE, new TestConfig(), TERM_1);
    Entry one = entry(1, 1, "one");
    Entry two = entry(1, 2, "two");
    follower.hear(follower.append(1, 0, 0, 0, one, two));
    follower.replica.handOut();
    follower.hear(new Message.AppendEntries(3, 1, 2, 0, 0, List.of(entry(2, 1, "other")), 0));
    follower.replica.handOut();
    follower.hear(follower.append(3, 0, 0, 2, one, two, entry(3, 3, "three")));
    follower.replica.handOut();

    follower.replica.writeOne();
    follower.replica.tellOne();
    assertThat(follower.node().status().persistedIndex()).isZero();
    follower.replica.writeOne();
    follower.replica.handOut();
    // The disk holds "other" now: neither it nor anything else may be applied.
    assertThat(follower.replica.applyOne()).isFalse();
    follower.replica.tellOne();
    follower.replica.persist();
    follower.replica.work();
    assertThat(follower.node().status().persistedIndex()).isEqualTo(3);
    assertThat(follower.replica.applied()).isEqualTo(2);
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
