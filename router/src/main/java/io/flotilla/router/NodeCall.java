package io.flotilla.router;

import io.flotilla.contract.v1.Context;
import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.router.TargetChooser.Target;
import java.util.concurrent.CompletableFuture;

/**
 * A question to one certain node. It is asked once; a client that cannot reach it asks once more
 * through another node. Nobody else can answer, so there is nothing to wait for.
 */
final class NodeCall {
  private final Dispatcher dispatcher;
  private final Request original;
  private final long deadlineNanos;
  private final long nodeId;

  NodeCall(Dispatcher dispatcher, Request original, long deadlineNanos) {
    this.dispatcher = dispatcher;
    this.original = original;
    this.deadlineNanos = deadlineNanos;
    long inContext = original.getContext().getNodeId();
    this.nodeId = inContext != 0 ? inContext : original.getNodeStatus().getNodeId();
  }

  CompletableFuture<Reply> start() {
    if (dispatcher.isNode() && (nodeId == 0 || nodeId == dispatcher.localNode().nodeId())) {
      return local();
    }
    if (nodeId == 0) {
      return through(0, "");
    }
    NodeAddress address = dispatcher.routes().directory().address(nodeId);
    return address != null
        ? direct(address)
        : dispatcher.refreshed(deadlineNanos).thenCompose(this::found);
  }

  private CompletableFuture<Reply> found(String problem) {
    NodeAddress address = dispatcher.routes().directory().address(nodeId);
    if (address != null) {
      return direct(address);
    }
    return Dispatcher.done(
        problem.isEmpty()
            ? Failures.rejected(ErrorCode.ERROR_CODE_NOT_FOUND, "there is no node " + nodeId)
            : Failures.notApplied(
                ErrorCode.ERROR_CODE_UNAVAILABLE,
                "the address of node " + nodeId + " is not known: " + problem));
  }

  private CompletableFuture<Reply> local() {
    CompletableFuture<Reply> result = new CompletableFuture<>();
    Scheduler scheduler = dispatcher.runtime().scheduler();
    Scheduler.Timer guard =
        scheduler.schedule(
            deadlineNanos - scheduler.nanoTime(),
            () ->
                result.complete(
                    Failures.notApplied(
                        ErrorCode.ERROR_CODE_DEADLINE_EXCEEDED, "the node did not answer")));
    var unused =
        dispatcher
            .localNode()
            .execute(request())
            .thenAccept(
                reply -> {
                  guard.cancel();
                  result.complete(reply);
                });
    return result;
  }

  private CompletableFuture<Reply> direct(NodeAddress address) {
    return dispatcher
        .transport()
        .call(address, request(), deadlineNanos)
        .thenCompose(
            reply -> {
              boolean silent =
                  reply.getError().getCode() == ErrorCode.ERROR_CODE_UNAVAILABLE
                      && reply.getError().getNodeId() == 0;
              return silent && !dispatcher.isNode()
                  ? through(nodeId, reply.getError().getMessage())
                  : Dispatcher.done(reply);
            });
  }

  private CompletableFuture<Reply> through(long unreachable, String problem) {
    TargetChooser targets = dispatcher.newTargets();
    targets.unreachable(unreachable);
    Target other = targets.proxy(0);
    if (other == null || other.address() == null) {
      return Dispatcher.done(
          Failures.notApplied(
              ErrorCode.ERROR_CODE_UNAVAILABLE, problem.isEmpty() ? "no node is known" : problem));
    }
    return dispatcher.transport().call(other.address(), request(), deadlineNanos);
  }

  private Request request() {
    long remaining = deadlineNanos - dispatcher.runtime().scheduler().nanoTime();
    Context.Builder context =
        original.getContext().toBuilder()
            .setNodeId(nodeId)
            .setForwarded(dispatcher.isNode())
            .setTimeoutMillis((int) Math.max(1, remaining / 1_000_000));
    return original.toBuilder().setContext(context).build();
  }
}
