package io.flotilla.client;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.Context;
import io.flotilla.contract.v1.ErrorDetail;
import io.flotilla.contract.v1.Outcome;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.router.AttemptListener;
import io.flotilla.router.CallTerms;
import io.flotilla.router.Operations;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One call from its arguments to its result: takes room, numbers a write, dispatches, converts the
 * reply, completes the future on the executor of the face. The router keeps the deadline.
 */
final class ClientCall<T> {
  /** Sessions that may turn out to be forgotten before the call fails. */
  private static final int MAX_SESSIONS = 3;

  private final ClientRuntime runtime;
  private final CallOptions options;
  private final Request operation;
  private final Function<Reply, T> result;
  private final boolean write;
  private final long bytes;
  private final long lane;
  private final long deadlineNanos;
  private final AtomicBoolean left = new AtomicBoolean();
  private final CallFuture<T> future = new CallFuture<>();

  private CallEvents.@Nullable Watch watch;
  private volatile @Nullable CompletableFuture<Reply> running;
  private int sessionsUsed;

  private ClientCall(
      ClientRuntime runtime, CallOptions options, Request operation, Function<Reply, T> result) {
    this.runtime = runtime;
    this.options = options;
    this.operation = operation;
    this.result = result;
    this.write = !Operations.isRead(operation);
    this.bytes = operation.getSerializedSize() + (long) InFlightBudget.OVERHEAD_BYTES;
    boolean byLeader = write || options.reads().consistency() == Consistency.LINEARIZABLE;
    this.lane = byLeader ? runtime.laneOf(operation) : InFlightBudget.NO_LANE;
    this.deadlineNanos = runtime.nanoTime() + options.timeoutNanos();
  }

  /**
   * Makes the call. Waits for room if the client is set so.
   *
   * @param result makes the result of a reply without an error
   * @return fails with nothing but {@link FlotillaException}
   */
  static <T> CompletableFuture<T> start(
      ClientRuntime runtime, CallOptions options, Request operation, Function<Reply, T> result) {
    ClientCall<T> call = new ClientCall<>(runtime, options, operation, result);
    call.watch();
    try {
      runtime.budget().enter(call.bytes, call.lane, call.deadlineNanos);
    } catch (FlotillaException e) {
      if (call.watch != null) {
        call.watch.failed(e);
      }
      return CompletableFuture.failedFuture(e);
    }
    return call.begin();
  }

  /**
   * Makes the call if there is room for it now; null: there is not.
   *
   * @throws FlotillaException if the client is closed
   */
  static <T> @Nullable CompletableFuture<T> tryStart(
      ClientRuntime runtime, CallOptions options, Request operation, Function<Reply, T> result) {
    ClientCall<T> call = new ClientCall<>(runtime, options, operation, result);
    if (!runtime.budget().tryEnter(call.bytes, call.lane)) {
      return null;
    }
    call.watch();
    return call.begin();
  }

  private CompletableFuture<T> begin() {
    send();
    // Cancelled or completed by its owner: nobody waits for the answer any more.
    var unused = future.whenComplete((value, failure) -> abandon());
    return future;
  }

  private void watch() {
    CallEvents events = runtime.events();
    if (events != null) {
      String name = operation.getOperationCase().name().toLowerCase(Locale.ROOT);
      watch = events.begin(name, options.traceparent());
    }
  }

  private void send() {
    Context.Builder context =
        operation.getContext().toBuilder().setTraceparent(options.traceparent());
    if (!write) {
      Requests.fill(context, options.reads());
    }
    Sessions sessions = runtime.sessions();
    Sessions.Ticket ticket = sessions != null && isNumbered() ? sessions.begin() : null;
    if (ticket != null) {
      sessionsUsed++;
      context
          .setSessionId(ticket.sessionId())
          .setSequence(ticket.sequence())
          .setAcknowledgedSequence(ticket.acknowledged());
    }
    Request request = operation.toBuilder().setContext(context).build();
    if (ticket != null) {
      future.sentAs(id(ticket));
    }
    CompletableFuture<Reply> dispatched = runtime.router().dispatcher().dispatch(request, terms());
    running = dispatched;
    var unused =
        dispatched.whenComplete(
            (reply, failure) -> {
              if (reply == null) {
                failed(Errors.defect("the call failed: " + failure, write), ticket);
              } else if (sessions != null && ticket != null && forgotten(reply)) {
                sessions.end(ticket);
                sessions.retire(ticket);
                anotherSession(reply);
              } else {
                replied(reply, ticket);
              }
            });
  }

