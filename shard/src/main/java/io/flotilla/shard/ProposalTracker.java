package io.flotilla.shard;

import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.Reply;
import io.flotilla.internal.v1.CommandBatch;
import io.flotilla.shard.kv.Failures;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The proposals of a leader that wait to be applied, in the order of their indexes. */
final class ProposalTracker {
  /**
   * @param proposedNanos when
   * @param calls one for each command of the batch
   */
  record Proposal(
      long index, long term, long proposedNanos, CommandBatch batch, List<Call> calls) {}

  private final Deque<Proposal> waiting = new ArrayDeque<>();

  void add(Proposal proposal) {
    waiting.addLast(proposal);
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** The own proposal at the index about to be applied, if the entry there is still that one. */
  @Nullable Proposal take(long index, long term) {
    while (!waiting.isEmpty() && waiting.peekFirst().index() <= index) {
      Proposal proposal = waiting.removeFirst();
      if (proposal.index() == index && proposal.term() == term) {
        return proposal;
      }
      failUnknown(proposal);
    }
    return null;
  }

  /** Leadership is lost: nobody here will learn what becomes of these entries (R36). */
  void failAll() {
    waiting.forEach(ProposalTracker::failUnknown);
    waiting.clear();
  }

  private static void failUnknown(Proposal proposal) {
    Reply reply =
        Failures.unknown(
            ErrorCode.ERROR_CODE_LEADERSHIP_LOST,
            "leadership was lost while the write was being replicated: it may still be applied");
    proposal.calls().forEach(call -> call.reply(reply));
  }

  /** Answers calls whose deadline has passed; their entries go their way. */
  void expire(long nowNanos) {
    for (Proposal proposal : waiting) {
      for (Call call : proposal.calls()) {
        if (call.isExpired(nowNanos)) {
          call.expireProposed();
        }
      }
    }
  }
}
