package io.flotilla.cli.bench;

import java.util.SplittableRandom;

/**
 * Numbers from 0 on where the i-th is chosen with a frequency near {@code 1 / i^0.99}.
 *
 * <p>The method of Gray et al., "Quickly generating billion-record synthetic databases" (SIGMOD
 * 1994), with the constant of YCSB. Exact for the first two numbers, near for the others.
 */
final class Zipfian implements KeyChooser {
  /** How uneven; YCSB's. */
  static final double THETA = 0.99;

  private final long numbers;
  private final double zeta;
  private final double alpha;
  private final double eta;

  /** Takes time in proportion to the numbers, about 20 ns for each. */
  Zipfian(long numbers) {
    this.numbers = numbers;
    this.zeta = zeta(numbers);
    this.alpha = 1 / (1 - THETA);
    this.eta = (1 - Math.pow(2.0 / numbers, 1 - THETA)) / (1 - zeta(2) / zeta);
  }

  /** The sum of all frequencies before they are scaled to one. */
  static double zeta(long numbers) {
    double sum = 0;
    for (long i = 1; i <= numbers; i++) {
      sum += 1 / Math.pow(i, THETA);
    }
    return sum;
  }

  @Override
  public long next(SplittableRandom random) {
    double uniform = random.nextDouble();
    double scaled = uniform * zeta;
    if (scaled < 1 || numbers == 1) {
      return 0;
    }
    if (scaled < zeta(2) || numbers == 2) {
      return 1;
    }
    long number = (long) (numbers * Math.pow(eta * uniform - eta + 1, alpha));
    return Math.min(numbers - 1, Math.max(0, number));
  }
}
