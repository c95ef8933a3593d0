package io.flotilla.history;

import io.flotilla.history.Operation.Kind;
import io.flotilla.history.Operation.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Collects the calls of all clients, each when it has ended. Safe for many threads.
 *
 * <p>A client begins a call with {@link #invoke}, which takes the time, and ends it with one method
 * of the returned {@link Call}. A call whose outcome is unknown retires its process: the caller
 * goes on under a new number, so that no process has two open calls.
 */
public final class History {
  private final LongSupplier nanoClock;
  private final List<Operation> operations = new ArrayList<>();

  /**
   * @param nanoClock one monotonic clock for all clients
   */
  public History(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /** Begins a call. */
  public Call invoke(
      int process, Kind kind, String key, @Nullable String argument, long expectedRevision) {
    return new Call(process, kind, key, argument, expectedRevision, nanoClock.getAsLong());
  }

  /** The ended calls so far, in the order of their ends. */
  public synchronized List<Operation> operations() {
    return List.copyOf(operations);
  }

  private synchronized void add(Operation operation) {
    operations.add(operation);
  }

  /** An open call. Ended exactly once. */
  public final class Call {
    private final int process;
    private final Kind kind;
    private final String key;
    private final @Nullable String argument;
    private final long expectedRevision;
    private final long callNanos;

    private Call(
        int process,
        Kind kind,
        String key,
        @Nullable String argument,
        long expectedRevision,
        long callNanos) {
      this.process = process;
      this.kind = kind;
      this.key = key;
      this.argument = argument;
      this.expectedRevision = expectedRevision;
      this.callNanos = callNanos;
    }

    /** It was done: the value and revision that were answered. */
    public void ok(@Nullable String value, long revision) {
      end(Outcome.OK, value, revision, nanoClock.getAsLong());
    }

    /** The condition did not hold. */
    public void mismatch() {
      end(Outcome.MISMATCH, null, -1, nanoClock.getAsLong());
    }

    /** Certainly not done. */
    public void fail() {
      end(Outcome.FAIL, null, -1, nanoClock.getAsLong());
    }

    /** Nobody knows. */
    public void info() {
      end(Outcome.INFO, null, -1, Long.MAX_VALUE);
    }

    private void end(Outcome outcome, @Nullable String value, long revision, long now) {
      add(
          new Operation(
              process,
              kind,
              key,
              argument,
              expectedRevision,
              outcome,
              value,
              revision,
              callNanos,
              now));
    }
  }
}
