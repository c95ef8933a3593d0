package io.flotilla.raft;

/** Random lives of one group until one shows a fault: for tests that plant some. */
public final class RandomLives {
  private RandomLives() {}

  /**
   * Runs lives until one fails.
   *
   * @param first seed
   * @param count of seeds at most
   * @return the seed that failed, and why in its first line; empty if none did
   */
  public static String firstFailure(long first, int count) {
    for (long seed = first; seed < first + count; seed++) {
      try {
        new SeedRun(seed, false).run();
      } catch (AssertionError | RuntimeException e) {
        return seed + " " + String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      }
    }
    return "";
  }
}
