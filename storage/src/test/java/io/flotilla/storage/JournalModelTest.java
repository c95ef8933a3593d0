package io.flotilla.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.raft.Entry;
import io.flotilla.raft.HardState;
import io.flotilla.raft.Payload;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random work against a plain model, with crashes before and after random commits. Blocks, cache
 * and target are tiny, so that reclaiming and moving never stop.
 */
class JournalModelTest {

  private static final int TURNS = 4_000;

  /** What a log should be. Entries are kept after a compaction, which a crash may undo. */
  private static final class Model {
    final TreeMap<Long, Entry> entries = new TreeMap<>();
    long base;
    long baseTerm;
    HardState hardState = HardState.EMPTY;

    Model copy() {
      Model copy = new Model();
      copy.entries.putAll(entries);
      copy.base = base;
      copy.baseTerm = baseTerm;
      copy.hardState = hardState;
      return copy;
    }

    long last() {
      return entries.isEmpty() ? base : entries.lastKey();
    }

    void append(List<Entry> added) {
      entries.tailMap(added.get(0).index(), true).clear();
      added.forEach(entry -> entries.put(entry.index(), entry));
    }

    void reset(long index, long term) {
      entries.clear();
      base = index;
      baseTerm = term;
    }
  }

  private record Step(List<Consumer<Map<ReplicaKey, Model>>> changes) {
    void applyTo(Map<ReplicaKey, Model> models) {
      changes.forEach(change -> change.accept(models));
    }
  }

  private final StoreConfig config =
      new StoreConfig(
          new JournalConfig(4 << 20, 48 << 10, 1 << 20, 16 << 10, 600, 3_000),
          StoreConfig.small().state());

  private final SimNode node = new SimNode(config);
  private final TreeMap<ReplicaKey, Model> durable = new TreeMap<>();
  private final TreeMap<ReplicaKey, Model> planned = new TreeMap<>();
  private final TreeMap<ReplicaKey, Long> committed = new TreeMap<>();
  private final ArrayDeque<Step> pending = new ArrayDeque<>();
  private SplittableRandom random = new SplittableRandom(0);
  private long nextReplica = 1;
  private long term = 1;
  private long crashes;
  private long compactions;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void agreesWithTheModel(long seed) {
    random = new SplittableRandom(seed);
    for (int turn = 0; turn < TURNS; turn++) {
      maybeCompact();
      submitTurn();
      if (random.nextInt(60) == 0) {
        boolean before = random.nextBoolean();
        node.disk
            .journal()
            .crashAtCommit(
                1 + random.nextInt(2),
                before
                    ? SimOrderedStore.CrashPoint.BEFORE_COMMIT
                    : SimOrderedStore.CrashPoint.AFTER_COMMIT);
      }
      if (random.nextInt(3) == 0) {
        node.settle();
        if (!node.fatal.isEmpty()) {
          assertThat(node.fatal.get(0)).isInstanceOf(SimCrashException.class);
          recover();
        } else {
          assertThat(pending).isEmpty();
          check(durable, true);
        }
      }
    }
    node.settle();
    assertThat(crashes).isGreaterThan(10);
    assertThat(compactions).isGreaterThan(500);
    assertThat(node.disk.journal().usage().usedBytes()).isLessThan(1 << 20);
  }

  private void submitTurn() {
    JournalBatch batch = new JournalBatch();
    List<Consumer<Map<ReplicaKey, Model>>> changes = new ArrayList<>();
    int ops = 1 + random.nextInt(4);
    for (int i = 0; i < ops; i++) {
      ReplicaKey key = pickReplica();
      Consumer<Map<ReplicaKey, Model>> change = op(batch, key);
      change.accept(planned);
      changes.add(change);
    }
    Step step = new Step(changes);
    pending.add(step);
    node.journal()
        .submit(
            batch,
            () -> {
              assertThat(pending.remove()).isSameAs(step);
              step.applyTo(durable);
            });
  }

  private ReplicaKey pickReplica() {
    if (planned.size() < 6 && random.nextInt(20) == 0 || planned.isEmpty()) {
      ReplicaKey fresh = new ReplicaKey(1 + nextReplica % 3, nextReplica++);
      planned.put(fresh, new Model());
      committed.put(fresh, 0L);
      return fresh;
    }
    // The first replicas are written seldom: they are the slow ones that hold the old end.
    List<ReplicaKey> keys = List.copyOf(planned.keySet());
    int at = random.nextInt(10) == 0 ? 0 : random.nextInt(keys.size());
    return keys.get(Math.min(keys.size() - 1, Math.max(at, random.nextInt(8) == 0 ? 0 : 1)));
  }

