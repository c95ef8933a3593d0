package io.flotilla.history;

import org.jspecify.annotations.Nullable;

/**
 * One call of one client on one key.
 *
 * @param process the client; it has at most one open call at a time
 * @param kind what was asked for
 * @param key the key
 * @param argument the value to write, or how much to add, null = one; null for reads and deletes
 * @param expectedRevision the revision a conditional write asks for, 0 = absent; -1 = none asked
 * @param outcome what the client was told
 * @param value what a read returned, null if the key was absent
 * @param revision the revision a read or an applied write returned, -1 = none
 * @param callNanos when the call began, on one clock for the whole history
 * @param returnNanos when it ended; {@link Long#MAX_VALUE} if its outcome is unknown, because it
 *     may still take effect at any later time
 */
public record Operation(
    int process,
    Kind kind,
    String key,
    @Nullable String argument,
    long expectedRevision,
    Outcome outcome,
    @Nullable String value,
    long revision,
    long callNanos,
    long returnNanos) {

  /** What was asked for. */
  public enum Kind {
    READ,
    WRITE,
    DELETE,
    /** Write if the key's revision is the expected one. */
    CAS,
    /** Add to a decimal number, absent counts as 0; returns the sum as its value. */
    ADD
  }

  /** What the client was told. */
  public enum Outcome {
    OK,
    /** A conditional write whose condition did not hold. */
    MISMATCH,
    /** Certainly not applied. */
    FAIL,
    /** May have been applied, or may be yet. */
    INFO
  }

  public Operation {
    if (returnNanos < callNanos) {
      throw new IllegalArgumentException("returns before it was called: " + process + " " + key);
    }
    if (outcome == Outcome.INFO && returnNanos != Long.MAX_VALUE) {
      throw new IllegalArgumentException("an unknown outcome has no end: " + process + " " + key);
    }
  }

  /** Whether the call may have changed the key although nobody was told. */
  boolean isPending() {
    return outcome == Outcome.INFO;
  }
}
