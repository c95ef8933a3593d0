package io.flotilla.raft;

import static io.flotilla.raft.Lone.entry;
import static io.flotilla.raft.Lone.membershipEntry;
import static io.flotilla.raft.Lone.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The rules R1 to R12: what others got wrong before, one test or more for each. */
class RaftRules1To12Test {
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
    assertThat(voter.said())
        .containsExactly(new Message.RequestVoteReply(1, 2, 1, true, false, 0, 0));
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

  /** R1: or it could lead a term that it forgets, and that another one leads later. */
  @Test
  void aSoleVoterLeadsOnlyWhenItsVoteIsOnDisk() {
    Lone sole = new Lone(1, Membership.of(1));
    sole.node().campaign();
    sole.replica.handOut();
    assertThat(sole.node().status().role()).isEqualTo(Role.CANDIDATE);
    sole.replica.writeOne();
    assertThat(sole.node().isLeader()).isFalse();
    sole.replica.tellOne();
    assertThat(sole.node().isLeader()).isTrue();
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
        .containsExactly(new Message.RequestVoteReply(1, 3, 1, false, false, 0, 0));
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

  /** R4 */
  @Test
  void theTermOfTheLastEntryCountsBeforeItsIndex() {
    Lone voter = new Lone(1, THREE, new TestConfig(), new HardState(3, 0, 0), entry(3, 1, "a"));
    assertThat(voter.ask(voter.vote(2, 4, 9, 2)))
        .containsExactly(new Message.RequestVoteReply(1, 2, 4, false, false, 0, 0));
    assertThat(voter.ask(voter.vote(3, 4, 1, 3)))
        .containsExactly(new Message.RequestVoteReply(1, 3, 4, true, false, 0, 0));
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

  /** R9 */
  @Test
  void aCommitIsToldNoFurtherThanTheFollowerIsKnownToHold() {
    Lone leader = new Lone(1, THREE);
    leader.lead();
    leader.acknowledge(2, 1);
    assertThat(leader.work())
        .filteredOn(Message.Commit.class::isInstance)
        .containsExactly(new Message.Commit(1, 2, 1, 1));

    leader.acknowledge(3, 1);
    assertThat(leader.work())
        .filteredOn(Message.Commit.class::isInstance)
        .containsExactly(new Message.Commit(1, 3, 1, 1));
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

  /** R12: the removed replica alone knows that the removal is committed, and refuses its vote. */
  @Test
  void aRefusalThatSaysWhatIsCommittedLetsTheCandidateApplyAMembership() {
    Lone candidate = waitsForTheVoteOfTheRemoved();
    candidate.hear(new Message.RequestVoteReply(2, 1, 1, false, true, 1, 1));
    assertThat(candidate.node().commitIndex()).isEqualTo(1);
    assertThat(candidate.node().status().role()).isEqualTo(Role.FOLLOWER);
    candidate.replica.work();
    candidate.tick(20);
    candidate.replica.work();
    assertThat(candidate.node().isLeader()).isTrue();
  }

  /** R12: whatever its term, what is committed is committed. */
  @Test
  void whatIsCommittedIsLearntFromAVoteOfAnyTerm() {
    for (long term : new long[] {0, 1, 9}) {
      Lone candidate = waitsForTheVoteOfTheRemoved();
      candidate.hear(new Message.RequestVoteReply(2, 1, term, false, true, 1, 1));
      assertThat(candidate.node().commitIndex()).as("term %s", term).isEqualTo(1);
    }
  }

  @Test
  void aCommitIsNotBelievedIfTheLogHoldsAnotherEntryOrNone() {
    Lone candidate = waitsForTheVoteOfTheRemoved();
    candidate.hear(new Message.RequestVoteReply(2, 1, 1, false, true, 1, 2));
    candidate.hear(new Message.RequestVoteReply(2, 1, 1, false, true, 2, 1));
    assertThat(candidate.node().commitIndex()).isZero();
  }

  /** Raft §5.4.2: a leader counts for itself. */
  @Test
  void aLeaderTakesNoCommitFromAVote() {
    Lone leader = new Lone(1, Membership.of(1, 2, 3));
    leader.lead();
    leader.hear(new Message.RequestVoteReply(2, 1, 1, true, false, 1, 1));
    assertThat(leader.node().commitIndex()).isZero();
  }

  private static Lone waitsForTheVoteOfTheRemoved() {
    Lone candidate =
        new Lone(
            1,
            Membership.of(1, 2),
            new TestConfig(),
            new HardState(1, 0, 0),
            Lone.membershipEntry(1, 1, Lone.step(MembershipChange.Kind.REMOVE, 2)));
    candidate.tick(20);
    candidate.replica.work();
    assertThat(candidate.node().status().role()).isEqualTo(Role.PRE_CANDIDATE);
    return candidate;
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

  /** §5.2: one leader per term, so a second one means that somebody voted twice. */
  @Test
  void aFollowerThatHearsASecondLeaderInATermStops() {
    for (Message second :
        List.of(
            new Message.AppendEntries(3, 1, 1, 0, 0, List.of(), 0),
            new Message.Heartbeat(3, 1, 1, 0, 0))) {
      Lone follower = new Lone(1, THREE);
      follower.ask(follower.append(1, 0, 0, 0));
      assertThatThrownBy(() -> follower.hear(second))
          .isInstanceOf(RaftInvariantException.class)
          .hasMessageContaining("two leaders in one term: 2, 3");
    }
  }

  /** §5.2: also when it had given the first one up in between. */
  @Test
  void whoLedATermIsNotForgottenWithinIt() {
    Lone follower = new Lone(1, THREE);
    follower.ask(follower.append(1, 0, 0, 0));
    follower.tick(20);
    assertThat(follower.node().leaderId()).isZero();
    assertThatThrownBy(() -> follower.hear(new Message.Heartbeat(3, 1, 1, 0, 0)))
        .isInstanceOf(RaftInvariantException.class);
    Lone next = new Lone(1, THREE);
    next.ask(next.append(1, 0, 0, 0));
    next.ask(new Message.Heartbeat(3, 1, 2, 0, 0));
    assertThat(next.node().leaderId()).isEqualTo(3);
  }
}
