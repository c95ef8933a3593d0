package io.flotilla.router.grpc;

import io.grpc.Status;

/** Says in few words what a failed gRPC call met. */
final class Problems {
  private Problems() {}

  static String of(Throwable failure) {
    Status status = Status.fromThrowable(failure);
    Throwable root = failure;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    String description = status.getDescription();
    String cause = root == failure ? null : root.getMessage();
    if (cause != null) {
      return cause;
    }
    return description == null ? status.getCode().name() : description;
  }
}
