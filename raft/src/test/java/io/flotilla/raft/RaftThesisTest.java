package io.flotilla.raft;

import static io.flotilla.raft.Lone.entry;
import static io.flotilla.raft.Lone.step;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One test per statement of the chapters of the thesis that the core cites. */
class RaftThesisTest {
  private static final Membership THREE = Membership.of(1, 2, 3);

  // ---- 3.10 leadership transfer

  /** 3.10 */
  @Test
  void theTargetIsBroughtUpToDateBeforeItIsToldToCampaign() {
    Lone leader = new Lone(1, THREE);
    leader.lead();
    leader.acknowledge(2, 1);
    leader.node().propose(Payload.utf8("x"));
    leader.work();
    leader.node().transferLeadership(2);
    leader.replica.handOut();
    assertThat(leader.saidOf(Message.TimeoutNow.class)).isEmpty();
    leader.acknowledge(2, 2);
    leader.replica.handOut();
    assertThat(leader.saidOf(Message.TimeoutNow.class))
        .containsExactly(new Message.TimeoutNow(1, 2, 1));
  }

  /** 3.10, 4.2.3 */
  @Test
  void theTargetLeadsWithoutWaitingAlthoughTheOthersHearTheLeader() {
    RaftGroup group = RaftGroup.of(3);
    group.elect(1);
    group.tick(3);
    assertThat(group.node(1).transferLeadership(2)).isEqualTo(TransferResult.STARTED);
    group.settle();
    assertThat(group.leaderId()).isEqualTo(2);
    assertThat(group.node(1).isLeader()).isFalse();
  }

  /** 3.10 */
  @Test
  void duringATransferProposalsAreRefusedUntilAnElectionTimeoutHasPassed() {
    Lone leader = new Lone(1, THREE);
    leader.lead();
    leader.acknowledge(2, 1);
    leader.node().transferLeadership(3);
    Payload x = Payload.utf8("x");
    for (int i = 0; i < 9; i++) {
      leader.tick(1);
      leader.hear(new Message.HeartbeatReply(2, 1, 1, 0));
      assertThat(leader.node().propose(x).status()).isEqualTo(ProposalResult.Status.TRANSFERRING);
    }
    leader.tick(1);
    assertThat(leader.node().propose(x).accepted()).isTrue();
    assertThat(leader.node().status().transferee()).isZero();
  }

  // ---- 4.1 to 4.3 membership

  /** 4.1 */
  @Test
  void oneVoterIsAddedOrRemovedWithoutAJointMembership() {
    RaftGroup group = RaftGroup.of(3);
    group.addOne(4, THREE, new MemoryLog());
    group.elect(1);
    group.change(1, step(MembershipChange.Kind.ADD_VOTER, 4));
    assertThat(group.get(4).membership()).isEqualTo(Membership.of(1, 2, 3, 4));
    group.change(1, step(MembershipChange.Kind.REMOVE, 3));
    assertThat(group.node(1).membership()).isEqualTo(Membership.of(1, 2, 4));
    // Three of four were needed; now two of three are.
    group.isolate(2);
    assertThat(group.put(1, "x").index()).isEqualTo(group.node(1).commitIndex());
  }

  /** 4.2.1 */
  @Test
  void aNewReplicaCatchesUpAsALearnerAndThenBecomesAVoter() {
    RaftGroup group = RaftGroup.of(3);
    group.addOne(4, THREE, new MemoryLog());
    group.elect(1);
    for (int i = 0; i < 5; i++) {
      group.put(1, "x" + i);
    }
    group.change(1, step(MembershipChange.Kind.ADD_LEARNER, 4));
    assertThat(group.get(4).applied()).isEqualTo(7);
    group.change(1, step(MembershipChange.Kind.ADD_VOTER, 4));
    assertThat(group.get(4).membership()).isEqualTo(Membership.of(1, 2, 3, 4));
  }

  /** 4.2.2 */
  @Test
  void aLeaderThatRemovesItselfTellsTheOthersBeforeItStepsDown() {
    RaftGroup group = RaftGroup.of(2);
    group.elect(1);
    ProposalResult result = group.change(1, step(MembershipChange.Kind.REMOVE, 1));
    assertThat(group.node(2).commitIndex()).isEqualTo(result.index());
    assertThat(group.node(1).isLeader()).isFalse();
    group.crash(1);
    group.tick(20);
    assertThat(group.leaderId()).isEqualTo(2);
    assertThat(group.put(2, "x").index()).isEqualTo(group.node(2).commitIndex());
  }

