package io.flotilla.history;

import io.flotilla.history.Operation.Kind;
import io.flotilla.history.Operation.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether reads that may be old were not older than they were allowed to be.
 *
 * <p>A read with a bound returns what a key held at some moment from {@code begin - bound} to its
 * end. Revisions order the writes of a key, and a write took effect before it was acknowledged. So
 * a value is certainly too old if a write with a higher revision, or any read of one, had ended by
 * {@code begin - bound}; and certainly not from its past if its write began after the read ended.
 * Whatever was read, some client must have written it, under that revision as far as it is known.
 *
 * <p>Of an absent key no revision is told. It is too old if the newest write acknowledged by then
 * was no deletion and none that may have been one came after it.
 */
public final class StalenessChecker {
  /** A read that is too old, or of what never was. */
  public record Anomaly(StaleRead read, String reason) {}

  /**
   * A read that may be old.
   *
   * @param key the key
   * @param value what it returned, null if the key was absent
   * @param revision of the value, 0 if the key was absent
   * @param boundNanos greatest age; {@link Long#MAX_VALUE} if any will do
   * @param callNanos when it began, on the clock of the history
   * @param returnNanos when it ended
   */
  public record StaleRead(
      String key,
      @Nullable String value,
      long revision,
      long boundNanos,
      long callNanos,
      long returnNanos) {
    /** Nothing that was acknowledged before this may be missing. */
    long freshFrom() {
      return boundNanos == Long.MAX_VALUE ? Long.MIN_VALUE : callNanos - boundNanos;
    }
  }

  private final Map<String, List<Operation>> byKey = new HashMap<>();

  /**
   * @param history the calls against which reads are held
   */
  public StalenessChecker(List<Operation> history) {
    for (Operation operation : history) {
      byKey.computeIfAbsent(operation.key(), k -> new ArrayList<>()).add(operation);
    }
  }

  /** The first of the reads that is not as it must be. */
  public Optional<Anomaly> check(List<StaleRead> reads) {
    for (StaleRead read : reads) {
      List<Operation> calls = byKey.getOrDefault(read.key(), List.of());
      Optional<Anomaly> anomaly = read.value() == null ? absent(read, calls) : present(read, calls);
      if (anomaly.isPresent()) {
        return anomaly;
      }
    }
    return Optional.empty();
  }

  private static Optional<Anomaly> present(StaleRead read, List<Operation> calls) {
    boolean written = false;
    for (Operation call : calls) {
      boolean endedInTime = call.returnNanos() < read.freshFrom();
      if (endedInTime && call.revision() > read.revision()) {
        return Optional.of(new Anomaly(read, "older than its bound: " + call));
      }
      written |= mayHaveWritten(call, read);
    }
    return written ? Optional.empty() : Optional.of(new Anomaly(read, "nobody wrote this before"));
  }

  private static boolean mayHaveWritten(Operation call, StaleRead read) {
    return isWrite(call)
        && read.value() != null
        && read.value().equals(call.argument())
        && call.callNanos() <= read.returnNanos()
        && (call.outcome() == Outcome.INFO
            || (call.outcome() == Outcome.OK && call.revision() == read.revision()));
  }

  private static Optional<Anomaly> absent(StaleRead read, List<Operation> calls) {
    TreeMap<Long, Operation> known = new TreeMap<>();
    for (Operation call : calls) {
      if (call.revision() > 0 && call.returnNanos() < read.freshFrom()) {
        known.put(call.revision(), call);
      }
    }
    if (known.isEmpty() || known.lastEntry().getValue().kind() == Kind.DELETE) {
      return Optional.empty();
    }
    Operation newest = known.lastEntry().getValue();
    for (Operation call : calls) {
      boolean mayHaveDeletedSince =
          call.kind() == Kind.DELETE
              && call.callNanos() <= read.returnNanos()
              && (call.outcome() == Outcome.INFO || call.revision() > newest.revision());
      if (mayHaveDeletedSince) {
        return Optional.empty();
      }
    }
    return Optional.of(new Anomaly(read, "absent, but nobody deleted it since: " + newest));
  }

  private static boolean isWrite(Operation call) {
    return call.kind() == Kind.WRITE || call.kind() == Kind.CAS;
  }
}
