package io.flotilla.raft;

import static io.flotilla.raft.Lone.step;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reads without a round (thesis 6.4.1) and the promises that they rest on: R21, R22, R23. */
class LeaseTest {
  private static final Membership THREE = Membership.of(1, 2, 3);

  private static TestConfig leases() {
    TestConfig config = new TestConfig();
    config.leaderLease = true;
    config.maxClockDriftPercent = 0; // 9 of 10 ticks
    return config;
  }

  /** Leads term 1, has committed in it, and 2 answered the round that left at its last tick. */
  private static Lone leaseHolder() {
    Lone leader = new Lone(1, THREE, leases(), HardState.EMPTY);
    leader.lead();
    leader.acknowledge(2, 1);
    leader.work();
    leader.tick(1);
    leader.work();
    leader.hear(new Message.HeartbeatReply(2, 1, 1, 1));
    return leader;
  }

  private static boolean reads(Lone leader) {
    return leader.node().status().lease();
  }

  // ---- how long

  /** R22: at most 0.9 election timeouts, and less where clocks may differ. */
  @ParameterizedTest
  @CsvSource({"10, 0, 9", "10, 10, 8", "10, 25, 7", "20, 0, 18", "20, 25, 15", "100, 100, 49"})
  void aLeaseLasts(int electionTicks, int drift, int ticks) {
    TestConfig config = leases();
    config.electionTicks = electionTicks;
    config.maxClockDriftPercent = drift;
    assertThat(config.build(1).leaseTicks()).isEqualTo(ticks);
  }

  /** R22: the slowest leader's lease ends before the fastest voter's patience. */
  @Test
  void aLeaseEndsBeforeAVoterWithTheFastestClockIsFree() {
    for (int electionTicks = 3; electionTicks < 200; electionTicks++) {
      for (int drift = 0; drift <= 100; drift++) {
        TestConfig config = leases();
        config.electionTicks = electionTicks;
        config.maxClockDriftPercent = drift;
        // In hundredths of the fast clock's tick; the slow one's takes 100 + drift of them.
        int leaseEnds = config.build(1).leaseTicks() * (100 + drift);
        assertThat(leaseEnds).isLessThanOrEqualTo((electionTicks - 1) * 100);
      }
    }
  }

  /** R22: counted from when the round left, whenever its answer comes. */
  @Test
  void aLeaseBeginsWhenTheRoundLeft() {
    Lone leader = new Lone(1, THREE, leases(), HardState.EMPTY);
    leader.lead();
    leader.acknowledge(2, 1);
    leader.work();
    leader.tick(1);
    leader.work();
    leader.tick(8);
    leader.hear(new Message.HeartbeatReply(2, 1, 1, 1));
    assertThat(reads(leader)).isTrue();
    leader.tick(1);
    assertThat(reads(leader)).isFalse();
  }

  /** 6.4.1, R22 */
  @Test
  void aLeaseServesReadsAtOnceUntilItEnds() {
    Lone leader = leaseHolder();
    leader.tick(8);
    leader.node().readIndex(7);
    assertThat(leader.node().ready().readStates()).containsExactly(new ReadState(7, 1));
    leader.tick(1);
    leader.node().readIndex(8);
    assertThat(leader.node().ready().readStates()).isEmpty();
  }

  /** R22: off unless asked for. */
  @Test
  void withoutTheSettingThereIsNoLease() {
    Lone leader = new Lone(1, THREE);
    leader.lead();
    leader.acknowledge(2, 1);
    leader.node().readIndex(1);
    leader.work();
    leader.hear(new Message.HeartbeatReply(2, 1, 1, 1));
    assertThat(reads(leader)).isFalse();
    assertThat(RaftConfig.defaults(1).leaderLease()).isFalse();
  }

  /** R24 */
  @Test
  void thereIsNoLeaseBeforeAnEntryOfTheTermIsCommitted() {
    Lone leader = new Lone(1, THREE, leases(), HardState.EMPTY);
    leader.lead();
    leader.tick(1);
    leader.work();
    leader.hear(new Message.HeartbeatReply(2, 1, 1, 1));
    assertThat(reads(leader)).isFalse();
    assertThat(leader.node().readIndex(1)).isEqualTo(ReadResult.NOT_READY);
    leader.acknowledge(2, 1);
    assertThat(reads(leader)).isTrue();
  }

  // ---- what ends it

  /** R21: before the order to campaign leaves. */
  @Test
  void aLeaseEndsBeforeTheTimeoutNowLeaves() {
    Lone leader = leaseHolder();
    assertThat(reads(leader)).isTrue();
    leader.node().transferLeadership(2);
    assertThat(reads(leader)).isFalse();
    assertThat(leader.said()).noneMatch(Message.TimeoutNow.class::isInstance);
    assertThat(leader.work()).anyMatch(Message.TimeoutNow.class::isInstance);
  }

  /** R21: the order to campaign may arrive long after the transfer was given up. */
  @Test
  void aLeaseEndsForGoodWhenSomebodyWasToldToCampaign() {
    Lone leader = leaseHolder();
    leader.node().transferLeadership(2);
    hearFor(leader, 12);
    assertThat(leader.node().status().transferee()).isZero();
    assertThat(reads(leader)).isFalse();
  }

  /** R21: nobody was told to campaign, so the abort is certain. */
  @Test
  void aLeaseComesBackAfterATransferThatWasGivenUpBeforeTheTimeoutNow() {
    Lone leader = leaseHolder();
    leader.node().transferLeadership(3); // has acknowledged nothing
    hearFor(leader, 5);
    assertThat(reads(leader)).isFalse();
    hearFor(leader, 7);
    assertThat(leader.node().status().transferee()).isZero();
    assertThat(reads(leader)).isTrue();
  }