  private CallTerms terms() {
    long hedge = write ? 0 : options.reads().hedgeAfter().map(Duration::toNanos).orElse(0L);
    return new CallTerms(deadlineNanos, hedge, watch == null ? AttemptListener.NONE : watch);
  }

  private WriteId id(Sessions.Ticket ticket) {
    ByteString key = Objects.requireNonNull(Operations.firstKey(operation));
    return new WriteId(ticket.sessionId(), ticket.sequence(), key);
  }

  /** Writes of keys; splits and transfers of leadership know no sessions. */
  private boolean isNumbered() {
    return operation.hasPut()
        || operation.hasDelete()
        || operation.hasCompareAndSet()
        || operation.hasIncrement()
        || operation.hasDeleteRange()
        || operation.hasBatch();
  }

  /**
   * Whether the session is known to be of no use and the write is known not to have happened. Where
   * an earlier try of it can have been applied the router says UNKNOWN; such a write must never be
   * sent under another session, which could apply it a second time.
   */
  private static boolean forgotten(Reply reply) {
    ErrorDetail error = reply.getError();
    return error.getCode() == io.flotilla.contract.v1.ErrorCode.ERROR_CODE_SESSION_EXPIRED
        && error.getOutcome() == Outcome.OUTCOME_REJECTED;
  }

  private void anotherSession(Reply reply) {
    if (sessionsUsed < MAX_SESSIONS && !future.isDone() && !runtime.isClosed()) {
      send();
    } else {
      replied(reply, null);
    }
  }

  private void replied(Reply reply, Sessions.@Nullable Ticket ticket) {
    if (!reply.hasError()) {
      succeeded(reply, ticket);
      return;
    }
    ErrorDetail error = reply.getError();
    boolean closed = runtime.isClosed() && error.getOutcome() != Outcome.OUTCOME_REJECTED;
    failed(closed ? Errors.closed(error, write) : Errors.of(error, write), ticket);
  }

  private void succeeded(Reply reply, Sessions.@Nullable Ticket ticket) {
    // An operation and its result have one number in the contract.
    if (reply.getResultCase().getNumber() != operation.getOperationCase().getNumber()) {
      failed(
          Errors.defect("the reply is of another kind: " + reply.getResultCase(), write), ticket);
      return;
    }
    T value;
    try {
      value = result.apply(reply);
    } catch (RuntimeException e) {
      FlotillaException defect = Errors.defect("the reply makes no sense: " + e, write);
      defect.initCause(e);
      failed(defect, ticket);
      return;
    }
    end(ticket);
    if (leave() && watch != null) {
      watch.succeeded();
    }
    handOut(options.completions(), () -> future.complete(value));
  }

  /** A write of unknown outcome stays open: whoever has its id may ask what became of it. */
  private void failed(FlotillaException failure, Sessions.@Nullable Ticket ticket) {
    boolean unknown = failure.outcome() == io.flotilla.client.Outcome.UNKNOWN;
    boolean toBeTold = !future.isDone() || future.asksLater();
    if (leave() && watch != null) {
      watch.failed(failure);
    }
    if (ticket != null && unknown && toBeTold) {
      Objects.requireNonNull(runtime.sessions()).retire(ticket);
      handOut(options.completions(), () -> future.completeExceptionally(failure.of(id(ticket))));
    } else {
      end(ticket);
      handOut(options.completions(), () -> future.completeExceptionally(failure));
    }
  }

  private void end(Sessions.@Nullable Ticket ticket) {
    if (ticket != null) {
      Objects.requireNonNull(runtime.sessions()).end(ticket);
    }
  }

  /** Runs what completes a future, on the executor if that takes it. */
  static void handOut(Executor executor, Runnable completion) {
    try {
      executor.execute(completion);
    } catch (RejectedExecutionException e) {
      // The application's executor is full or gone. A lost completion would be a call without end,
      // and the thread that is here serves connections.
      ForkJoinPool.commonPool().execute(completion);
    }
  }

  private void abandon() {
    if (leave()) {
      if (watch != null) {
        watch.givenUp(write);
      }
      CompletableFuture<Reply> dispatched = running;
      if (dispatched != null) {
        dispatched.cancel(false);
      }
    }
  }

  private boolean leave() {
    boolean first = left.compareAndSet(false, true);
    if (first) {
      runtime.budget().leave(bytes, lane);
    }
    return first;
  }
}
