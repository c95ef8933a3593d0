package io.flotilla.server.metrics;

import io.flotilla.shard.HostMeter;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts what replicas do. Any thread. */
final class HostCounts implements HostMeter {
  private final Spread turns = Spread.ofTimes();
  private final Spread commits = Spread.ofTimes();
  private final LongAdder refused = new LongAdder();
  private final LongAdder received = new LongAdder();
  private final LongAdder proposals = new LongAdder();
  private final LongAdder commands = new LongAdder();
  private final LongAdder applied = new LongAdder();
  private final Map<Leading, LongAdder> leading = new EnumMap<>(Leading.class);
  private final Map<Direction, LongAdder> snapshotBytes = new EnumMap<>(Direction.class);
  private final Map<Direction, LongAdder> snapshotsDone = new EnumMap<>(Direction.class);
  private final Map<Direction, LongAdder> snapshotsFailed = new EnumMap<>(Direction.class);

  HostCounts() {
    for (Leading what : Leading.values()) {
      leading.put(what, new LongAdder());
    }
    for (Direction direction : Direction.values()) {
      snapshotBytes.put(direction, new LongAdder());
      snapshotsDone.put(direction, new LongAdder());
      snapshotsFailed.put(direction, new LongAdder());
    }
  }

  @Override
  public void turned(long nanos) {
    turns.add(nanos);
  }

  @Override
  public void refused() {
    refused.increment();
  }

  @Override
  public void received() {
    received.increment();
  }

  @Override
  public void proposed(int commandsInIt) {
    proposals.increment();
    commands.add(commandsInIt);
  }

  @Override
  public void committed(long nanos) {
    commits.add(nanos);
  }

  @Override
  public void applied(int entries) {
    applied.add(entries);
  }

  @Override
  public void leading(Leading what) {
    add(leading, what, 1);
  }

  @Override
  public void snapshotBytes(Direction direction, int bytes) {
    add(snapshotBytes, direction, bytes);
  }

  @Override
  public void snapshotEnded(Direction direction, boolean done) {
    add(done ? snapshotsDone : snapshotsFailed, direction, 1);
  }

  private static <K> void add(Map<K, LongAdder> counts, K key, long number) {
    LongAdder count = counts.get(key);
    if (count != null) {
      count.add(number);
    }
  }

  void collect(Samples samples) {
    samples.histogram(Metric.LOOP_TURN, turns);
    samples.histogram(Metric.COMMIT_DURATION, commits);
    samples.count(Metric.MAILBOX_REFUSED, refused);
    samples.count(Metric.PEER_RECEIVED, received);
    samples.count(Metric.PROPOSALS, proposals);
    samples.count(Metric.COMMANDS, commands);
    samples.count(Metric.ENTRIES_APPLIED, applied);
    leading.forEach((what, count) -> samples.count(Metric.ELECTIONS, count, name(what)));
    snapshotBytes.forEach(
        (direction, count) -> samples.count(Metric.SNAPSHOT_BYTES, count, name(direction)));
    snapshotsDone.forEach(
        (direction, count) -> samples.count(Metric.SNAPSHOTS, count, name(direction), "done"));
    snapshotsFailed.forEach(
        (direction, count) -> samples.count(Metric.SNAPSHOTS, count, name(direction), "failed"));
  }

  private static String name(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }
}
