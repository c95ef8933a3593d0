package io.flotilla.shard.kv;

/**
 * Stamps of a hybrid logical clock: milliseconds since 1970, and lower bits that order what happens
 * within one. Leaders put them into entries; revisions are stamps that rise.
 */
public final class Stamps {
  private static final int ORDER_BITS = 16;

  private Stamps() {}

  /** The first stamp of a millisecond. Also turns a length of time into one of stamps. */
  public static long of(long millis) {
    return millis << ORDER_BITS;
  }

  /** The time of a stamp or of a revision, which is the time of a shard with this last revision. */
  public static long millis(long stamp) {
    return stamp >>> ORDER_BITS;
  }
}
