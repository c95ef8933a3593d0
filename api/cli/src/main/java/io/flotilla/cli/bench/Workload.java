package io.flotilla.cli.bench;

import java.util.Locale;
import java.util.SplittableRandom;

/** What a run does: shares of operations, and which keys are liked. */
public enum Workload {
  /** Writes only. */
  PUT("writes", new Shares(0, 100, 0, 0), Distribution.UNIFORM),
  /** Reads only. */
  GET("reads", new Shares(100, 0, 0, 0), Distribution.UNIFORM),
  /** Half reads, half writes. */
  MIXED("50 % reads, 50 % writes", new Shares(50, 50, 0, 0), Distribution.ZIPFIAN),
  /** YCSB A. */
  YCSB_A("50 % reads, 50 % writes", new Shares(50, 50, 0, 0), Distribution.ZIPFIAN),
  /** YCSB B. */
  YCSB_B("95 % reads, 5 % writes", new Shares(95, 5, 0, 0), Distribution.ZIPFIAN),
  /** YCSB C. */
  YCSB_C("reads", new Shares(100, 0, 0, 0), Distribution.ZIPFIAN),
  /** YCSB D. */
  YCSB_D("95 % reads, 5 % new keys", new Shares(95, 0, 5, 0), Distribution.LATEST),
  /** YCSB E. */
  YCSB_E("95 % scans, 5 % new keys", new Shares(0, 0, 5, 95), Distribution.ZIPFIAN),
  /** YCSB F: the rest of the shares is read-modify-write. */
  YCSB_F("50 % reads, 50 % read-modify-writes", new Shares(50, 0, 0, 0), Distribution.ZIPFIAN);

  private final String description;
  private final Shares shares;
  private final Distribution distribution;

  Workload(String description, Shares shares, Distribution distribution) {
    this.description = description;
    this.shares = shares;
    this.distribution = distribution;
  }

  /** Percent of each kind; what is left of 100 is read-modify-write. */
  private record Shares(int reads, int updates, int inserts, int scans) {}

  /** Which keys are liked where nothing else is asked for. */
  public Distribution distribution() {
    return distribution;
  }

  /** For people. */
  public String description() {
    return description;
  }

  /** Whether it adds keys while it runs. */
  boolean inserts() {
    return shares.inserts() > 0;
  }

  OperationKind next(SplittableRandom random) {
    int percent = random.nextInt(100);
    if (percent < shares.reads()) {
      return OperationKind.READ;
    }
    percent -= shares.reads();
    if (percent < shares.updates()) {
      return OperationKind.UPDATE;
    }
    percent -= shares.updates();
    if (percent < shares.inserts()) {
      return OperationKind.INSERT;
    }
    return percent - shares.inserts() < shares.scans()
        ? OperationKind.SCAN
        : OperationKind.READ_MODIFY_WRITE;
  }

  /** As it is written on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
