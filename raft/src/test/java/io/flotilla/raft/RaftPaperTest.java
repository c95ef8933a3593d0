package io.flotilla.raft;

import static io.flotilla.raft.Lone.entry;
import static io.flotilla.raft.Lone.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** One test per statement of the Raft paper, sections 5 to 7, with the section it is from. */
class RaftPaperTest {
  private static final Membership THREE = Membership.of(1, 2, 3);
  private static final HardState TERM_1 = new HardState(1, 0, 0);

  private static TestConfig plain() {
    TestConfig config = new TestConfig();
    config.preVote = false;
    config.checkQuorum = false;
    return config;
  }

  private static Lone candidate(TestConfig config, HardState state, Entry... entries) {
    Lone candidate = new Lone(1, THREE, config, state, entries);
    candidate.node().campaign();
    candidate.work();
    return candidate;
  }

  // ---- 5.1 basics

  /** §5.1 */
  @Test
  void whoeverSeesAHigherTermTakesItOver() {
    Lone follower = new Lone(1, THREE, plain(), TERM_1);
    follower.ask(new Message.Heartbeat(2, 1, 4, 0, 0));
    assertThat(follower.node().term()).isEqualTo(4);
    assertThat(follower.node().leaderId()).isEqualTo(2);
  }

  /** §5.1 */
  @Test
  void aCandidateThatSeesAHigherTermBecomesAFollower() {
    Lone candidate = candidate(plain(), TERM_1);
    candidate.ask(new Message.RequestVoteReply(2, 1, 9, false, false, 0, 0));
    assertThat(candidate.node().status().role()).isEqualTo(Role.FOLLOWER);
    assertThat(candidate.node().term()).isEqualTo(9);
  }

  /** §5.1 */
  @Test
  void aLeaderThatSeesAHigherTermBecomesAFollower() {
    Lone leader = new Lone(1, THREE);
    leader.lead();
    leader.ask(new Message.AppendEntriesReply(2, 1, 9, true, 0, 0, 0));
    assertThat(leader.node().status().role()).isEqualTo(Role.FOLLOWER);
    assertThat(leader.node().leaderId()).isZero();
  }

  /** §5.1 */
  @Test
  void aRequestOfAnOldTermIsRefused() {
    Lone follower = new Lone(1, THREE, plain(), new HardState(3, 0, 0));
    follower.ask(follower.append(2, 0, 0, 0, entry(2, 1, "x")));
    assertThat(follower.node().lastIndex()).isZero();
    assertThat(follower.node().leaderId()).isZero();
  }

  // ---- 5.2 election

  /** §5.2 */
  @Test
  void everybodyBeginsAsAFollower() {
    assertThat(new Lone(1, THREE).node().status().role()).isEqualTo(Role.FOLLOWER);
  }

  /** §5.2 */
  @Test
  void aLeaderSendsHeartbeatsToAllOthers() {
    Lone leader = new Lone(1, THREE);
    leader.lead();
    leader.said();
    leader.tick(1);
    leader.replica.handOut();
    assertThat(leader.saidOf(Message.Heartbeat.class))
        .extracting(Message.Heartbeat::to)
        .containsExactly(2L, 3L);
  }

  /** §5.2 */
  @Test
  void aFollowerThatHearsNothingRaisesItsTermAndAsksAllForVotes() {
    Lone follower = new Lone(1, THREE, plain(), TERM_1);
    follower.tick(20);
    follower.work();
    assertThat(follower.node().term()).isEqualTo(2);
    assertThat(follower.node().status().role()).isEqualTo(Role.CANDIDATE);
    assertThat(follower.replica.disk.hardState).isEqualTo(new HardState(2, 1, 0));
  }

  /** §5.2 */
  @Test
  void aFollowerThatHearsItsLeaderDoesNotCampaign() {
    Lone follower = new Lone(1, THREE, plain(), TERM_1);
    for (int i = 0; i < 100; i++) {
      follower.tick(1);
      follower.ask(new Message.Heartbeat(2, 1, 1, 0, 0));
    }
    assertThat(follower.node().status().role()).isEqualTo(Role.FOLLOWER);
  }

