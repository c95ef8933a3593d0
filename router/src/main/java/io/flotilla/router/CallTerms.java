package io.flotilla.router;

/**
 * How one call is to be made.
 *
 * @param deadlineNanos when it ends at the latest, on the scheduler's time line
 * @param hedgeAfterNanos how long a read that any replica may answer waits for one of them before a
 *     second one is asked as well; 0: it waits for the one
 * @param attempts told of each try
 */
public record CallTerms(long deadlineNanos, long hedgeAfterNanos, AttemptListener attempts) {
  /** Ends by then, asks one replica at a time, and nobody is told. */
  public static CallTerms until(long deadlineNanos) {
    return new CallTerms(deadlineNanos, 0, AttemptListener.NONE);
  }
}
