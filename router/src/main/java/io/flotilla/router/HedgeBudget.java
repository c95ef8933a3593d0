package io.flotilla.router;

/**
 * How many reads may ask a second replica: a part of all reads that could, with a small reserve. So
 * a cluster that is slow because it is busy gets little more to do (J. Dean and L. A. Barroso, The
 * Tail at Scale, 2013). Thread-safe.
 */
final class HedgeBudget {
  private static final int WHOLE = 100;

  /** Hedges in a row after quiet times. */
  static final int RESERVE = 10;

  private final int percent;
  private int credit = RESERVE * WHOLE;

  /** A full reserve; then so many of 100 reads. */
  HedgeBudget(int percent) {
    this.percent = percent;
  }

  /** A read begins that may ask twice. */
  synchronized void earn() {
    credit = Math.min(RESERVE * WHOLE, credit + percent);
  }

  /** Whether a second replica may be asked now. */
  synchronized boolean spend() {
    if (credit < WHOLE) {
      return false;
    }
    credit -= WHOLE;
    return true;
  }
}
