package io.flotilla.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.raft.RaftStatus.FollowerState;
import org.junit.jupiter.api.Test;

/** {@code Inflights}, {@code Progress} and {@code ReadIndexTracker}. */
class LeaderPartsTest {

  // ---- Inflights

  @Test
  void theWindowIsFullByNumberOrByBytes() {
    Inflights byNumber = new Inflights(2, 1_000);
    byNumber.add(1, 1);
    assertThat(byNumber.isFull()).isFalse();
    byNumber.add(2, 1);
    assertThat(byNumber.isFull()).isTrue();
    assertThatThrownBy(() -> byNumber.add(3, 1)).isInstanceOf(RaftInvariantException.class);

    Inflights byBytes = new Inflights(100, 10);
    byBytes.add(1, 4);
    byBytes.add(2, 6);
    assertThat(byBytes.isFull()).isTrue();
    byBytes.freeFirst();
    assertThat(byBytes.isFull()).isFalse();
  }

  @Test
  void anAnswerFreesAllUpToItsIndex() {
    Inflights window = new Inflights(3, 1_000);
    window.add(5, 1);
    window.add(7, 1);
    window.add(9, 1);
    window.freeUpTo(4);
    assertThat(window.isFull()).isTrue();
    window.freeUpTo(8);
    window.add(11, 1);
    window.add(12, 1);
    assertThat(window.isFull()).isTrue();
    window.freeUpTo(12);
    window.freeFirst();
    assertThat(window.isFull()).isFalse();
  }

  @Test
  void theRingGoesRoundAndGrows() {
    for (int size : new int[] {1, 2, 3, 5, 8, 13}) {
      Inflights window = new Inflights(size, Long.MAX_VALUE);
      long next = 1;
      long freed = 0;
      for (int round = 0; round < 50; round++) {
        while (!window.isFull()) {
          window.add(next++, 1);
        }
        assertThat(next - 1 - freed).isEqualTo(size);
        freed += 1 + round % size;
        window.freeUpTo(freed);
      }
      window.reset();
      assertThat(window.isFull()).isFalse();
    }
  }

  // ---- Progress

  private static Progress progress(long next) {
    TestConfig config = new TestConfig();
    config.maxInflightMessages = 2;
    return new Progress(2, next, config.build(1));
  }

  @Test
  void whileProbingOneAppendIsUnderWay() {
    Progress p = progress(10);
    assertThat(p.state()).isEqualTo(FollowerState.PROBE);
    p.sent(12, 5);
    assertThat(p.isPaused()).isTrue();
    assertThat(p.next()).isEqualTo(10);
    p.unpause();
    assertThat(p.isPaused()).isFalse();
  }

  @Test
  void aRefusalTakesNextBackToTheHint() {
    Progress p = progress(10);
    assertThat(p.reject(9, 4)).isTrue();
    assertThat(p.next()).isEqualTo(5);
    assertThat(p.reject(9, 1)).as("late").isFalse();
    assertThat(p.next()).isEqualTo(5);
    assertThat(p.reject(4, 9)).as("a hint beyond it").isTrue();
    assertThat(p.next()).isEqualTo(4);
    assertThat(p.reject(3, 0)).isTrue();
    assertThat(p.next()).isEqualTo(1);
  }

  @Test
  void nextIsAlwaysAboveMatch() {
    Progress p = progress(10);
    assertThat(p.acknowledge(6)).isTrue();
    assertThat(p.next()).isEqualTo(10);
    p.reject(9, 0);
    assertThat(p.next()).isEqualTo(7);
    assertThat(p.acknowledge(20)).isTrue();
    assertThat(p.next()).isEqualTo(21);
    assertThat(p.acknowledge(20)).isFalse();
    assertThat(p.acknowledge(3)).isFalse();
    assertThat(p.match()).isEqualTo(20);
  }

  @Test
  void whileReplicatingNextRunsAheadOfTheAnswersWithinTheWindow() {
    Progress p = progress(1);
    p.acknowledge(3);
    p.becomeReplicate();
    p.sent(5, 1);
    p.sent(9, 1);
    assertThat(p.next()).isEqualTo(10);
    assertThat(p.isPaused()).isTrue();
    p.inflights.freeUpTo(5);
    assertThat(p.isPaused()).isFalse();
    p.sent(9, 1);
    assertThat(p.isPaused()).as("an empty append takes no place").isFalse();
  }

