package io.flotilla.chaos;

import io.flotilla.client.Entry;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.FlotillaException;
import io.flotilla.client.Key;
import io.flotilla.client.KeyRange;
import io.flotilla.client.Overflow;
import io.flotilla.client.Scan;
import io.flotilla.client.Value;
import io.flotilla.server.local.JavaCommand;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A caller that puts and puts against three real nodes, and waits for no answer before the end. */
final class MillionPuts {
  private static final Key PREFIX = Key.of("put/");
  private static final int SHARDS = 6;
  private static final String WRITTEN = "written";

  /**
   * What is done.
   *
   * @param puts how many, 1 to 10,000,000, each of a key of its own
   * @param valueBytes of each value
   * @param overflow what the client does while it has no room
   * @param deadline of each put
   */
  record Plan(int puts, int valueBytes, Overflow overflow, Duration deadline) {}

  /**
   * What came of it.
   *
   * @param callNanos until the last put had been called
   * @param nanos until the last one had ended
   * @param heapBefore bytes of heap used after a collection, before the first put
   * @param heapPeak bytes at most, with garbage: the sum of the peaks of all parts of the heap
   * @param heapMax bytes that this process may have
   * @param ends how many puts ended how
   * @param found keys that a scan found afterwards
   */
  record Result(
      Plan plan,
      long callNanos,
      long nanos,
      long heapBefore,
      long heapPeak,
      long heapMax,
      Map<String, Integer> ends,
      long found) {

    int written() {
      return ends.getOrDefault(WRITTEN, 0);
    }

    /** Each put ended; none failed where they may wait; none that was acknowledged is missing. */
    boolean holds() {
      boolean all = ends.values().stream().mapToInt(Integer::intValue).sum() == plan.puts();
      boolean failed = plan.overflow() == Overflow.WAIT && written() != plan.puts();
      return all && !failed && found >= written();
    }
  }

  private final Plan plan;
  private final JavaCommand java;
  private final Path directory;
  private final LongSupplier nanoClock;
  private final Consumer<String> say;

  MillionPuts(
      Plan plan, JavaCommand java, Path directory, LongSupplier nanoClock, Consumer<String> say) {
    this.plan = plan;
    this.java = java;
    this.directory = directory;
    this.nanoClock = nanoClock;
    this.say = say;
  }

  Result run() throws InterruptedException {
    try (Site site = Site.start(java, directory, nanoClock, new Defects(say));
        FlotillaClient client =
            FlotillaClient.builder()
                .endpoints(site.cluster().endpoints())
                .timeout(plan.deadline())
                .overflow(plan.overflow())
                .build()) {
      for (int i = 1; i < SHARDS; i++) {
        site.client().admin().splitShard(key((int) ((long) plan.puts() * i / SHARDS)));
      }
      site.awaitWhole();
      say.accept("3 nodes are up in " + directory + ", with " + SHARDS + " shards");
      return put(client);
    }
  }

  private Result put(FlotillaClient client) throws InterruptedException {
    Value value = Value.of(new byte[plan.valueBytes()]);
    Map<String, Integer> ends = new TreeMap<>();
    CountDownLatch open = new CountDownLatch(plan.puts());
    long before = settledHeap();
    long begun = nanoClock.getAsLong();
    for (int i = 0; i < plan.puts(); i++) {
      var unused =
          client
              .async()
              .put(key(order(i)), value)
              .whenComplete(
                  (written, failure) -> {
                    synchronized (ends) {
                      ends.merge(end(failure), 1, Integer::sum);
                    }
                    open.countDown();
                  });
    }
    long called = nanoClock.getAsLong() - begun;
    open.await();
    long ended = nanoClock.getAsLong() - begun;
    long peak = peakHeap();
    return new Result(
        plan,
        called,
        ended,
        before,
        peak,
        Runtime.getRuntime().maxMemory(),
        Map.copyOf(ends),
        count(client));
  }

  /** Goes through the shards in turn, so that all of them have work all the time. */
  private int order(int number) {
    int share = plan.puts() / SHARDS;
    return number >= share * SHARDS ? number : number % SHARDS * share + number / SHARDS;
  }

  private static Key key(int number) {
    return Key.of("put/%08d".formatted(number));
  }

  private static String end(@Nullable Throwable failure) {
    if (failure == null) {
      return WRITTEN;
    }
    return failure instanceof FlotillaException e
        ? e.code() + ", " + e.outcome()
        : String.valueOf(failure);
  }

  private static long count(FlotillaClient client) {
    Scan all = Scan.range(KeyRange.ofPrefix(PREFIX)).keysOnly();
    try (Stream<Entry> entries = client.kv().withTimeout(Duration.ofSeconds(30)).scan(all)) {
      return entries.count();
    }
  }

  private static long settledHeap() {
    System.gc();
    heapPools().forEach(MemoryPoolMXBean::resetPeakUsage);
    return heapPools().stream().mapToLong(pool -> pool.getUsage().getUsed()).sum();
  }

  private static long peakHeap() {
    return heapPools().stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
  }

  private static List<MemoryPoolMXBean> heapPools() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .toList();
  }

  /** For people. */
  static String text(Result result) {
    double seconds = result.nanos() / 1e9;
    StringBuilder out =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%,d puts of %d bytes, never waited for: called within %.1f s, ended within %.1f s"
                    + " (%,.0f/s)%n",
                result.plan().puts(),
                result.plan().valueBytes(),
                result.callNanos() / 1e9,
                seconds,
                result.plan().puts() / seconds));
    out.append(
        String.format(
            Locale.ROOT,
            "heap: %.1f MiB before, %.1f MiB at most with garbage, of %.1f MiB allowed%n",
            mib(result.heapBefore()),
            mib(result.heapPeak()),
            mib(result.heapMax())));
    new TreeMap<>(result.ends())
        .forEach((end, times) -> out.append(String.format(Locale.ROOT, "%s: %,d%n", end, times)));
    return out.append(String.format(Locale.ROOT, "found by a scan: %,d%n", result.found()))
        .toString();
  }

  private static double mib(long bytes) {
    return bytes / (double) (1 << 20);
  }
}
