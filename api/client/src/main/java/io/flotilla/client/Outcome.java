package io.flotilla.client;

/** What a failed call left behind. */
public enum Outcome {
  /** Nothing was written and nothing will be: safe to try again. */
  NOT_APPLIED,
  /**
   * The write may have happened or may yet happen. Read before you decide, or make the write
   * conditional on a revision and try again.
   */
  UNKNOWN,
  /** The call itself is at fault: the same call fails again. Nothing was written. */
  REJECTED
}