  @Test
  void aRefusalWhileReplicatingGoesBackToProbingUnlessItIsLate() {
    Progress p = progress(1);
    p.acknowledge(3);
    p.becomeReplicate();
    p.sent(9, 1);
    assertThat(p.reject(3, 0)).isFalse();
    assertThat(p.state()).isEqualTo(FollowerState.REPLICATE);
    assertThat(p.reject(8, 3)).isTrue();
    assertThat(p.state()).isEqualTo(FollowerState.PROBE);
    assertThat(p.next()).isEqualTo(4);
  }

  @Test
  void aSnapshotHoldsAppendsBackUntilItsFateIsKnown() {
    Progress p = progress(4);
    p.becomeSnapshot(8);
    assertThat(p.isPaused()).isTrue();
    p.unpause();
    assertThat(p.isPaused()).isTrue();
    assertThat(p.reject(3, 0)).isFalse();
    p.acknowledge(7);
    assertThat(p.snapshotCovered(9)).isFalse();
    p.acknowledge(8);
    assertThat(p.snapshotCovered(9)).isTrue();

    Progress arrived = progress(4);
    arrived.becomeSnapshot(8);
    arrived.becomeProbe();
    assertThat(arrived.next()).isEqualTo(9);

    Progress failed = progress(4);
    failed.acknowledge(2);
    failed.becomeSnapshot(8);
    failed.snapshotFailed();
    assertThat(failed.next()).isEqualTo(3);
    assertThat(failed.state()).isEqualTo(FollowerState.PROBE);
  }

  // ---- ReadIndexTracker

  @Test
  void readsShareTheRoundThatHasNotLeft() {
    ReadIndexTracker reads = new ReadIndexTracker(8, 10);
    reads.add(1, 10, 5);
    reads.add(1, 11, 6);
    assertThat(reads.lastRound()).isEqualTo(1);
    reads.markSent(3);
    reads.add(1, 12, 7);
    assertThat(reads.lastRound()).isEqualTo(2);
    assertThat(reads.isOpen()).isTrue();

    assertThat(reads.poll(0)).isNull();
    assertThat(reads.poll(1)).isEqualTo(new ReadIndexTracker.Waiting(1, 1, 10, 5));
    assertThat(reads.poll(1)).isEqualTo(new ReadIndexTracker.Waiting(1, 1, 11, 6));
    assertThat(reads.poll(1)).isNull();
    assertThat(reads.hasWaiting()).isTrue();
    assertThat(reads.poll(2)).isEqualTo(new ReadIndexTracker.Waiting(2, 1, 12, 7));
  }

  @Test
  void theConfirmedTickIsWhenTheLatestConfirmedRoundLeft() {
    ReadIndexTracker reads = new ReadIndexTracker(8, 10);
    assertThat(reads.confirmedTick()).isNegative();
    reads.open();
    reads.markSent(3);
    reads.open();
    reads.markSent(8);
    reads.confirm(0);
    assertThat(reads.confirmedTick()).isNegative();
    reads.confirm(1);
    assertThat(reads.confirmedTick()).isEqualTo(3);
    reads.confirm(2);
    assertThat(reads.confirmedTick()).isEqualTo(8);
    reads.confirm(1);
    assertThat(reads.confirmedTick()).isEqualTo(8);
  }

  @Test
  void readsThatWaitAreBounded() {
    ReadIndexTracker reads = new ReadIndexTracker(2, 10);
    reads.add(1, 10, 5);
    assertThat(reads.isFull()).isFalse();
    reads.add(1, 11, 5);
    assertThat(reads.isFull()).isTrue();
    assertThatThrownBy(() -> reads.add(1, 12, 5)).isInstanceOf(RaftInvariantException.class);
    reads.markSent(1);
    reads.poll(1);
    assertThat(reads.isFull()).isFalse();
  }

  @Test
  void roundsThatNobodyAnswersAreBounded() {
    ReadIndexTracker reads = new ReadIndexTracker(2, 10);
    for (int i = 0; i < 1000; i++) {
      reads.open();
      reads.markSent(i / 3);
      assertThat(reads.sentCount()).isLessThanOrEqualTo(11);
    }
    reads.confirm(reads.lastRound());
    assertThat(reads.confirmedTick()).isEqualTo(333);
  }

  /** R22 */
  @Test
  void ofTheRoundsOfOneTickTheFirstConfirmsIt() {
    ReadIndexTracker reads = new ReadIndexTracker(2, 10);
    reads.open();
    reads.markSent(3);
    reads.open();
    reads.markSent(3);
    reads.confirm(1);
    assertThat(reads.confirmedTick()).isEqualTo(3);
    reads.forgetConfirmed();
    assertThat(reads.confirmedTick()).isNegative();
  }
}