  /** 4.2.3 */
  @Test
  void whoHearsALeaderNeitherVotesNorTakesOverTheTerm() {
    Lone follower = new Lone(1, THREE, new TestConfig(), new HardState(1, 0, 0));
    follower.ask(new Message.Heartbeat(2, 1, 1, 0, 0));
    follower.tick(9);
    assertThat(follower.ask(follower.vote(3, 7, 9, 6))).isEmpty();
    assertThat(follower.node().term()).isEqualTo(1);
    follower.tick(1);
    assertThat(follower.ask(follower.vote(3, 7, 9, 6)))
        .containsExactly(new Message.RequestVoteReply(1, 3, 7, true, false, 0, 0));
  }

  /** 4.3 */
  @Test
  void voterAndLearnerSwapPlacesThroughOneJointChange() {
    RaftGroup group = new RaftGroup(new TestConfig(), 1);
    group.add(4, Membership.of(List.of(1L, 2L, 3L), List.of(4L)), new MemoryLog());
    group.elect(1);
    group.change(
        1, step(MembershipChange.Kind.ADD_VOTER, 4), step(MembershipChange.Kind.ADD_LEARNER, 3));
    Membership swapped = Membership.of(List.of(1L, 2L, 4L), List.of(3L));
    assertThat(group.all()).allMatch(replica -> replica.membership().equals(swapped));
  }

  // ---- 6.2 check-quorum

  /** 6.2, in both halves of a joint membership too (R13, R26) */
  @Test
  void aLeaderThatHearsNoMajorityStepsDown() {
    Lone leader = new Lone(1, Membership.of(1, 2, 3, 4, 5));
    leader.lead();
    leader.tick(10);
    for (int i = 0; i < 10; i++) {
      leader.hear(new Message.HeartbeatReply(2, 1, 1, 0));
      leader.tick(1);
      leader.hear(new Message.HeartbeatReply(3, 1, 1, 0));
    }
    assertThat(leader.node().isLeader()).isTrue();
    for (int i = 0; i < 20; i++) {
      leader.hear(new Message.HeartbeatReply(2, 1, 1, 0));
      leader.tick(1);
    }
    assertThat(leader.node().isLeader()).isFalse();
    assertThat(leader.node().term()).isEqualTo(1);
  }

  // ---- 6.4 reads

  private static Lone readingLeader() {
    Lone leader = new Lone(1, THREE);
    leader.lead();
    leader.acknowledge(2, 1);
    leader.work();
    return leader;
  }

  private static List<ReadState> reads(Lone leader) {
    return leader.node().hasReady() ? leader.node().ready().readStates() : List.of();
  }

  /** 6.4, R24 */
  @Test
  void aLeaderReadsNotBeforeItHasCommittedInItsTerm() {
    Lone leader = new Lone(1, THREE);
    leader.lead();
    assertThat(leader.node().readIndex(1)).isEqualTo(ReadResult.NOT_READY);
    leader.acknowledge(2, 1);
    assertThat(leader.node().readIndex(1)).isEqualTo(ReadResult.ACCEPTED);
  }

  /** 6.4 */
  @Test
  void aReadWaitsForAMajorityThatAnswersAfterItCame() {
    Lone leader = readingLeader();
    leader.node().readIndex(7);
    leader.replica.handOut();
    assertThat(leader.saidOf(Message.Heartbeat.class))
        .containsExactly(
            new Message.Heartbeat(1, 2, 1, 1, 1), new Message.Heartbeat(1, 3, 1, 0, 1));
    assertThat(reads(leader)).isEmpty();
    leader.hear(new Message.HeartbeatReply(2, 1, 1, 1));
    assertThat(reads(leader)).containsExactly(new ReadState(7, 1));
  }

  /** 6.4, R25 */
  @Test
  void aReadIsNotConfirmedByARoundThatHadLeftBefore() {
    Lone leader = readingLeader();
    leader.node().readIndex(1);
    leader.replica.handOut();
    leader.node().readIndex(2);
    leader.hear(new Message.HeartbeatReply(2, 1, 1, 1));
    assertThat(reads(leader)).containsExactly(new ReadState(1, 1));
    leader.hear(new Message.HeartbeatReply(2, 1, 1, 1));
    leader.hear(new Message.HeartbeatReply(3, 1, 1, 1));
    assertThat(reads(leader)).isEmpty();
    leader.hear(new Message.HeartbeatReply(3, 1, 1, 2));
    assertThat(reads(leader)).containsExactly(new ReadState(2, 1));
  }

  /** 6.4, R16 */
  @Test
  void aLearnerConfirmsNoRead() {
    Lone leader = new Lone(1, Membership.of(List.of(1L, 2L), List.of(3L)));
    leader.lead();
    leader.acknowledge(2, 1);
    leader.work();
    leader.node().readIndex(1);
    leader.replica.handOut();
    leader.hear(new Message.HeartbeatReply(3, 1, 1, 1));
    assertThat(reads(leader)).isEmpty();
  }

