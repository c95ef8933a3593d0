package io.flotilla.history;

import io.flotilla.history.HistoryRow.Type;
import io.flotilla.history.Operation.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Collects the calls of all clients as they begin and end. Safe for many threads.
 *
 * <p>A client begins a call with {@link #invoke}, which takes the time, and ends it with one method
 * of the returned {@link Call}. A call whose outcome is unknown retires its process: the caller
 * goes on under a new number, so that no process has two open calls.
 */
public final class History {
  private final LongSupplier nanoClock;
  private final List<HistoryRow> rows = new ArrayList<>();

  /**
   * @param nanoClock one monotonic clock for all clients
   */
  public History(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /** Begins a call. */
  public Call invoke(
      int process, Kind kind, String key, @Nullable String argument, long expectedRevision) {
    return begin(new Asked(process, HistoryRow.name(kind), key, argument, expectedRevision, null));
  }

  /**
   * Begins a write that may be retried.
   *
   * @param session session id and sequence
   */
  public Call invoke(
      int process,
      Kind kind,
      String key,
      @Nullable String argument,
      long expectedRevision,
      long[] session) {
    return begin(
        new Asked(process, HistoryRow.name(kind), key, argument, expectedRevision, session));
  }

  /**
   * Begins a read that may be old.
   *
   * @param boundNanos greatest age; {@link Long#MAX_VALUE} if any will do
   */
  public Call invokeStaleRead(int process, String key, long boundNanos) {
    long now = nanoClock.getAsLong();
    Asked asked = new Asked(process, HistoryRow.STALE_READ, key, null, -1, null);
    add(asked, Type.INVOKE, new Told(null, -1, null), now, boundNanos);
    return new Call(asked);
  }

  /** Something happened to the cluster that a reader of the history wants to know. */
  public synchronized void note(String text) {
    rows.add(
        new HistoryRow(
            rows.size(),
            Type.INFO,
            HistoryRow.NEMESIS,
            HistoryRow.NOTE,
            null,
            text,
            null,
            null,
            null,
            nanoClock.getAsLong(),
            null,
            null));
  }

  /** The calls so far. */
  public Calls calls() {
    return Calls.of(rows());
  }

  synchronized List<HistoryRow> rows() {
    return List.copyOf(rows);
  }

  private Call begin(Asked asked) {
    add(asked, Type.INVOKE, new Told(null, -1, null), nanoClock.getAsLong(), Long.MAX_VALUE);
    return new Call(asked);
  }

  private synchronized void add(Asked asked, Type type, Told told, long now, long boundNanos) {
    boolean begins = type == Type.INVOKE;
    rows.add(
        new HistoryRow(
            rows.size(),
            type,
            asked.process(),
            asked.f(),
            asked.key(),
            begins ? asked.argument() : told.value(),
            begins && asked.expected() >= 0 ? asked.expected() : null,
            told.revision() >= 0 ? told.revision() : null,
            boundNanos == Long.MAX_VALUE ? null : boundNanos,
            now,
            begins ? asked.session() : null,
            told.error()));
  }

  private record Asked(
      int process,
      String f,
      String key,
      @Nullable String argument,
      long expected,
      long @Nullable [] session) {}

  private record Told(@Nullable String value, long revision, @Nullable String error) {}

  /** An open call. Ended exactly once. */
  public final class Call {
    private final Asked asked;

    private Call(Asked asked) {
      this.asked = asked;
    }

    /** It was done: the value and revision that were answered, -1 if none was. */
    public void ok(@Nullable String value, long revision) {
      end(Type.OK, new Told(value, revision, null));
    }

    /** The condition did not hold. */
    public void mismatch() {
      end(Type.FAIL, new Told(null, -1, HistoryRow.MISMATCH));
    }

    /** Certainly not done. */
    public void fail(String error) {
      end(Type.FAIL, new Told(null, -1, error));
    }

    /** Nobody knows. */
    public void info(String error) {
      end(Type.INFO, new Told(null, -1, error));
    }

    private void end(Type type, Told told) {
      add(asked, type, told, nanoClock.getAsLong(), Long.MAX_VALUE);
    }
  }
}
