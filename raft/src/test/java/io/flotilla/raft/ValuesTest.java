package io.flotilla.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Payloads, settings and the bounds that the settings name. */
class ValuesTest {

  @Test
  void aPayloadIsItsBytes() {
    assertThat(Payload.utf8("abc")).isEqualTo(Payload.copyOf(new byte[] {97, 98, 99}));
    assertThat(Payload.utf8("abc")).hasSameHashCodeAs(Payload.utf8("abc"));
    assertThat(Payload.of(new byte[0])).isSameAs(Payload.EMPTY);
    assertThat(Payload.utf8("ab")).isLessThan(Payload.utf8("abc"));
    assertThat(Payload.of(new byte[] {(byte) 0x80})).isGreaterThan(Payload.of(new byte[] {127}));
    Payload payload = Payload.utf8("abc");
    payload.toByteArray()[0] = 0;
    assertThat(payload.toUtf8()).isEqualTo("abc");
  }

  @Test
  void allFaultsOfASettingAreNamedAtOnce() {
    TestConfig config = new TestConfig();
    config.electionTicks = 2;
    config.maxInflightMessages = 0;
    config.checkQuorum = false;
    config.leaderLease = true;
    assertThatThrownBy(() -> config.build(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("replicaId must be positive: 0")
        .hasMessageContaining("at least 3 x heartbeatTicks: 2")
        .hasMessageContaining("maxInflightMessages: 0")
        .hasMessageContaining("leaderLease needs checkQuorum");
  }

  @Test
  void proposalsBeyondTheBoundOfUncommittedBytesAreRefusedUntilSomethingCommits() {
    TestConfig config = new TestConfig();
    config.maxUncommittedBytes = 10;
    RaftGroup group = RaftGroup.of(3, config);
    group.elect(1);
    assertThat(group.propose(1, "12345678901234567890").accepted()).as("one may").isTrue();
    assertThat(group.propose(1, "x").status()).isEqualTo(ProposalResult.Status.OVERLOADED);
    group.settle();
    assertThat(group.propose(1, "1234567890").accepted()).isTrue();
    assertThat(group.propose(1, "x").status()).isEqualTo(ProposalResult.Status.OVERLOADED);
  }

  @Test
  void readsBeyondTheBoundAreRefusedUntilSomeAreAnswered() {
    TestConfig config = new TestConfig();
    config.maxWaitingReads = 2;
    RaftGroup group = RaftGroup.of(3, config);
    group.elect(1);
    RaftNode leader = group.node(1);
    assertThat(leader.readIndex(1)).isEqualTo(ReadResult.ACCEPTED);
    assertThat(leader.readIndex(2)).isEqualTo(ReadResult.ACCEPTED);
    assertThat(leader.readIndex(3)).isEqualTo(ReadResult.BUSY);
    group.settle();
    assertThat(leader.readIndex(4)).isEqualTo(ReadResult.ACCEPTED);
  }

  @Test
  void aFollowerRefusesWhatOnlyALeaderMayDo() {
    RaftGroup group = RaftGroup.of(3);
    group.elect(1);
    assertThat(group.propose(2, "x"))
        .isEqualTo(new ProposalResult(ProposalResult.Status.NOT_LEADER, 0, 0, 1));
    assertThat(group.change(2, Lone.step(MembershipChange.Kind.REMOVE, 3)).status())
        .isEqualTo(ProposalResult.Status.NOT_LEADER);
    assertThat(group.node(2).transferLeadership(3)).isEqualTo(TransferResult.NOT_LEADER);
  }

  @Test
  void readysAreReportedInOrder() {
    Lone replica = new Lone(1, Membership.of(1, 2, 3));
    replica.hear(replica.append(1, 0, 0, 0, Lone.entry(1, 1, "a")));
    Ready first = replica.node().ready();
    replica.hear(replica.append(1, 1, 1, 0, Lone.entry(1, 2, "b")));
    Ready second = replica.node().ready();
    assertThatThrownBy(() -> replica.node().persisted(second))
        .isInstanceOf(RaftInvariantException.class);
    assertThat(first).isNotEqualTo(second);
  }

  @Test
  void aMessageForAnotherIsRefused() {
    Lone replica = new Lone(1, Membership.of(1, 2, 3));
    assertThatThrownBy(() -> replica.hear(new Message.TimeoutNow(2, 3, 1)))
        .isInstanceOf(RaftInvariantException.class);
  }

  @Test
  void aSoleVoterElectsItselfAndCommitsAlone() {
    RaftGroup group = RaftGroup.of(1);
    group.tick(20);
    assertThat(group.leaderId()).isEqualTo(1);
    assertThat(group.put(1, "x").index()).isEqualTo(group.get(1).applied());
    group.node(1).readIndex(1);
    assertThat(group.node(1).ready().readStates()).containsExactly(new ReadState(1, 2));
  }
}
