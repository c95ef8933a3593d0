package io.flotilla.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.shard.descriptor.KeyRange;
import io.flotilla.shard.support.Shards;
import org.junit.jupiter.api.Test;

class RangeBookTest {
  private final RangeBook book = new RangeBook();

  /** M9: no two replicas hold one key. */
  @Test
  void rangeThatOverlapsIsNotReserved() {
    book.holds(Shards.of(2, Shards.range("d", "m"), 1));

    assertThat(book.reserve(Shards.of(3, KeyRange.ALL, 1))).isFalse();
    assertThat(book.reserve(Shards.of(3, Shards.range("a", "e"), 1))).isFalse();
    assertThat(book.reserve(Shards.of(3, Shards.range("l", ""), 1))).isFalse();
    assertThat(book.reserve(Shards.of(3, Shards.range("f", "g"), 1))).isFalse();
    assertThat(book.reserve(Shards.of(3, Shards.range("m", ""), 1))).isTrue();
    assertThat(book.reserve(Shards.of(4, Shards.range("", "d"), 1))).isTrue();
  }

  @Test
  void whatIsReservedIsNotReservedTwice() {
    assertThat(book.reserve(Shards.of(3, Shards.range("a", "b"), 1))).isTrue();
    assertThat(book.reserve(Shards.of(3, Shards.range("a", "b"), 1))).isFalse();
    assertThat(book.reserve(Shards.of(3, Shards.range("x", "y"), 1))).isFalse();
  }

  @Test
  void rangeIsFreeAgainWhenTheReplicaDidNotComeToBe() {
    assertThat(book.reserve(Shards.of(3, Shards.range("a", "b"), 1))).isTrue();
    book.release(3);

    assertThat(book.reserve(Shards.of(4, Shards.range("a", "b"), 1))).isTrue();
  }

  @Test
  void splitFreesTheRightHalf() {
    book.holds(Shards.of(2, KeyRange.ALL, 1));
    book.holds(Shards.of(2, Shards.range("", "m"), 1));

    assertThat(book.reserve(Shards.of(3, Shards.range("m", ""), 1))).isTrue();
    assertThat(book.reserve(Shards.of(4, Shards.range("a", "b"), 1))).isFalse();
  }

  @Test
  void systemShardHoldsNoKeys() {
    book.holds(Shards.of(1, KeyRange.ALL, 1));

    assertThat(book.reserve(Shards.of(2, KeyRange.ALL, 1))).isTrue();
    assertThat(book.reserve(Shards.of(1, KeyRange.ALL, 1))).as("one replica of it").isFalse();
    book.release(1);
    assertThat(book.reserve(Shards.of(1, KeyRange.ALL, 1))).isTrue();
  }
}
