package io.flotilla.client;

/** What a failed call left behind. */
public enum Outcome {
  /** Nothing was written and nothing will be: safe to try again. */
  NOT_APPLIED,
  /**
   * The write may have happened or may yet happen. {@link Kv#settle} says what became of it and
   * sees to it that it does not happen later.
   */
  UNKNOWN,
  /** The call itself is at fault: the same call fails again. Nothing was written. */
  REJECTED
}
