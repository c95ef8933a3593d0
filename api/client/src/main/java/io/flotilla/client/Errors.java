package io.flotilla.client;

import io.flotilla.contract.v1.ErrorDetail;

/** Turns what the router and the servers say of a failure into exceptions. */
final class Errors {
  private Errors() {}

  /** The exception for an error, one code for each code of the contract. */
  static FlotillaException of(ErrorDetail error, boolean write) {
    return of(error, code(error), write);
  }

  /** The exception for a call that ended because the client was closed. */
  static FlotillaException closed(ErrorDetail error, boolean write) {
    return of(error, ErrorCode.CLOSED, write);
  }

  /** A refusal to begin a call: nothing has left the client. */
  static FlotillaException closed() {
    return notApplied(ErrorCode.CLOSED, "the client is closed");
  }

  static FlotillaException notApplied(ErrorCode code, String message) {
    return new FlotillaException(code, Outcome.NOT_APPLIED, message, 0, 0);
  }

  static FlotillaException rejected(ErrorCode code, String message) {
    return new FlotillaException(code, Outcome.REJECTED, message, 0, 0);
  }

  static FlotillaException interrupted(Outcome outcome) {
    String what =
        outcome == Outcome.UNKNOWN
            ? "interrupted while the write was under way: it may or may not happen"
            : "interrupted before the call was done";
    return new FlotillaException(ErrorCode.INTERRUPTED, outcome, what, 0, 0);
  }

  /** A defect of the server or the client. */
  static FlotillaException defect(String message, boolean write) {
    return new FlotillaException(ErrorCode.INTERNAL, uncertain(write), message, 0, 0);
  }

  private static FlotillaException of(ErrorDetail error, ErrorCode code, boolean write) {
    String message = error.getMessage().isEmpty() ? code.name() : error.getMessage();
    return new FlotillaException(
        code,
        outcome(error, write),
        message,
        error.getShardId(),
        error.getNodeId(),
        error.getRetryAfterMillis());
  }

  private static Outcome outcome(ErrorDetail error, boolean write) {
    return switch (error.getOutcome()) {
      case OUTCOME_NOT_APPLIED -> Outcome.NOT_APPLIED;
      case OUTCOME_REJECTED -> Outcome.REJECTED;
      case OUTCOME_UNKNOWN, OUTCOME_UNSPECIFIED, UNRECOGNIZED -> uncertain(write);
    };
  }

  private static Outcome uncertain(boolean write) {
    return write ? Outcome.UNKNOWN : Outcome.NOT_APPLIED;
  }

  static ErrorCode code(ErrorDetail error) {
    return switch (error.getCode()) {
      case ERROR_CODE_INVALID_ARGUMENT -> ErrorCode.INVALID_ARGUMENT;
      case ERROR_CODE_NOT_LEADER -> ErrorCode.NOT_LEADER;
      case ERROR_CODE_STALE_ROUTE -> ErrorCode.STALE_ROUTE;
      case ERROR_CODE_NOT_FOUND -> ErrorCode.NOT_FOUND;
      case ERROR_CODE_OVERLOADED -> ErrorCode.OVERLOADED;
      case ERROR_CODE_DEADLINE_EXCEEDED -> ErrorCode.DEADLINE_EXCEEDED;
      case ERROR_CODE_UNAVAILABLE -> ErrorCode.UNAVAILABLE;
      case ERROR_CODE_LEADERSHIP_LOST -> ErrorCode.LEADERSHIP_LOST;
      case ERROR_CODE_SESSION_EXPIRED -> ErrorCode.SESSION_EXPIRED;
      case ERROR_CODE_CROSSES_SHARDS -> ErrorCode.CROSSES_SHARDS;
      case ERROR_CODE_FAILED_PRECONDITION -> ErrorCode.FAILED_PRECONDITION;
      case ERROR_CODE_WRONG_CLUSTER -> ErrorCode.WRONG_CLUSTER;
      case ERROR_CODE_DISK_FULL -> ErrorCode.DISK_FULL;
      case ERROR_CODE_UNAUTHENTICATED -> ErrorCode.UNAUTHENTICATED;
      case ERROR_CODE_PERMISSION_DENIED -> ErrorCode.PERMISSION_DENIED;
      case ERROR_CODE_INTERNAL, ERROR_CODE_UNSPECIFIED, UNRECOGNIZED -> ErrorCode.INTERNAL;
    };
  }
}
