package io.flotilla.cli.bench;

import java.util.Locale;
import java.util.function.LongSupplier;

/** Which keys are liked. */
public enum Distribution {
  /** All alike. */
  UNIFORM,
  /** A few much, by {@link Zipfian#THETA}; they are spread over the key space. */
  ZIPFIAN,
  /** The newest. */
  LATEST;

  /**
   * A chooser among the keys.
   *
   * @param keys number of keys at the start, at least one
   * @param now number of keys that are there when a key is chosen
   */
  KeyChooser chooser(long keys, LongSupplier now) {
    return switch (this) {
      case UNIFORM -> random -> random.nextLong(now.getAsLong());
      case ZIPFIAN -> new Zipfian(keys);
      case LATEST -> {
        Zipfian age = new Zipfian(keys);
        yield random -> now.getAsLong() - 1 - age.next(random);
      }
    };
  }

  /** As it is written on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
