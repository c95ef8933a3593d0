package io.flotilla.jmh;

import io.flotilla.raft.Entry;
import io.flotilla.raft.Payload;
import io.flotilla.storage.JournalBatch;
import io.flotilla.storage.NodeStore;
import io.flotilla.storage.ReplicaKey;
import io.flotilla.storage.StoreConfig;
import io.flotilla.storage.StoreExecutors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One commit of the journal on this disk, from the batch to its completion. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class JournalBenchmark {
  private static final Payload COMMAND = Payload.of(new byte[160]);

  /** Entries in a commit. */
  @Param({"1", "256"})
  public int entries;

  /** Shards they belong to. */
  @Param({"1", "16"})
  public int shards;

  private Path directory;
  private NodeStore store;
  private long[] lastIndexes;

  /** A store below the working directory: a temporary one may be no disk. */
  @Setup
  public void open() throws IOException {
    directory = Files.createTempDirectory(Path.of("").toAbsolutePath(), "jmh-journal");
    store = NodeStore.open(directory, StoreConfig.defaults(), StoreExecutors.dedicatedThreads());
    lastIndexes = new long[shards];
  }

  /** Deletes it. */
  @TearDown
  public void close() throws IOException {
    store.close();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** A batch as a turn of a loop makes it, durable. */
  @Benchmark
  public void commit() throws InterruptedException {
    JournalBatch batch = new JournalBatch();
    int each = Math.max(1, entries / shards);
    for (int shard = 0; shard < Math.min(shards, entries); shard++) {
      List<Entry> appended = new ArrayList<>(each);
      for (int i = 0; i < each; i++) {
        appended.add(new Entry(1, ++lastIndexes[shard], Entry.Type.DATA, COMMAND));
      }
      batch.append(new ReplicaKey(shard + 1, 1), appended);
    }
    CountDownLatch durable = new CountDownLatch(1);
    store.journal().submit(batch, durable::countDown);
    durable.await();
    for (int shard = 0; shard < Math.min(shards, entries); shard++) {
      store.journal().compact(new ReplicaKey(shard + 1, 1), lastIndexes[shard]);
    }
  }
}
