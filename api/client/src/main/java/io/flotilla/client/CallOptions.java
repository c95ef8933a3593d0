package io.flotilla.client;

import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * How the calls of one face are made.
 *
 * @param timeoutNanos deadline of each call, from its beginning
 * @param reads who may answer reads
 * @param completions completes the futures that are handed out
 * @param traceparent sent with each request; empty: none
 */
record CallOptions(long timeoutNanos, ReadOptions reads, Executor completions, String traceparent) {
  /** Longest deadline that servers accept. */
  static final Duration MAX_TIMEOUT = Duration.ofSeconds(60);

  static long nanos(Duration timeout) {
    if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(MAX_TIMEOUT) > 0) {
      throw new IllegalArgumentException("a timeout is more than zero, at most 60 s: " + timeout);
    }
    return timeout.toNanos();
  }

  CallOptions withTimeout(Duration timeout) {
    return withTimeoutNanos(nanos(timeout));
  }

  CallOptions withTimeoutNanos(long nanos) {
    return new CallOptions(nanos, reads, completions, traceparent);
  }

  CallOptions withReads(ReadOptions newReads) {
    return new CallOptions(timeoutNanos, newReads, completions, traceparent);
  }

  CallOptions completingOn(Executor executor) {
    return new CallOptions(timeoutNanos, reads, executor, traceparent);
  }

  CallOptions tracedBy(String header) {
    return new CallOptions(timeoutNanos, reads, completions, Traceparent.checked(header));
  }
}
