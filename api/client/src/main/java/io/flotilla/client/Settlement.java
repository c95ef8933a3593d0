package io.flotilla.client;

/**
 * What became of a write whose outcome was unknown. It stays so: a write that had not been executed
 * when it was asked about will never be.
 *
 * @param state what became of it
 * @param revision of the write if it was {@link State#APPLIED}, else 0
 */
public record Settlement(State state, long revision) {
  /** What became of a write. */
  public enum State {
    /** It did what it was to do. */
    APPLIED,
    /**
     * It was executed and changed nothing: its condition did not hold, there was nothing to delete,
     * or the value was no counter.
     */
    NO_EFFECT,
    /** It was not executed and never will be: it can be made anew. */
    NEVER_APPLIED,
    /**
     * It cannot be told any more whether it was executed; from now on it will not be. Servers keep
     * what they know of a client until some thousand others have written to the same shard.
     */
    FORGOTTEN
  }
}
