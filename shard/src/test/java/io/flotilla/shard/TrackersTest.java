package io.flotilla.shard;

import static io.flotilla.shard.Requesting.get;
import static io.flotilla.shard.Requesting.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.GetReply;
import io.flotilla.contract.v1.Outcome;
import io.flotilla.contract.v1.Reply;
import io.flotilla.internal.v1.CommandBatch;
import io.flotilla.shard.kv.Failures;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** {@link ProposalTracker} and {@link ReadTracker}. */
class TrackersTest {
  private static final Reply SERVED = Reply.newBuilder().setGet(GetReply.newBuilder()).build();
  private static final Reply NO_LEADER =
      Failures.notApplied(ErrorCode.ERROR_CODE_NOT_LEADER, "another one leads");

  private final ProposalTracker proposals = new ProposalTracker();
  private final ReadTracker reads = new ReadTracker();

  private static Call write(long deadline) {
    return new Call(put("k", "v"), deadline, new CompletableFuture<>());
  }

  private static Call read(long deadline) {
    return new Call(get("k"), deadline, new CompletableFuture<>());
  }

  private ProposalTracker.Proposal propose(long index, long term, Call... calls) {
    ProposalTracker.Proposal proposal =
        new ProposalTracker.Proposal(
            index, term, CommandBatch.getDefaultInstance(), List.of(calls));
    proposals.add(proposal);
    return proposal;
  }

  private static void assertUnknown(Call call, ErrorCode code) {
    assertThat(call.answer()).isCompleted();
    assertThat(call.answer().join().getError().getOutcome()).isEqualTo(Outcome.OUTCOME_UNKNOWN);
    assertThat(call.answer().join().getError().getCode()).isEqualTo(code);
  }

  @Test
  void ownProposalIsFoundAtItsIndex() {
    Call call = write(10);
    ProposalTracker.Proposal first = propose(7, 3, call);
    ProposalTracker.Proposal second = propose(9, 3, write(10));

    assertThat(proposals.take(6, 3)).isNull();
    assertThat(proposals.take(7, 3)).isSameAs(first);
    assertThat(proposals.take(8, 3)).isNull();
    assertThat(proposals.take(9, 3)).isSameAs(second);
    assertThat(proposals.isEmpty()).isTrue();
    assertThat(call.answer()).as("is answered by who took it").isNotDone();
  }

  @Test
  void anotherEntryAtTheIndexLeavesTheOutcomeUnknown() {
    Call overwritten = write(10);
    propose(7, 3, overwritten);

    assertThat(proposals.take(7, 4)).isNull();

    assertUnknown(overwritten, ErrorCode.ERROR_CODE_LEADERSHIP_LOST);
  }

  @Test
  void proposalThatWasPassedByIsUnknown() {
    Call skipped = write(10);
    propose(7, 3, skipped);
    ProposalTracker.Proposal next = propose(8, 3, write(10));

    assertThat(proposals.take(8, 3)).isSameAs(next);

    assertUnknown(skipped, ErrorCode.ERROR_CODE_LEADERSHIP_LOST);
  }

  @Test
  void lostLeadershipLeavesAllUnknown() {
    Call first = write(10);
    Call second = write(10);
    propose(7, 3, first, second);

    proposals.failAll();

    assertUnknown(first, ErrorCode.ERROR_CODE_LEADERSHIP_LOST);
    assertUnknown(second, ErrorCode.ERROR_CODE_LEADERSHIP_LOST);
    assertThat(proposals.isEmpty()).isTrue();
  }

  @Test
  void expiryIsUnknownAndTheEntryGoesItsWay() {
    Call early = write(10);
    Call late = write(11);
    ProposalTracker.Proposal proposal = propose(7, 3, early, late);

    proposals.expire(9);
    assertThat(early.answer()).isNotDone();
    proposals.expire(10);

    assertUnknown(early, ErrorCode.ERROR_CODE_DEADLINE_EXCEEDED);
    assertThat(late.answer()).isNotDone();
    assertThat(proposals.take(7, 3)).isSameAs(proposal);
  }

  @Test
  void readWaitsForItsRoundAndThenForItsIndex() {
    Call first = read(10);
    Call second = read(10);
    reads.awaitIndex(1, List.of(first));
    reads.awaitIndex(2, List.of(second));

    reads.serve(100, call -> call.reply(SERVED));
    assertThat(first.answer()).as("not confirmed").isNotDone();
    reads.confirmed(1, 50);
    reads.serve(49, call -> call.reply(SERVED));
    assertThat(first.answer()).as("not applied").isNotDone();
    reads.serve(50, call -> call.reply(SERVED));

    assertThat(first.answer()).isCompletedWithValue(SERVED);
    assertThat(second.answer()).isNotDone();
    assertThat(reads.isEmpty()).isFalse();
    reads.confirmed(2, 50);
    reads.serve(50, call -> call.reply(SERVED));
    assertThat(reads.isEmpty()).isTrue();
  }

  @Test
  void confirmationThatNobodyWaitsForIsNothing() {
    reads.confirmed(8, 1);

    assertThat(reads.isEmpty()).isTrue();
  }

  @Test
  void readsThatAreConfirmedOutliveTheLeadership() {
    Call confirmed = read(10);
    Call waiting = read(10);
    reads.awaitIndex(1, List.of(confirmed));
    reads.awaitIndex(2, List.of(waiting));
    reads.confirmed(1, 50);

    reads.failUnconfirmed(NO_LEADER);

    assertThat(waiting.answer()).isCompletedWithValue(NO_LEADER);
    assertThat(confirmed.answer()).isNotDone();
    reads.serve(50, call -> call.reply(SERVED));
    assertThat(confirmed.answer()).isCompletedWithValue(SERVED);
  }

  @Test
  void readExpiresAsNotApplied() {
    Call unconfirmed = read(10);
    Call confirmed = read(10);
    Call patient = read(99);
    reads.awaitIndex(1, new ArrayList<>(List.of(unconfirmed)));
    reads.awaitIndex(2, new ArrayList<>(List.of(confirmed, patient)));
    reads.confirmed(2, 50);

    reads.expire(10);

    for (Call call : List.of(unconfirmed, confirmed)) {
      assertThat(call.answer().join().getError().getCode())
          .isEqualTo(ErrorCode.ERROR_CODE_DEADLINE_EXCEEDED);
      assertThat(call.answer().join().getError().getOutcome())
          .isEqualTo(Outcome.OUTCOME_NOT_APPLIED);
    }
    assertThat(patient.answer()).isNotDone();
    reads.serve(50, call -> call.reply(SERVED));
    assertThat(patient.answer()).isCompletedWithValue(SERVED);
    assertThat(reads.isEmpty()).isTrue();
  }
}