  /** §5.2 */
  @Test
  void aMajorityOfVotesMakesALeader() {
    record Case(int size, int granted, int refused, Role result) {}
    List<Case> cases =
        List.of(
            new Case(1, 0, 0, Role.LEADER),
            new Case(2, 0, 0, Role.CANDIDATE),
            new Case(2, 1, 0, Role.LEADER),
            new Case(2, 0, 1, Role.FOLLOWER),
            new Case(3, 1, 0, Role.LEADER),
            new Case(3, 0, 1, Role.CANDIDATE),
            new Case(3, 0, 2, Role.FOLLOWER),
            new Case(4, 1, 0, Role.CANDIDATE),
            new Case(4, 2, 1, Role.LEADER),
            new Case(4, 1, 2, Role.FOLLOWER),
            new Case(5, 1, 2, Role.CANDIDATE),
            new Case(5, 2, 2, Role.LEADER),
            new Case(5, 1, 3, Role.FOLLOWER));
    for (Case c : cases) {
      long[] ids = new long[c.size];
      for (int i = 0; i < c.size; i++) {
        ids[i] = i + 1L;
      }
      Lone candidate = new Lone(1, Membership.of(ids), plain(), TERM_1);
      candidate.node().campaign();
      candidate.work();
      for (int i = 0; i < c.granted + c.refused; i++) {
        candidate.hear(new Message.RequestVoteReply(i + 2, 1, 2, i < c.granted, false, 0, 0));
      }
      assertThat(candidate.node().status().role()).as("%s", c).isEqualTo(c.result);
    }
  }

  /** §5.2 */
  @Test
  void aVoteThatComesTwiceCountsOnce() {
    Lone candidate = new Lone(1, Membership.of(1, 2, 3, 4, 5), plain(), TERM_1);
    candidate.node().campaign();
    candidate.work();
    candidate.hear(new Message.RequestVoteReply(2, 1, 2, true, false, 0, 0));
    candidate.hear(new Message.RequestVoteReply(2, 1, 2, true, false, 0, 0));
    assertThat(candidate.node().isLeader()).isFalse();
  }

  /** §5.2 */
  @Test
  void aVoterVotesOnceInATermForWhoAsksFirst() {
    Lone voter = new Lone(1, THREE, plain(), HardState.EMPTY);
    assertThat(voter.ask(voter.vote(2, 1, 0, 0)))
        .containsExactly(new Message.RequestVoteReply(1, 2, 1, true, false, 0, 0));
    assertThat(voter.ask(voter.vote(3, 1, 0, 0)))
        .containsExactly(new Message.RequestVoteReply(1, 3, 1, false, false, 0, 0));
    assertThat(voter.ask(voter.vote(2, 1, 0, 0)))
        .containsExactly(new Message.RequestVoteReply(1, 2, 1, true, false, 0, 0));
  }

  /** §5.2 */
  @Test
  void aVoteIsRememberedAfterACrash() {
    Lone voter = new Lone(1, THREE, plain(), HardState.EMPTY);
    voter.ask(voter.vote(2, 1, 0, 0));
    voter.replica.crash();
    voter.replica.start(new SplittableRandom(7));
    assertThat(voter.ask(voter.vote(3, 1, 0, 0)))
        .containsExactly(new Message.RequestVoteReply(1, 3, 1, false, false, 0, 0));
  }

  /** §5.2 */
  @Test
  void aCandidateFollowsALeaderOfItsTerm() {
    Lone candidate = candidate(plain(), TERM_1);
    candidate.ask(candidate.append(2, 0, 0, 0));
    assertThat(candidate.node().status().role()).isEqualTo(Role.FOLLOWER);
    assertThat(candidate.node().leaderId()).isEqualTo(2);
  }

