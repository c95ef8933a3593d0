package io.flotilla.router.gateway;

import com.google.protobuf.Any;
import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.ErrorDetail;
import io.flotilla.contract.v1.Outcome;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;

/**
 * Errors as gRPC statuses, for the unary methods. The status always carries the {@link
 * ErrorDetail}, which says more than a code can.
 *
 * <p>{@code UNAVAILABLE} stands only for what was not applied, because proxies and generic clients
 * repeat calls that end with it.
 */
final class StatusMapper {
  private StatusMapper() {}

  static StatusRuntimeException toException(ErrorDetail error) {
    return StatusProto.toStatusRuntimeException(
        com.google.rpc.Status.newBuilder()
            .setCode(code(error).value())
            .setMessage(name(error) + ": " + error.getMessage())
            .addDetails(Any.pack(error))
            .build());
  }

  static Status.Code code(ErrorDetail error) {
    Status.Code code = code(error.getCode());
    boolean unsafe = error.getOutcome() == Outcome.OUTCOME_UNKNOWN;
    return unsafe && code == Status.Code.UNAVAILABLE ? Status.Code.ABORTED : code;
  }

  private static Status.Code code(ErrorCode code) {
    return switch (code) {
      case ERROR_CODE_INVALID_ARGUMENT, ERROR_CODE_CROSSES_SHARDS -> Status.Code.INVALID_ARGUMENT;
      case ERROR_CODE_NOT_LEADER, ERROR_CODE_STALE_ROUTE, ERROR_CODE_UNAVAILABLE ->
          Status.Code.UNAVAILABLE;
      case ERROR_CODE_NOT_FOUND -> Status.Code.NOT_FOUND;
      case ERROR_CODE_OVERLOADED, ERROR_CODE_DISK_FULL -> Status.Code.RESOURCE_EXHAUSTED;
      case ERROR_CODE_DEADLINE_EXCEEDED -> Status.Code.DEADLINE_EXCEEDED;
      case ERROR_CODE_LEADERSHIP_LOST -> Status.Code.ABORTED;
      case ERROR_CODE_SESSION_EXPIRED, ERROR_CODE_FAILED_PRECONDITION, ERROR_CODE_WRONG_CLUSTER ->
          Status.Code.FAILED_PRECONDITION;
      case ERROR_CODE_UNAUTHENTICATED -> Status.Code.UNAUTHENTICATED;
      case ERROR_CODE_PERMISSION_DENIED -> Status.Code.PERMISSION_DENIED;
      case ERROR_CODE_INTERNAL -> Status.Code.INTERNAL;
      case ERROR_CODE_UNSPECIFIED, UNRECOGNIZED -> Status.Code.UNKNOWN;
    };
  }

  private static String name(ErrorDetail error) {
    return error.getCode().name().replace("ERROR_CODE_", "");
  }
}
