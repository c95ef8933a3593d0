package io.flotilla.shard;

import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.shard.kv.Failures;
import java.util.concurrent.CompletableFuture;

/**
 * A client's request on its way through a replica. Confined to the loop, but for the future.
 *
 * @param request what is asked for
 * @param deadlineNanos after this nobody waits for the answer
 * @param answer completed exactly once
 */
record Call(Request request, long deadlineNanos, CompletableFuture<Reply> answer) {

  boolean isExpired(long nowNanos) {
    return nowNanos - deadlineNanos >= 0;
  }

  void reply(Reply reply) {
    answer.complete(reply);
  }

  /** The deadline passed before anything was proposed. */
  void expireUntouched() {
    reply(
        Failures.notApplied(
            ErrorCode.ERROR_CODE_DEADLINE_EXCEEDED, "the deadline passed before the call began"));
  }

  /** The deadline passed after the proposal (R36: unknown, never not-applied). */
  void expireProposed() {
    reply(
        Failures.unknown(
            ErrorCode.ERROR_CODE_DEADLINE_EXCEEDED,
            "the deadline passed while the write was being replicated: it may still be applied"));
  }
}
