package io.flotilla.client;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Puts of many keys with one deadline, so many at a time. Each is a write of its own, numbered like
 * any other. One thread at a time begins puts (the pump); it never waits for room, because it may
 * be a thread that answers depend on: it comes back when a put ends, or after a while.
 */
final class PutAllCall {
  /** Puts under way at one time; enough to fill the frames to several nodes. */
  static final int MAX_IN_FLIGHT = 256;

  private static final long RETRY_NANOS = 5_000_000;

  private final ClientRuntime runtime;
  private final CallOptions options;
  private final Map<Key, Value> all;
  private final long deadlineNanos;
  private final Queue<Map.Entry<Key, Value>> waiting;
  private final Map<Key, WriteResult> written = new HashMap<>();
  private final Map<Key, FlotillaException> failed = new HashMap<>();
  private final CompletableFuture<PutAllResult> result = new CompletableFuture<>();
  private final AtomicInteger pumps = new AtomicInteger();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final Runnable pumping = this::pump;
  private final Executor completions;

  PutAllCall(ClientRuntime runtime, CallOptions options, Map<Key, Value> values) {
    this.runtime = runtime;
    this.completions = options.completions();
    this.options = options.completingOn(Runnable::run);
    this.all = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    this.deadlineNanos = runtime.nanoTime() + options.timeoutNanos();
    this.waiting = new ArrayDeque<>(all.entrySet());
  }

  CompletableFuture<PutAllResult> start() {
    if (all.isEmpty()) {
      return CompletableFuture.completedFuture(new PutAllResult(Map.of(), Map.of()));
    }
    // A closed client has no timers any more that would bring the pump back.
    runtime.onClose(pumping);
    pump();
    return result;
  }

  /** A put that ends at once comes by here again: it is noted, and the loop goes on. */
  private void pump() {
    if (pumps.getAndIncrement() > 0) {
      return;
    }
    int seen = 1;
    do {
      while (!waiting.isEmpty() && inFlight.get() < MAX_IN_FLIGHT && !result.isDone()) {
        if (!put(waiting.element())) {
          break;
        }
        waiting.remove();
      }
      seen = pumps.addAndGet(-seen);
    } while (seen > 0);
  }

  /** False: there is no room for it now, and somebody will come back. */
  private boolean put(Map.Entry<Key, Value> entry) {
    Key key = entry.getKey();
    long left = deadlineNanos - runtime.nanoTime();
    if (left <= 0) {
      ended(
          key,
          null,
          Errors.notApplied(
              ErrorCode.DEADLINE_EXCEEDED, "the deadline of the putAll passed before its turn"));
      return true;
    }
    CompletableFuture<WriteResult> put;
    try {
      put =
          ClientCall.tryStart(
              runtime,
              options.withTimeoutNanos(left),
              Requests.of(Requests.put(key, entry.getValue())),
              reply -> Replies.put(key, reply.getPut()));
    } catch (FlotillaException e) {
      ended(key, null, e);
      return true;
    }
    if (put == null) {
      if (inFlight.get() == 0) {
        runtime.schedule(Math.min(RETRY_NANOS, left), pumping);
      }
      return false;
    }
    inFlight.incrementAndGet();
    var unused =
        put.whenComplete(
            (value, failure) -> {
              inFlight.decrementAndGet();
              ended(key, value, failure);
              pump();
            });
    return true;
  }

  private void ended(Key key, @Nullable WriteResult value, @Nullable Throwable failure) {
    synchronized (this) {
      if (value != null) {
        written.put(key, value);
      } else {
        failed.put(key, asFailure(failure));
      }
      if (written.size() + failed.size() < all.size()) {
        return;
      }
    }
    runtime.notOnClose(pumping);
    PutAllResult done = new PutAllResult(inOrder(written), inOrder(failed));
    ClientCall.handOut(completions, () -> result.complete(done));
  }

  private <T> Map<Key, T> inOrder(Map<Key, T> some) {
    Map<Key, T> ordered = new LinkedHashMap<>();
    for (Key key : all.keySet()) {
      T value = some.get(key);
      if (value != null) {
        ordered.put(key, value);
      }
    }
    return Collections.unmodifiableMap(ordered);
  }

  private static FlotillaException asFailure(@Nullable Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof FlotillaException flotilla
        ? flotilla
        : Errors.defect("the put failed: " + cause, true);
  }
}