  private Consumer<Map<ReplicaKey, Model>> op(JournalBatch batch, ReplicaKey key) {
    int dice = random.nextInt(200);
    if (dice == 0 && planned.size() > 2) {
      batch.remove(key);
      return models -> models.remove(key);
    }
    if (dice < 4) {
      long index = model(planned, key).last() + random.nextInt(20);
      long atTerm = ++term;
      batch.reset(key, index, atTerm);
      return models -> model(models, key).reset(index, atTerm);
    }
    if (dice < 40) {
      HardState state = new HardState(++term, random.nextInt(5), committed(key));
      batch.hardState(key, state);
      return models -> model(models, key).hardState = state;
    }
    List<Entry> entries = someEntries(key);
    batch.append(key, entries);
    return models -> model(models, key).append(entries);
  }

  private List<Entry> someEntries(ReplicaKey key) {
    Model model = model(planned, key);
    long floor = Math.max(model.base, committed(key));
    long from = model.last() + 1;
    if (random.nextInt(6) == 0 && model.last() > floor) {
      from = floor + 1 + random.nextLong(model.last() - floor);
      term++;
    }
    List<Entry> entries = new ArrayList<>();
    int count = 1 + random.nextInt(5);
    for (int i = 0; i < count; i++) {
      byte[] payload = new byte[random.nextInt(random.nextInt(30) == 0 ? 3_000 : 120)];
      random.nextBytes(payload);
      Entry.Type type = Entry.Type.values()[random.nextInt(3)];
      entries.add(new Entry(term, from + i, type, Payload.of(payload)));
    }
    return entries;
  }

  /** Moves the commit index on and compacts behind it, for all but the slowest replica. */
  private void maybeCompact() {
    for (Map.Entry<ReplicaKey, Model> row : durable.entrySet()) {
      ReplicaKey key = row.getKey();
      if (!planned.containsKey(key) || row.getValue().last() == 0 || random.nextInt(4) != 0) {
        continue;
      }
      ReplicaLog log = node.journal().log(key);
      long safe = Math.min(log.lastIndex(), model(planned, key).last());
      if (pending.isEmpty() && safe > committed(key)) {
        committed.put(key, Math.max(committed(key), safe - random.nextLong(Math.min(safe, 4))));
      }
      long upTo = Math.min(safe, committed(key)) - random.nextInt(3);
      if (upTo >= log.firstIndex() && !key.equals(durable.firstKey())) {
        compactions++;
        node.journal().compact(key, upTo);
      } else if (upTo >= log.firstIndex() + 200) {
        node.journal().compact(key, upTo);
      }
    }
  }

  private void recover() {
    crashes++;
    node.restart();
    // What was acknowledged is there; of the rest, a prefix.
    List<Step> rest = List.copyOf(pending);
    boolean found = matches(durable);
    for (int i = 0; i < rest.size() && !found; i++) {
      rest.get(i).applyTo(durable);
      found = matches(durable);
    }
    if (!found) {
      check(durable, false);
    }
    pending.clear();
    planned.clear();
    durable.forEach((key, model) -> planned.put(key, model.copy()));
    committed.keySet().retainAll(planned.keySet());
    committed.replaceAll((key, index) -> Math.min(index, model(planned, key).last()));
  }

  private boolean matches(Map<ReplicaKey, Model> models) {
    try {
      check(models, false);
      return true;
    } catch (AssertionError e) {
      return false;
    }
  }

  private void check(Map<ReplicaKey, Model> models, boolean cached) {
    assertThat(node.journal().replicas()).containsExactlyElementsOf(models.keySet());
    models.forEach(
        (key, model) -> {
          ReplicaLog log = node.journal().log(key);
          assertThat(log.hardState()).isEqualTo(model.hardState);
          assertThat(log.lastIndex()).isEqualTo(model.last());
          long first = log.firstIndex();
          assertThat(first).isGreaterThan(model.base);
          Entry before = model.entries.get(first - 1);
          assertThat(log.term(first - 1))
              .isEqualTo(before == null ? model.baseTerm : before.term());
          List<Entry> expected = List.copyOf(model.entries.tailMap(first, true).values());
          assertThat(log.entries(first, log.lastIndex() + 1, Long.MAX_VALUE)).isEqualTo(expected);
        });
  }

  private long committed(ReplicaKey key) {
    return committed.getOrDefault(key, 0L);
  }

  private static Model model(Map<ReplicaKey, Model> models, ReplicaKey key) {
    return models.computeIfAbsent(key, absent -> new Model());
  }
}
