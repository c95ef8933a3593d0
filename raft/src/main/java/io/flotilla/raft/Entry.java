package io.flotilla.raft;

import java.util.Objects;

/**
 * One record of the replicated log.
 *
 * @param term the term of the leader that made it, from 1
 * @param index its place in the log, from 1
 * @param type what the payload is
 * @param payload opaque to the core; empty for NOOP
 */
public record Entry(long term, long index, Type type, Payload payload) {
  /** What the payload is. The ordinals are stored: never reorder. */
  public enum Type {
    /** The state machine's. */
    DATA,
    /** An encoded {@link MembershipChange}. */
    MEMBERSHIP,
    /** What a new leader commits first (thesis 6.4, Raft §8). */
    NOOP
  }

  /** Bytes charged for an entry besides its payload. */
  private static final int OVERHEAD_BYTES = 24;

  public Entry {
    Objects.requireNonNull(type);
    Objects.requireNonNull(payload);
    if (term < 0 || index < 0) {
      throw new IllegalArgumentException("negative term or index: " + term + ", " + index);
    }
  }

  /** What the entry counts for in bounds given in bytes. */
  public long sizeBytes() {
    return OVERHEAD_BYTES + (long) payload.size();
  }
}
