package io.flotilla.client;

/** What a call does while the client holds as many bytes in flight as it may. */
public enum Overflow {
  /**
   * The calling thread waits until there is room, at most until the deadline of the call; then the
   * call fails with {@link ErrorCode#OVERLOADED}, not applied. The default: a loop that writes
   * faster than the servers take is slowed down to their speed.
   */
  WAIT,
  /** The call fails at once with {@link ErrorCode#OVERLOADED}, not applied. */
  FAIL
}