  /** §5.2 */
  @Test
  void aLeaderOfTheSameTermCannotBe() {
    Lone leader = new Lone(1, THREE);
    leader.lead();
    assertThatThrownBy(() -> leader.hear(leader.append(1, 0, 0, 0)))
        .isInstanceOf(RaftInvariantException.class)
        .hasMessageContaining("two leaders in term 1");
  }

  /** §5.2 */
  @Test
  void aCandidateWithoutResultTriesAgainInANewTerm() {
    Lone candidate = candidate(plain(), TERM_1);
    candidate.tick(20);
    assertThat(candidate.node().status().role()).isEqualTo(Role.CANDIDATE);
    assertThat(candidate.node().term()).isEqualTo(3);
  }

  /** §5.2 */
  @Test
  void electionTimeoutsAreDrawnByChanceFromOneToTwoTimesTheSetting() {
    Set<Integer> timeouts = new TreeSet<>();
    RaftGroup group = new RaftGroup(plain(), 3);
    group.add(1, Membership.of(1, 2, 3), new MemoryLog());
    for (int round = 0; round < 200; round++) {
      group.crash(1);
      group.restart(1);
      int ticks = 0;
      while (group.node(1).status().role() == Role.FOLLOWER) {
        group.node(1).tick();
        ticks++;
      }
      timeouts.add(ticks);
    }
    assertThat(timeouts).hasSize(10).allMatch(ticks -> ticks >= 10 && ticks < 20);
  }

  // ---- 5.3 replication

  /** §5.3 */
  @Test
  void anEntryIsCommittedWhenAMajorityHasItAndThenApplied() {
    RaftGroup group = RaftGroup.of(5);
    group.elect(1);
    group.isolate(4);
    group.isolate(5);
    ProposalResult result = group.put(1, "x");
    assertThat(List.of(1L, 2L, 3L)).allMatch(id -> group.get(id).applied() == result.index());
    assertThat(group.get(4).applied()).isLessThan(result.index());
    group.isolate(3);
    long index = group.put(1, "y").index();
    assertThat(group.node(1).commitIndex()).isLessThan(index);
  }

  /** §5.3 */
  @Test
  void anAppendCarriesTheEntryBefore() {
    Lone leader = new Lone(1, THREE);
    leader.lead();
    leader.acknowledge(2, 1);
    leader.work();
    leader.node().propose(Payload.utf8("x"));
    leader.replica.handOut();
    assertThat(leader.saidOf(Message.AppendEntries.class))
        .contains(new Message.AppendEntries(1, 2, 1, 1, 1, List.of(entry(1, 2, "x")), 1));
  }

  /** §5.3 */
  @Test
  void anAppendIsRefusedIfTheEntryBeforeIsMissingOrAnother() {
    Lone follower =
        new Lone(1, THREE, plain(), new HardState(2, 0, 0), entry(1, 1, "a"), entry(2, 2, "b"));
    assertThat(follower.ask(follower.append(3, 5, 3, 0, entry(3, 6, "x"))))
        .containsExactly(new Message.AppendEntriesReply(1, 2, 3, true, 5, 2, 2));
    assertThat(follower.ask(follower.append(3, 2, 1, 0, entry(3, 3, "x"))))
        .containsExactly(new Message.AppendEntriesReply(1, 2, 3, true, 2, 1, 1));
    assertThat(follower.node().lastIndex()).isEqualTo(2);
  }

  /** §5.3 */
  @Test
  void aConflictReplacesTheEntryAndAllAfterIt() {
    Lone follower =
        new Lone(1, THREE, plain(), TERM_1, entry(1, 1, "a"), entry(1, 2, "b"), entry(1, 3, "c"));
    follower.ask(follower.append(2, 1, 1, 0, entry(2, 2, "z")));
    assertThat(follower.node().lastIndex()).isEqualTo(2);
    assertThat(follower.replica.disk.log.get(2)).isEqualTo(entry(2, 2, "z"));
    assertThat(follower.replica.disk.log.get(1)).isEqualTo(entry(1, 1, "a"));
  }

