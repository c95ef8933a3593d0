package io.flotilla.shard.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.raft.Payload;
import io.flotilla.shard.descriptor.KeyRange;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.shard.placement.SplitRule.Verdict;
import io.flotilla.shard.support.Shards;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SplitRuleTest {
  private static final SplitRule RULE = new SplitRule(1_000, 100);
  private static final ShardDescriptor SHARD = Shards.of(7, KeyRange.ALL, 1, 2, 3);

  private static Payload key(String text) {
    return Payload.utf8(text);
  }

  private static ShardUse use(long bytes, double load, String middle, List<Payload> samples) {
    return new ShardUse(
        SHARD.epoch().rangeVersion(),
        bytes,
        load,
        middle.isEmpty() ? Optional.empty() : Optional.of(key(middle)),
        LoadCut.of(samples));
  }

  private static List<Payload> samples(String key, int times) {
    List<Payload> samples = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      samples.add(key(key));
    }
    return samples;
  }

  private static List<Payload> spread(int keys) {
    List<Payload> samples = new ArrayList<>();
    for (int i = 0; i < keys; i++) {
      samples.add(key("k%03d".formatted(i * 37 % keys)));
    }
    return samples;
  }

  private static List<Payload> with(List<Payload> one, List<Payload> other) {
    List<Payload> both = new ArrayList<>(one);
    both.addAll(other);
    return both;
  }

  @Test
  void aShardWithinItsBoundsIsLeftAlone() {
    Verdict verdict = RULE.look(SHARD, use(1_000, 100, "m", spread(64)));

    assertThat(verdict.key()).isEmpty();
    assertThat(verdict.text()).isEmpty();
  }

  @Test
  void aLargeShardIsSplitInTheMiddleOfItsData() {
    Verdict verdict = RULE.look(SHARD, use(1_001, 0, "m", List.of()));

    assertThat(verdict.key()).contains(key("m"));
    assertThat(verdict.text()).contains("1001 bytes").contains("'m'");
    assertThat(verdict.why()).contains("1001 bytes").doesNotContain("'m'");
  }

  @Test
  void aLargeShardOfOneRowIsStuck() {
    Verdict verdict = RULE.look(SHARD, use(5_000, 0, "", List.of()));

    assertThat(verdict.key()).isEmpty();
    assertThat(verdict.stuck()).isTrue();
    assertThat(verdict.text()).contains("too few rows");
  }

  @Test
  void aBusyShardIsSplitWhereItsRequestsHalve() {
    Verdict verdict = RULE.look(SHARD, use(10, 500, "", spread(64)));

    assertThat(verdict.key()).contains(key("k032"));
  }

  @Test
  void oneHotKeyIsAVerdictAndNoSplit() {
    Verdict verdict = RULE.look(SHARD, use(10, 500, "", with(samples("hot", 48), spread(16))));

    assertThat(verdict.key()).isEmpty();
    assertThat(verdict.stuck()).isTrue();
    assertThat(verdict.text()).contains("hot").contains("'hot'").contains("75 %");
    assertThat(verdict.why()).isNotEmpty().doesNotContain("hot");
  }

  @Test
  void twoHotKeysAreParted() {
    Verdict verdict = RULE.look(SHARD, use(10, 500, "", with(samples("a", 32), samples("b", 32))));

    assertThat(verdict.key()).contains(key("b"));
  }

  @Test
  void withAtMostHalfOfItAtOneKeyEachHalfHasAQuarter() {
    for (int hot = 0; hot <= 32; hot++) {
      for (int left = 0; left <= 64 - hot; left++) {
        List<Payload> samples = new ArrayList<>(samples("m", hot));
        for (int i = 0; i < 64 - hot; i++) {
          samples.add(key((i < left ? "a" : "x") + i));
        }
        Optional<Payload> cut = LoadCut.of(samples).orElseThrow().key();
        assertThat(cut).as("%d at one key, %d before it", hot, left).isPresent();
        long before = samples.stream().filter(s -> s.compareTo(cut.orElseThrow()) < 0).count();
        assertThat(before).isBetween(16L, 48L);
      }
    }
  }

  @Test
  void aSmallSampleTellsNothing() {
    assertThat(LoadCut.of(spread(31))).isEmpty();
    assertThat(RULE.look(SHARD, use(10, 500, "", spread(31))).text()).isEmpty();
  }

  /** M25: what was measured before a split says nothing of what is left. */
  @Test
  void whatWasMeasuredOfAnotherRangeCountsForNothing() {
    ShardUse before =
        new ShardUse(
            SHARD.epoch().rangeVersion() - 1, 9_999, 999, Optional.of(key("m")), Optional.empty());

    assertThat(RULE.look(SHARD, before).key()).isEmpty();
  }

  @Test
  void zeroMeansNever() {
    SplitRule never = new SplitRule(0, 0);

    assertThat(never.look(SHARD, use(1L << 50, 1e9, "m", spread(64))).key()).isEmpty();
  }

  @Test
  void theSystemShardIsNeverSplit() {
    ShardDescriptor system = Shards.of(ShardDescriptor.SYSTEM_SHARD_ID, KeyRange.ALL, 1, 2, 3);

    assertThat(RULE.look(system, use(5_000, 500, "m", spread(64))).text()).isEmpty();
  }

  @Test
  void keysThatAreNotTextAreShownAsBytes() {
    ShardUse use =
        new ShardUse(
            SHARD.epoch().rangeVersion(),
            5_000,
            0,
            Optional.of(Payload.of(new byte[] {'a', (byte) 0x80, '\''})),
            Optional.empty());

    assertThat(RULE.look(SHARD, use).text()).contains("'a\\x80\\x27'");
  }
}