  private static void hearFor(Lone leader, int ticks) {
    for (int i = 0; i < ticks; i++) {
      leader.tick(1);
      for (Message.Heartbeat beat : saidHeartbeats(leader)) {
        if (beat.to() == 2) {
          leader.hear(new Message.HeartbeatReply(2, 1, 1, beat.readRound()));
        }
      }
    }
  }

  private static List<Message.Heartbeat> saidHeartbeats(Lone leader) {
    return leader.work().stream()
        .filter(Message.Heartbeat.class::isInstance)
        .map(Message.Heartbeat.class::cast)
        .toList();
  }

  /** R22: until a quorum of the new membership has answered. */
  @Test
  void aChangeOfMembershipEndsTheLeaseUntilItIsConfirmedAnew() {
    Lone leader = leaseHolder();
    leader
        .node()
        .proposeMembership(MembershipChange.of(step(MembershipChange.Kind.ADD_LEARNER, 4)));
    leader.work();
    leader.acknowledge(2, 2);
    assertThat(reads(leader)).isTrue();
    leader.work();
    assertThat(leader.node().membership().contains(4)).isTrue();
    assertThat(reads(leader)).isFalse();
    hearFor(leader, 1);
    assertThat(reads(leader)).isTrue();
  }

  // ---- what the voters promise

  private static Lone voterThatHeardItsLeader() {
    Lone voter = new Lone(1, THREE, leases(), new HardState(1, 2, 0));
    voter.tick(10);
    voter.ask(new Message.Heartbeat(2, 1, 1, 0, 1));
    return voter;
  }

  private static boolean votes(Lone voter, Message.RequestVote request) {
    return voter.ask(request).stream()
        .anyMatch(m -> m instanceof Message.RequestVoteReply reply && reply.granted());
  }

  /** R22: not even in a later term, with the leader of the old one forgotten. */
  @Test
  void aVoterKeepsItsPromiseInALaterTerm() {
    Lone voter = voterThatHeardItsLeader();
    voter.hear(new Message.AppendEntriesReply(3, 1, 5, true, 0, 0, 0));
    assertThat(voter.node().term()).isEqualTo(5);
    assertThat(voter.node().leaderId()).isZero();
    voter.tick(9);
    assertThat(votes(voter, voter.vote(3, 6, 0, 0))).isFalse();
    voter.tick(1);
    assertThat(votes(voter, voter.vote(3, 7, 0, 0))).isTrue();
  }

  /** R22: its own vote counts too. */
  @Test
  void nobodyIsMadeToCampaignByHandWhileALeaseMayCountOnIt() {
    Lone voter = voterThatHeardItsLeader();
    voter.tick(9);
    voter.node().campaign();
    assertThat(voter.node().status().role()).isEqualTo(Role.FOLLOWER);
    voter.tick(1);
    voter.node().campaign();
    assertThat(voter.work()).isNotEmpty();
    assertThat(voter.node().status().role()).isEqualTo(Role.PRE_CANDIDATE);
  }

  /** R18, R22: only a leader's order lets voters forget that they hear it. */
  @Test
  void aCampaignByHandCarriesNoTransferFlag() {
    Lone candidate = new Lone(1, THREE, leases(), HardState.EMPTY);
    candidate.node().campaign();
    for (Message message : candidate.work()) {
      assertThat(message)
          .isInstanceOfSatisfying(
              Message.RequestVote.class, m -> assertThat(m.transfer()).isFalse());
    }
  }

  /** R21: the leader has given up its lease, so the promise is void. */
  @Test
  void aTransferIsNotHeldUpByThePromise() {
    Lone voter = voterThatHeardItsLeader();
    assertThat(votes(voter, new Message.RequestVote(3, 1, 2, 0, 0, false, true))).isTrue();
    Lone target = voterThatHeardItsLeader();
    target.hear(new Message.TimeoutNow(2, 1, 1));
    assertThat(target.node().status().role()).isEqualTo(Role.CANDIDATE);
  }

  /** 6.4.1, R23 */
  @Test
  void withLeasesARestartedVoterWaitsAnElectionTimeout() {
    Lone voter = new Lone(1, THREE, leases(), new HardState(1, 0, 0));
    voter.tick(9);
    assertThat(votes(voter, voter.vote(2, 2, 0, 0))).isFalse();
    voter.node().campaign();
    assertThat(voter.node().status().role()).isEqualTo(Role.FOLLOWER);
    voter.tick(1);
    assertThat(votes(voter, voter.vote(2, 2, 0, 0))).isTrue();
  }

  /** R23: who was never in a term heard no leader. */
  @Test
  void aNewReplicaHasPromisedNothing() {
    Lone voter = new Lone(1, THREE, leases(), HardState.EMPTY);
    assertThat(votes(voter, voter.vote(2, 1, 0, 0))).isTrue();
  }

  /** R22: a leader that is cut off reads until its lease ends, and nobody leads before. */
  @Test
  void aGroupNeverHasTwoLeases() {
    TestConfig config = leases();
    config.maxClockDriftPercent = 25;
    RaftGroup group = new RaftGroup(config, 3);
    group.addVoters(3);
    group.elect(1);
    group.tick(3);
    assertThat(group.node(1).status().lease()).isTrue();
    group.isolate(1);
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 60; i++) {
      if (random.nextInt(4) == 0) {
        group.node(2 + random.nextInt(2)).campaign();
      }
      group.tick(1);
      boolean other = group.node(2).isLeader() || group.node(3).isLeader();
      assertThat(other && group.node(1).status().lease()).isFalse();
    }
    assertThat(group.node(2).isLeader() || group.node(3).isLeader()).isTrue();
  }
}