  /** §5.3, figure 7: whatever a follower lacks or has too much, it ends with the leader's log. */
  @Test
  void aLeaderBringsEveryFollowerOfFigure7ToItsOwnLog() {
    int[] leaderTerms = {1, 1, 1, 4, 4, 5, 5, 6, 6, 6};
    int[][] followers = {
      {1, 1, 1, 4, 4, 5, 5, 6, 6},
      {1, 1, 1, 4},
      {1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6},
      {1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7},
      {1, 1, 1, 4, 4, 4, 4},
      {1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3}
    };
    for (int[] follower : followers) {
      RaftGroup group = new RaftGroup(plain(), 1);
      long[] terms = {7, 7, 7};
      List<int[]> logs = List.of(leaderTerms, follower, new int[] {});
      for (int i = 0; i < 3; i++) {
        group.addOne(i + 1, THREE, new MemoryLog());
        group.crash(i + 1);
        group.get(i + 1).disk.hardState = new HardState(terms[i], 0, 0);
        group.get(i + 1).disk.log.append(log(logs.get(i)));
        group.restart(i + 1);
      }
      group.elect(1);
      assertThat(group.leaderId()).isEqualTo(1);
      group.tick(5);
      assertThat(group.get(2).disk.log.entries(1, 12, Long.MAX_VALUE))
          .isEqualTo(group.get(1).disk.log.entries(1, 12, Long.MAX_VALUE));
      assertThat(group.get(2).applied()).isEqualTo(11);
    }
  }

  private static List<Entry> log(int... terms) {
    Entry[] entries = new Entry[terms.length];
    for (int i = 0; i < terms.length; i++) {
      entries[i] = entry(terms[i], i + 1, "t" + terms[i]);
    }
    return List.of(entries);
  }

  /** §5.3 */
  @Test
  void aLeaderNeverOverwritesItsOwnLog() {
    Lone leader = new Lone(1, THREE, plain(), TERM_1, entry(1, 1, "a"));
    leader.lead();
    assertThat(leader.replica.disk.log.get(1)).isEqualTo(entry(1, 1, "a"));
    assertThat(leader.node().lastIndex()).isEqualTo(2);
  }

  /** §5.3 */
  @Test
  void entriesAreAppliedInOrderAndOnce() {
    RaftGroup group = RaftGroup.of(3);
    group.elect(1);
    for (int i = 0; i < 20; i++) {
      group.put(1, "x" + i);
    }
    // SimReplica throws on a gap or a repetition.
    assertThat(group.all().stream().map(SimReplica::applied).collect(Collectors.toSet()))
        .containsExactly(21L);
    assertThat(group.all().stream().map(SimReplica::digest).collect(Collectors.toSet())).hasSize(1);
  }

  // ---- 5.4 safety

  /** §5.4.1 */
  @Test
  void aVoterRefusesACandidateWhoseLogIsBehindItsOwn() {
    record Case(long lastIndex, long lastTerm, boolean granted) {}
    List<Case> cases =
        List.of(
            new Case(2, 2, true),
            new Case(3, 2, true),
            new Case(1, 2, false),
            new Case(1, 3, true),
            new Case(9, 1, false),
            new Case(0, 0, false));
    for (Case c : cases) {
      Lone voter =
          new Lone(1, THREE, plain(), new HardState(2, 0, 0), entry(1, 1, "a"), entry(2, 2, "b"));
      assertThat(voter.ask(voter.vote(2, 4, c.lastIndex, c.lastTerm)))
          .as("%s", c)
          .containsExactly(new Message.RequestVoteReply(1, 2, 4, c.granted, false, 0, 0));
    }
  }

  /** §5.4.2 */
  @Test
  void committingAnEntryOfTheTermCommitsAllBefore() {
    Lone leader = new Lone(1, THREE, plain(), TERM_1, entry(1, 1, "a"), entry(1, 2, "b"));
    leader.lead();
    leader.acknowledge(2, 3);
    leader.work();
    assertThat(leader.replica.applied()).isEqualTo(3);
  }

