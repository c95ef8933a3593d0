package io.flotilla.shard.descriptor;

import static io.flotilla.shard.support.Shards.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.raft.Payload;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyRangeTest {
  private static final Payload HIGH = Payload.of(new byte[] {(byte) 0xff, (byte) 0xff});

  @Test
  void startIsInsideAndEndIsNot() {
    KeyRange range = range("b", "d");

    assertThat(range.contains(Payload.utf8("b"))).isTrue();
    assertThat(range.contains(Payload.utf8("czzz"))).isTrue();
    assertThat(range.contains(Payload.utf8("d"))).isFalse();
    assertThat(range.contains(Payload.utf8("a"))).isFalse();
    assertThat(range.contains(Payload.EMPTY)).isFalse();
  }

  @Test
  void openEndsHoldEverything() {
    assertThat(KeyRange.ALL.contains(Payload.EMPTY)).isTrue();
    assertThat(KeyRange.ALL.contains(HIGH)).isTrue();
    assertThat(range("b", "").contains(HIGH)).isTrue();
    assertThat(range("", "b").contains(Payload.EMPTY)).isTrue();
  }

  @Test
  void bytesAreUnsigned() {
    assertThat(range("a", "").contains(Payload.of(new byte[] {(byte) 0x80}))).isTrue();
  }

  @Test
  void emptyAndReversedRangesAreRefused() {
    assertThatThrownBy(() -> range("b", "b")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> range("c", "b")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void splitsInsideOnly() {
    KeyRange range = range("b", "d");

    assertThat(range.canSplitAt(Payload.utf8("b\0"))).isTrue();
    assertThat(range.canSplitAt(Payload.utf8("b"))).isFalse();
    assertThat(range.canSplitAt(Payload.utf8("d"))).isFalse();
    assertThat(KeyRange.ALL.canSplitAt(Payload.utf8("b"))).isTrue();
    assertThat(KeyRange.ALL.canSplitAt(Payload.EMPTY)).isFalse();
  }

  @Test
  void neighboursDoNotOverlap() {
    KeyRange middle = range("d", "m");

    for (KeyRange other : List.of(range("", "d"), range("m", ""), range("a", "b"))) {
      assertThat(middle.overlaps(other)).isFalse();
      assertThat(other.overlaps(middle)).isFalse();
    }
    for (KeyRange other :
        List.of(KeyRange.ALL, middle, range("e", "f"), range("a", "e"), range("l", ""))) {
      assertThat(middle.overlaps(other)).isTrue();
      assertThat(other.overlaps(middle)).isTrue();
    }
  }
}
