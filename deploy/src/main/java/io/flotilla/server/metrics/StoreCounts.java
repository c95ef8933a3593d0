package io.flotilla.server.metrics;

import io.flotilla.storage.StoreMeter;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** Counts commits of the store. Any thread. */
final class StoreCounts implements StoreMeter {
  private final LongSupplier clock;
  private final Spread journalTimes = Spread.ofTimes();
  private final Spread journalBatches = Spread.ofNumbers();
  private final Spread stateTimes = Spread.ofTimes();
  private final LongAdder journalBytes = new LongAdder();
  private final LongAdder stateBytes = new LongAdder();

  StoreCounts(LongSupplier clock) {
    this.clock = clock;
  }

  @Override
  public long nanos() {
    return clock.getAsLong();
  }

  @Override
  public void committed(Part part, int batches, long bytes, long nanos) {
    if (part == Part.JOURNAL) {
      journalTimes.add(nanos);
      journalBatches.add(batches);
      journalBytes.add(bytes);
    } else {
      stateTimes.add(nanos);
      stateBytes.add(bytes);
    }
  }

  void collect(Samples samples) {
    samples.histogram(Metric.JOURNAL_COMMIT, journalTimes);
    samples.histogram(Metric.JOURNAL_BATCHES, journalBatches);
    samples.count(Metric.JOURNAL_BYTES, journalBytes);
    samples.histogram(Metric.STATE_COMMIT, stateTimes);
    samples.count(Metric.STATE_BYTES, stateBytes);
  }
}
