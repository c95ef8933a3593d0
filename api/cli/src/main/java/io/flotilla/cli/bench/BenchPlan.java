package io.flotilla.cli.bench;

import java.time.Duration;

/**
 * What is to be run.
 *
 * @param workload what is done
 * @param distribution which keys are liked
 * @param keys the keys
 * @param valueSize bytes of each value, at least {@link #MIN_VALUE_BYTES}
 * @param perSecond operations a second; 0: as many as there can be
 * @param schedule how long
 */
public record BenchPlan(
    Workload workload,
    Distribution distribution,
    KeySet keys,
    int valueSize,
    double perSecond,
    Schedule schedule) {
  /** Fewest bytes of a value: what makes it verifiable. */
  public static final int MIN_VALUE_BYTES = Values.MIN_BYTES;

  /** Most keys: the revisions of acknowledged writes are kept in memory, 8 bytes each. */
  public static final long MAX_KEYS = Ledger.MAX_KEYS;

  /**
   * How long, and from which seed.
   *
   * @param warmUp time that is not measured
   * @param time measured time
   * @param seed of the choice of operations and keys
   */
  public record Schedule(Duration warmUp, Duration time, long seed) {}
}