  /** 6.4 */
  @Test
  void theIndexIsTheCommitIndexWhenTheReadCame() {
    Lone leader = readingLeader();
    leader.node().readIndex(1);
    leader.node().propose(Payload.utf8("x"));
    leader.work();
    leader.acknowledge(2, 2);
    leader.work();
    leader.hear(new Message.HeartbeatReply(2, 1, 1, 1));
    assertThat(reads(leader)).containsExactly(new ReadState(1, 1));
  }

  /** 6.4 */
  @Test
  void aFollowerAsksItsLeader() {
    RaftGroup group = RaftGroup.of(3);
    group.elect(1);
    group.put(1, "x");
    List<ReadState> served = new ArrayList<>();
    group.listen(
        new GroupListener() {
          @Override
          public void handedOut(SimReplica replica, Ready ready) {
            if (replica.id == 2) {
              served.addAll(ready.readStates());
            }
          }
        });
    assertThat(group.node(2).readIndex(9)).isEqualTo(ReadResult.ACCEPTED);
    group.settle();
    assertThat(served).containsExactly(new ReadState(9, 2));
    assertThat(new Lone(1, THREE).node().readIndex(1)).isEqualTo(ReadResult.NOT_LEADER);
  }

  // ---- 9.6 pre-vote

  /** 9.6, R18 */
  @Test
  void aPreVoteChangesNeitherTermNorVote() {
    Lone voter = new Lone(1, THREE, new TestConfig(), new HardState(1, 0, 0));
    assertThat(voter.ask(new Message.RequestVote(2, 1, 2, 0, 0, true, false)))
        .containsExactly(new Message.RequestVoteReply(1, 2, 2, true, true, 0, 0));
    // Nothing was promised: another one gets the same answer.
    assertThat(voter.ask(new Message.RequestVote(3, 1, 2, 0, 0, true, false)))
        .containsExactly(new Message.RequestVoteReply(1, 3, 2, true, true, 0, 0));
    assertThat(voter.node().term()).isEqualTo(1);
    assertThat(voter.node().status().vote()).isZero();
  }

  /** 9.6 */
  @Test
  void aPreCandidateRaisesItsTermOnlyWhenAMajorityWouldVote() {
    Lone candidate = new Lone(1, THREE, new TestConfig(), new HardState(1, 0, 0));
    candidate.tick(20);
    candidate.work();
    candidate.tick(100);
    candidate.work();
    assertThat(candidate.node().term()).isEqualTo(1);
    candidate.hear(new Message.RequestVoteReply(2, 1, 2, true, true, 0, 0));
    assertThat(candidate.node().term()).isEqualTo(2);
    assertThat(candidate.node().status().role()).isEqualTo(Role.CANDIDATE);
  }

  /** 9.6 */
  @Test
  void aPreVoteIsRefusedToALogThatIsBehind() {
    Lone voter = new Lone(1, THREE, new TestConfig(), new HardState(1, 0, 0), entry(1, 1, "a"));
    assertThat(voter.ask(new Message.RequestVote(2, 1, 2, 0, 0, true, false)))
        .containsExactly(new Message.RequestVoteReply(1, 2, 1, false, true, 0, 0));
  }

  // ---- 10.2.1 writing and sending at once

  /** 10.2.1 */
  @Test
  void aLeaderSendsEntriesBeforeItsOwnDiskHasThem() {
    Lone leader = readingLeader();
    leader.node().propose(Payload.utf8("x"));
    leader.replica.handOut();
    assertThat(leader.saidOf(Message.AppendEntries.class)).isNotEmpty();
    assertThat(leader.replica.disk.log.lastIndex()).isEqualTo(1);
  }

  /** 10.2.1 */
  @Test
  void anEntryMayBeCommittedBeforeTheLeadersOwnDiskHasIt() {
    Lone leader = readingLeader();
    leader.node().propose(Payload.utf8("x"));
    leader.replica.handOut();
    leader.acknowledge(2, 2);
    leader.acknowledge(3, 2);
    assertThat(leader.node().commitIndex()).isEqualTo(2);
    assertThat(leader.replica.disk.log.lastIndex()).isEqualTo(1);
  }

  /** 10.2.1 */
  @Test
  void aFollowerWithPipelinedAppendsIsNotWaitedFor() {
    Lone leader = readingLeader();
    for (int i = 0; i < 3; i++) {
      leader.node().propose(Payload.utf8("x" + i));
      leader.replica.handOut();
    }
    assertThat(leader.saidOf(Message.AppendEntries.class))
        .filteredOn(m -> m.to() == 2 && !m.entries().isEmpty())
        .extracting(Message.AppendEntries::prevIndex)
        .containsExactly(1L, 2L, 3L);
  }
}
