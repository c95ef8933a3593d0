package io.flotilla.router;

import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.ErrorDetail;
import io.flotilla.contract.v1.Outcome;
import io.flotilla.contract.v1.Reply;

/** Makes failed replies. */
public final class Failures {
  private Failures() {}

  /** A reply with an error that left nothing behind. */
  public static Reply notApplied(ErrorCode code, String message) {
    return reply(code, Outcome.OUTCOME_NOT_APPLIED, message);
  }

  /** A reply with an error that a repetition cannot cure. */
  public static Reply rejected(ErrorCode code, String message) {
    return reply(code, Outcome.OUTCOME_REJECTED, message);
  }

  /** A reply with an error after which a write may have happened. */
  public static Reply unknown(ErrorCode code, String message) {
    return reply(code, Outcome.OUTCOME_UNKNOWN, message);
  }

  /** A reply with an error. */
  public static Reply reply(ErrorCode code, Outcome outcome, String message) {
    return of(
        ErrorDetail.newBuilder().setCode(code).setOutcome(outcome).setMessage(message).build());
  }

  /** A reply with this error. */
  public static Reply of(ErrorDetail error) {
    return Reply.newBuilder().setError(error).build();
  }
}
