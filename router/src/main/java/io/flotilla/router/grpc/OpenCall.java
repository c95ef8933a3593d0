package io.flotilla.router.grpc;

import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.router.Failures;
import io.flotilla.router.Operations;
import io.flotilla.router.Scheduler;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One call that has no answer yet. Its connection guards what changes. */
final class OpenCall {
  final Request request;
  final int bytes;
  final CompletableFuture<Reply> result = new CompletableFuture<>();
  private volatile Scheduler.@Nullable Timer timer;

  OpenCall(Request request) {
    this.request = request;
    this.bytes = request.getSerializedSize();
  }

  long id() {
    return request.getId();
  }

  void timer(Scheduler.Timer deadline) {
    timer = deadline;
    if (result.isDone()) {
      deadline.cancel();
    }
  }

  /** Runs the caller's continuations: never under a lock. */
  void complete(Reply reply) {
    result.complete(reply);
    stopTimer();
  }

  void stopTimer() {
    Scheduler.Timer deadline = timer;
    if (deadline != null) {
      deadline.cancel();
    }
  }

  /** Without an answer: a write that has left may have happened. */
  void fail(ErrorCode code, boolean sent, String problem) {
    complete(
        sent && !Operations.isRead(request)
            ? Failures.unknown(code, problem)
            : Failures.notApplied(code, problem));
  }
}
