package io.flotilla.cli.bench;

import java.util.SplittableRandom;

/** Chooses the number of a key. Thread-safe, with a random generator for each thread. */
@FunctionalInterface
interface KeyChooser {
  long next(SplittableRandom random);
}