  /** §5.5 */
  @Test
  void whoWasAwayGetsWhatItMissed() {
    RaftGroup group = RaftGroup.of(3);
    group.elect(1);
    group.crash(3);
    group.put(1, "x");
    group.put(1, "y");
    group.restart(3);
    group.tick(2);
    assertThat(group.get(3).applied()).isEqualTo(3);
  }

  // ---- 6 membership

  /** §6 */
  @Test
  void whileJointBothMajoritiesMustAgree() {
    Membership joint =
        MembershipChanger.apply(
            THREE,
            MembershipChange.of(
                step(MembershipChange.Kind.ADD_VOTER, 4),
                step(MembershipChange.Kind.ADD_VOTER, 5),
                step(MembershipChange.Kind.REMOVE, 2),
                step(MembershipChange.Kind.REMOVE, 3)));
    Lone candidate = new Lone(1, joint, plain(), TERM_1);
    candidate.node().campaign();
    candidate.work();
    candidate.hear(new Message.RequestVoteReply(4, 1, 2, true, false, 0, 0));
    candidate.hear(new Message.RequestVoteReply(5, 1, 2, true, false, 0, 0));
    assertThat(candidate.node().isLeader()).as("old half missing").isFalse();
    candidate.hear(new Message.RequestVoteReply(3, 1, 2, true, false, 0, 0));
    assertThat(candidate.node().isLeader()).isTrue();

    candidate.work();
    candidate.acknowledge(2, 1);
    candidate.acknowledge(3, 1);
    assertThat(candidate.node().commitIndex()).as("new half missing").isZero();
    candidate.acknowledge(4, 1);
    assertThat(candidate.node().commitIndex()).isEqualTo(1);
  }

  /** §6 */
  @Test
  void aLeaderThatIsNotInTheNewMembershipStepsDown() {
    RaftGroup group = RaftGroup.of(3);
    group.elect(1);
    group.change(1, step(MembershipChange.Kind.REMOVE, 1));
    assertThat(group.node(1).isLeader()).isFalse();
    assertThat(group.get(2).membership()).isEqualTo(Membership.of(2, 3));
    group.tick(30);
    assertThat(group.leaderId()).isIn(2L, 3L);
  }

  // ---- 7 compaction

  /** §7 */
  @Test
  void whoLacksWhatIsCompactedGetsASnapshot() {
    RaftGroup group = RaftGroup.of(3);
    group.elect(1);
    group.isolate(3);
    for (int i = 0; i < 10; i++) {
      group.put(1, "x" + i);
    }
    group.get(1).flush();
    group.get(1).compact(0);
    group.network.heal();
    group.tick(2);
    assertThat(group.get(3).applied()).isEqualTo(11);
    assertThat(group.get(3).digest()).isEqualTo(group.get(1).digest());
    assertThat(group.get(3).disk.log.firstIndex()).isEqualTo(12);
  }

  /** §7: the prefix is covered, what follows is kept. */
  @Test
  void aSnapshotOfWhatTheLogHoldsKeepsTheLog() {
    Lone follower =
        new Lone(1, THREE, plain(), TERM_1, entry(1, 1, "a"), entry(1, 2, "b"), entry(1, 3, "c"));
    follower.ask(new Message.InstallSnapshot(2, 1, 1, new SnapshotMetadata(2, 1, THREE)));
    assertThat(follower.node().lastIndex()).isEqualTo(3);
    assertThat(follower.node().status().firstIndex()).isEqualTo(1);
    assertThat(follower.replica.applied()).isEqualTo(2);
  }

  /** §7 */
  @Test
  void aSnapshotThatContradictsTheLogReplacesAllOfIt() {
    Lone follower =
        new Lone(1, THREE, plain(), TERM_1, entry(1, 1, "a"), entry(1, 2, "b"), entry(1, 3, "c"));
    follower.ask(new Message.InstallSnapshot(2, 1, 2, new SnapshotMetadata(2, 2, THREE)));
    assertThat(follower.node().lastIndex()).isEqualTo(2);
    assertThat(follower.node().status().firstIndex()).isEqualTo(3);
  }
}
