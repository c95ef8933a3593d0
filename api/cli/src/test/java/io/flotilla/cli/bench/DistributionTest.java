package io.flotilla.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.flotilla.client.Key;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DistributionTest {
  private static final int DRAWS = 1_000_000;
  private static final long SEED = 4711;

  @Test
  void zipfian_choosesByRank() {
    int keys = 1_000;
    long[] counts = draw(Distribution.ZIPFIAN.chooser(keys, () -> keys), keys);
    double zeta = Zipfian.zeta(keys);
    for (int rank : List.of(1, 2)) {
      double expected = DRAWS / Math.pow(rank, Zipfian.THETA) / zeta;
      assertThat((double) counts[rank - 1]).isCloseTo(expected, within(expected * 0.02));
    }
    // Beyond the first two it is an approximation, so whole decades are compared.
    for (int first : List.of(10, 100)) {
      double expected = 0;
      long seen = 0;
      for (int rank = first; rank < first * 10; rank++) {
        expected += DRAWS / Math.pow(rank, Zipfian.THETA) / zeta;
        seen += counts[rank - 1];
      }
      assertThat((double) seen).as("from %s", first).isCloseTo(expected, within(expected * 0.1));
    }
  }

  @Test
  void uniform_choosesAllAlike() {
    int keys = 100;
    for (long count : draw(Distribution.UNIFORM.chooser(keys, () -> keys), keys)) {
      assertThat((double) count).isCloseTo(DRAWS / 100.0, within(DRAWS / 100.0 * 0.05));
    }
  }

  @Test
  void latest_followsTheNewestKey() {
    AtomicLong now = new AtomicLong(1_000);
    KeyChooser chooser = Distribution.LATEST.chooser(1_000, now::get);
    long[] before = draw(chooser, 1_000);
    assertThat(before[999]).isGreaterThan(before[0] * 50);
    now.set(1_500);
    SplittableRandom random = new SplittableRandom(SEED);
    long newest = 0;
    for (int i = 0; i < 1_000; i++) {
      newest += chooser.next(random) == 1_499 ? 1 : 0;
    }
    assertThat(newest).isGreaterThan(50);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void fewKeys_areNoProblem(int keys) {
    for (Distribution distribution : Distribution.values()) {
      KeyChooser chooser = distribution.chooser(keys, () -> keys);
      SplittableRandom random = new SplittableRandom(SEED);
      for (int i = 0; i < 1_000; i++) {
        assertThat(chooser.next(random)).isBetween(0L, keys - 1L);
      }
    }
  }

  @Test
  void workloads_keepTheirShares() {
    TreeMap<OperationKind, Integer> counts = new TreeMap<>();
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < 10_000; i++) {
      counts.merge(Workload.YCSB_E.next(random), 1, Integer::sum);
    }
    assertThat(counts.get(OperationKind.SCAN)).isBetween(9_400, 9_600);
    assertThat(counts.get(OperationKind.INSERT)).isBetween(400, 600);
    assertThat(counts).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 10, 16, 20})
  void keys_areDifferentAndSpreadEvenly(int digits) {
    KeySet keys = new KeySet("k/", digits, 20_000);
    List<Key> boundaries = keys.boundaries(4);
    int[] counts = new int[4];
    Set<Key> seen = new HashSet<>();
    for (long number = 0; number < keys.count(); number++) {
      Key key = keys.key(number);
      assertThat(key.size()).isEqualTo(keys.size());
      assertThat(seen.add(key)).isTrue();
      counts[(int) boundaries.stream().filter(start -> start.compareTo(key) <= 0).count()]++;
    }
    for (int count : counts) {
      assertThat(count).isBetween(4_700, 5_300);
    }
  }

  private static long[] draw(KeyChooser chooser, int keys) {
    SplittableRandom random = new SplittableRandom(SEED);
    long[] counts = new long[keys];
    for (int i = 0; i < DRAWS; i++) {
      counts[(int) chooser.next(random)]++;
    }
    return counts;
  }
}
