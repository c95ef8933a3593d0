package io.flotilla.cli.bench;

import io.flotilla.client.Entry;
import io.flotilla.client.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** What was written and acknowledged, and whether reads agree with it. Thread-safe. */
final class Ledger {
  /** Keys whose acknowledged revision is kept: 8 bytes each. */
  static final long MAX_KEYS = 50_000_000;

  private static final int SHOWN = 10;

  private final Values values;
  private final AtomicLongArray acknowledged;
  private final AtomicLong versions = new AtomicLong();
  private final LongAdder wrong = new LongAdder();
  private final List<String> examples = new ArrayList<>();

  Ledger(Values values, int keys) {
    this.values = values;
    this.acknowledged = new AtomicLongArray(keys);
  }

  /** A version that no value of this run has yet. */
  long nextVersion() {
    return versions.incrementAndGet();
  }

  /** The revision of the newest acknowledged write of the key; 0: none is known. */
  long acknowledged(long number) {
    return number < acknowledged.length() ? acknowledged.get((int) number) : 0;
  }

  void acknowledge(long number, long revision) {
    if (number < acknowledged.length()) {
      acknowledged.accumulateAndGet((int) number, revision, Math::max);
    }
  }

  /** Judges a read of a key that was absent. */
  void absent(Key key, long acknowledgedBefore) {
    if (acknowledgedBefore > 0) {
      wrong(key, "absent, although revision " + acknowledgedBefore + " was acknowledged");
    }
  }

  /**
   * Judges a read.
   *
   * @param acknowledgedBefore what {@link #acknowledged} said before the read began
   */
  void found(Entry entry, long acknowledgedBefore) {
    if (!values.isOf(entry.key(), entry.value())) {
      wrong(entry.key(), "a value that was not written for it");
    } else if (values.isOwn(entry.value()) && Values.version(entry.value()) > versions.get()) {
      wrong(entry.key(), "a version that was not written yet");
    } else if (entry.revision() < acknowledgedBefore) {
      wrong(
          entry.key(),
          "revision %d, although %d was acknowledged before"
              .formatted(entry.revision(), acknowledgedBefore));
    }
  }

  /** Counts a wrong read. */
  void wrong(Key key, String why) {
    wrong.increment();
    synchronized (examples) {
      if (examples.size() < SHOWN) {
        examples.add("key '" + key + "': " + why);
      }
    }
  }

  /** Reads that were wrong so far. */
  long wrong() {
    return wrong.sum();
  }

  /** The first wrong reads, for people. */
  List<String> examples() {
    synchronized (examples) {
      return List.copyOf(examples);
    }
  }
}
