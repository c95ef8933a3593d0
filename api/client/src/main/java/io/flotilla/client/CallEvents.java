package io.flotilla.client;

import io.flotilla.contract.v1.Reply;
import io.flotilla.router.AttemptListener;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings events to the listener of the application, without ever waiting for it. Thread-safe. */
final class CallEvents {
  /** Events that wait for a slow listener. */
  static final int MAX_WAITING = 8_192;

  /** Failures that are logged as warnings; a listener that always fails must not fill the log. */
  private static final int MAX_WARNINGS = 10;

  private static final Logger LOG = LoggerFactory.getLogger(CallEvents.class);

  private final CallListener listener;
  private final Executor thread;
  private final LongSupplier nanoTime;
  private final AtomicLong calls = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();
  private final AtomicInteger failures = new AtomicInteger();

  /**
   * For one listener.
   *
   * @param thread runs one event after the other, and rejects those it has no room for
   */
  CallEvents(CallListener listener, Executor thread, LongSupplier nanoTime) {
    this.listener = listener;
    this.thread = thread;
    this.nanoTime = nanoTime;
  }

  /** Tells of a call that begins. */
  Watch begin(String operation, String traceparent) {
    Optional<String> trace = traceparent.isEmpty() ? Optional.empty() : Optional.of(traceparent);
    CallListener.Call call = new CallListener.Call(calls.incrementAndGet(), operation, trace);
    Watch watch = new Watch(call, nanoTime.getAsLong());
    tell(() -> listener.started(call));
    return watch;
  }

  long dropped() {
    return dropped.get();
  }

  private void tell(Runnable event) {
    try {
      thread.execute(() -> contained(event));
    } catch (RejectedExecutionException e) {
      dropped.incrementAndGet();
    }
  }

  private void contained(Runnable event) {
    try {
      event.run();
    } catch (RuntimeException | LinkageError | AssertionError e) {
      if (failures.incrementAndGet() <= MAX_WARNINGS) {
        LOG.warn("The call listener failed; its failure was ignored", e);
      } else {
        LOG.debug("The call listener failed again", e);
      }
    }
  }

  /** One call. */
  final class Watch implements AttemptListener {
    private final CallListener.Call call;
    private final long began;
    private final AtomicInteger attempts = new AtomicInteger();

    private Watch(CallListener.Call call, long began) {
      this.call = call;
      this.began = began;
    }

    @Override
    public void ended(long nodeId, long shardId, Reply reply, long nanos) {
      attempts.incrementAndGet();
      Optional<ErrorCode> failure =
          reply.hasError() ? Optional.of(Errors.code(reply.getError())) : Optional.empty();
      CallListener.Attempt attempt = new CallListener.Attempt(shardId, nodeId, failure, nanos);
      tell(() -> listener.attempted(call, attempt));
    }

    void succeeded() {
      end(Optional.empty(), Optional.empty());
    }

    void failed(FlotillaException failure) {
      end(Optional.of(failure.code()), Optional.of(failure.outcome()));
    }

    void givenUp(boolean write) {
      end(Optional.empty(), Optional.of(write ? Outcome.UNKNOWN : Outcome.NOT_APPLIED));
    }

    private void end(Optional<ErrorCode> failure, Optional<Outcome> outcome) {
      CallListener.End end =
          new CallListener.End(failure, outcome, attempts.get(), nanoTime.getAsLong() - began);
      tell(() -> listener.ended(call, end));
    }
  }
}
