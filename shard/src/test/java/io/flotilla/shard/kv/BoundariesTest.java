package io.flotilla.shard.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.raft.Payload;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BoundariesTest {
  private static Payload key(int number) {
    return Payload.utf8("k%07d".formatted(number));
  }

  private static Boundaries of(long... sizes) {
    Boundaries boundaries = new Boundaries();
    for (int i = 0; i < sizes.length; i++) {
      boundaries.add(KeySpace.userRow(key(i)), sizes[i]);
    }
    return boundaries;
  }

  @Test
  void nothingHasNoCuts() {
    assertThat(of().cuts(2)).isEmpty();
    assertThat(of(100).cuts(2)).isEmpty();
    assertThat(of().bytes()).isZero();
  }

  @Test
  void fewRowsAreCutBetweenThem() {
    assertThat(of(10, 10, 10, 10).cuts(2)).containsExactly(key(2));
    assertThat(of(10, 10, 10, 10).cuts(4)).containsExactly(key(1), key(2), key(3));
    assertThat(of(10, 10, 10).cuts(8)).containsExactly(key(1), key(2));
  }

  @Test
  void aLargeRowIsKeptApart() {
    assertThat(of(1, 1, 100, 1).cuts(2)).hasSize(1);
    assertThat(of(100, 1, 1).cuts(2)).containsExactly(key(1));
  }

  @Test
  void manyRowsAreCutIntoPartsOfAboutTheSameSize() {
    SplittableRandom random = new SplittableRandom(7);
    for (int rows : new int[] {257, 1_000, 100_000}) {
      Boundaries boundaries = new Boundaries();
      List<Long> before = new ArrayList<>();
      for (int i = 0; i < rows; i++) {
        before.add(boundaries.bytes());
        boundaries.add(KeySpace.userRow(key(i)), 1 + random.nextInt(200));
      }
      for (int parts : new int[] {2, 3, 8, 64}) {
        List<Payload> cuts = boundaries.cuts(parts);
        assertThat(cuts).as("%d parts of %d rows", parts, rows).hasSize(parts - 1);
        for (int i = 1; i < parts; i++) {
          int at = number(cuts.get(i - 1));
          assertThat(before.get(at) / (double) boundaries.bytes())
              .isBetween(i / (double) parts - 1 / 64.0, i / (double) parts + 1 / 64.0);
        }
      }
    }
  }

  private static int number(Payload key) {
    byte[] bytes = new byte[key.size()];
    key.asReadOnlyByteBuffer().get(bytes);
    return Integer.parseInt(new String(bytes, 1, 7, StandardCharsets.US_ASCII));
  }
}
