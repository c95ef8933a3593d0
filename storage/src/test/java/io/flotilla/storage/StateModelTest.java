package io.flotilla.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.raft.Payload;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random writes, freezes, flushes, scans and crashes against a plain sorted map. */
class StateModelTest {

  private static final Payload APPLIED = Payload.utf8("applied");
  private static final int TURNS = 3_000;

  /** The rows after a number of writes, which the flush notes as the applied index. */
  private record Flushed(FrozenMemtable layer, long applied, TreeMap<Payload, Payload> rows) {}

  private final SimNode node = new SimNode(StoreConfig.small());
  private final ReplicaKey replica = new ReplicaKey(1, 1);
  private final ArrayDeque<Flushed> inFlight = new ArrayDeque<>();
  private final Map<Long, TreeMap<Payload, Payload>> history = new TreeMap<>();
  private TreeMap<Payload, Payload> rows = new TreeMap<>();
  private SplittableRandom random = new SplittableRandom(0);
  private ReplicaState state = node.state().open(replica);
  private long applied;
  private long acknowledged;
  private int crashes;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void agreesWithASortedMap(long seed) {
    random = new SplittableRandom(seed);
    for (int turn = 0; turn < TURNS; turn++) {
      write();
      if (random.nextInt(10) == 0) {
        flush();
      }
      if (random.nextInt(15) == 0) {
        node.stateWriter.runAll();
      }
      if (random.nextInt(100) == 0) {
        node.disk
            .state()
            .crashAtCommit(
                1,
                random.nextBoolean()
                    ? SimOrderedStore.CrashPoint.BEFORE_COMMIT
                    : SimOrderedStore.CrashPoint.AFTER_COMMIT);
      }
      if (!node.fatal.isEmpty()) {
        recover();
      }
      checkScan();
      checkGets();
    }
    assertThat(crashes).isGreaterThan(5);
  }

  private void write() {
    for (int i = random.nextInt(5); i >= 0; i--) {
      Payload key = key();
      applied++;
      if (random.nextInt(4) == 0) {
        state.delete(Table.DATA, key);
        rows.remove(key);
      } else {
        Payload value = Payload.utf8("v" + applied);
        state.put(Table.DATA, key, value);
        rows.put(key, value);
      }
    }
  }

  private void flush() {
    FlushBatch batch = new FlushBatch();
    if (random.nextInt(6) == 0) {
      RowRange range = range();
      // A clear of what the tree and earlier batches hold; the memtable forgets it row by row.
      batch.clearRange(range);
      for (Payload key : List.copyOf(FlushPlan.sub(rows, range).keySet())) {
        state.delete(Table.DATA, key);
        rows.remove(key);
      }
      applied++;
    }
    FrozenMemtable layer = state.freeze();
    batch.add(layer);
    batch.putMeta(APPLIED, Keys.ofLong(applied));
    Flushed flushed = new Flushed(layer, applied, new TreeMap<>(rows));
    inFlight.add(flushed);
    history.put(applied, flushed.rows());
    node.state()
        .flush(
            batch,
            () -> {
              assertThat(inFlight.remove()).isSameAs(flushed);
              acknowledged = flushed.applied();
              state.release(layer);
            });
  }

  private void recover() {
    crashes++;
    node.restart();
    inFlight.clear();
    Payload mark = node.state().meta(APPLIED);
    applied = mark == null ? 0 : Keys.toLong(mark);
    assertThat(applied).isGreaterThanOrEqualTo(acknowledged);
    acknowledged = applied;
    rows = new TreeMap<>(history.getOrDefault(applied, new TreeMap<>()));
    state = node.state().open(replica);
  }

  private void checkScan() {
    RowRange range = range();
    boolean reverse = random.nextBoolean();
    int limit = random.nextInt(12);
    NavigableMap<Payload, Payload> part = FlushPlan.sub(rows, range);
    List<Payload> expected = new ArrayList<>();
    for (Payload key : (reverse ? part.descendingMap() : part).keySet()) {
      if (expected.size() <= limit) {
        expected.add(key);
      }
    }
    List<Payload> found = new ArrayList<>();
    state.scan(
        range,
        reverse,
        (key, value) -> {
          found.add(key);
          assertThat(value).isEqualTo(rows.get(key));
          return found.size() <= limit;
        });
    assertThat(found).isEqualTo(expected);
  }

  private void checkGets() {
    List<Payload> keys = List.of(key(), key(), key());
    List<Payload> expected = new ArrayList<>();
    keys.forEach(key -> expected.add(rows.get(key)));
    assertThat(state.getAll(Table.DATA, keys)).isEqualTo(expected);
    assertThat(state.get(Table.DATA, keys.get(0))).isEqualTo(expected.get(0));
  }

  private RowRange range() {
    Payload one = random.nextInt(5) == 0 ? Payload.EMPTY : key();
    Payload other = key();
    if (random.nextInt(5) == 0) {
      return new RowRange(Table.DATA, one, null);
    }
    return one.compareTo(other) <= 0
        ? new RowRange(Table.DATA, one, other)
        : new RowRange(Table.DATA, other, one);
  }

  private Payload key() {
    byte[] key = new byte[1 + random.nextInt(2)];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) (random.nextInt(6) * 51);
    }
    return Payload.of(key);
  }
}
