package io.flotilla.shard;

import static io.flotilla.shard.Requesting.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.Outcome;
import io.flotilla.internal.v1.CommandBatch;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** {@link ProposalTracker}. */
class ProposalTrackerTest {
  private final ProposalTracker proposals = new ProposalTracker();

  private static Call write(long deadline) {
    return new Call(put("k", "v"), deadline, new CompletableFuture<>());
  }

  private ProposalTracker.Proposal propose(long index, long term, Call... calls) {
    ProposalTracker.Proposal proposal =
        new ProposalTracker.Proposal(
            index, term, 0, CommandBatch.getDefaultInstance(), List.of(calls));
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
}
