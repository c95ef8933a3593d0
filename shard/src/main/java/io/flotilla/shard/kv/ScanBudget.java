package io.flotilla.shard.kv;

/** How much may be scanned until the budget is renewed. Confined to one thread. */
public final class ScanBudget {
  private final int mostRows;
  private final long mostBytes;
  private int rows;
  private long bytes;

  /**
   * A whole budget.
   *
   * @param mostRows from 1
   * @param mostBytes from 1; the row that exceeds it is the last
   */
  public ScanBudget(int mostRows, long mostBytes) {
    this.mostRows = mostRows;
    this.mostBytes = mostBytes;
    renew();
  }

  /** It is whole again. */
  public void renew() {
    rows = mostRows;
    bytes = mostBytes;
  }

  boolean isSpent() {
    return rows <= 0 || bytes <= 0;
  }

  /** Takes a row off it; false: that was the last. */
  boolean spend(long size) {
    rows--;
    bytes -= size;
    return !isSpent();
  }
}
