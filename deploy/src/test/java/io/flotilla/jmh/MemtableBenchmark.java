package io.flotilla.jmh;

import io.flotilla.raft.Payload;
import io.flotilla.storage.FlushBatch;
import io.flotilla.storage.FrozenMemtable;
import io.flotilla.storage.NodeStore;
import io.flotilla.storage.ReplicaKey;
import io.flotilla.storage.ReplicaState;
import io.flotilla.storage.StoreConfig;
import io.flotilla.storage.StoreExecutors;
import io.flotilla.storage.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Rows of a replica: written to the memtable, read from it, and read from the tree below. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MemtableBenchmark {
  private static final int KEYS = 100_000;
  private static final Payload VALUE = Payload.of(new byte[128]);

  private final Payload[] keys = new Payload[KEYS];
  private final SplittableRandom random = new SplittableRandom(4711);
  private Path directory;
  private NodeStore store;
  private ReplicaState inMemory;
  private ReplicaState inTree;

  /** The same rows twice: in a memtable, and flushed. */
  @Setup
  public void open() throws IOException, InterruptedException {
    directory = Files.createTempDirectory(Path.of("").toAbsolutePath(), "jmh-state");
    store = NodeStore.open(directory, StoreConfig.defaults(), StoreExecutors.dedicatedThreads());
    inMemory = store.state().open(new ReplicaKey(1, 1));
    inTree = store.state().open(new ReplicaKey(2, 1));
    for (int i = 0; i < KEYS; i++) {
      keys[i] = Payload.utf8(String.format("%016x", random.nextLong()));
      inMemory.put(Table.DATA, keys[i], VALUE);
      inTree.put(Table.DATA, keys[i], VALUE);
    }
    FrozenMemtable frozen = inTree.freeze();
    FlushBatch flush = new FlushBatch();
    flush.add(frozen);
    CountDownLatch durable = new CountDownLatch(1);
    store.state().flush(flush, durable::countDown);
    durable.await();
    inTree.release(frozen);
  }

  /** Deletes them. */
  @TearDown
  public void close() throws IOException {
    store.close();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Replaces a row. */
  @Benchmark
  public void put() {
    inMemory.put(Table.DATA, keys[random.nextInt(KEYS)], VALUE);
  }

  /** A row that was written lately. */
  @Benchmark
  public Payload getFromMemory() {
    return inMemory.get(Table.DATA, keys[random.nextInt(KEYS)]);
  }

  /** A row that was flushed. */
  @Benchmark
  public Payload getFromTree() {
    return inTree.get(Table.DATA, keys[random.nextInt(KEYS)]);
  }
}
