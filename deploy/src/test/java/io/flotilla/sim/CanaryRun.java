package io.flotilla.sim;

import java.util.Optional;
import java.util.OptionalLong;

/** Seeds until one fails. The entry of a class loader that has a fault planted in its classes. */
public final class CanaryRun {
  private CanaryRun() {}

  /**
   * Runs seeds until one fails.
   *
   * @param first seed
   * @param count of seeds at most
   * @return the seed that failed, and why in its first line; empty if none did
   */
  public static String firstFailure(long first, int count) {
    for (long seed = first; seed < first + count; seed++) {
      try {
        new Simulation(seed, new Coverage(), false, Optional.empty()).run();
      } catch (AssertionError | RuntimeException e) {
        String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        return seed + " " + reason;
      }
    }
    return "";
  }

  /** The seed of a result of {@link #firstFailure}. */
  static OptionalLong seed(String result) {
    return result.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(Long.parseLong(result.substring(0, result.indexOf(' '))));
  }
}
