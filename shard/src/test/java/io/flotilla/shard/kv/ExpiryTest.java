package io.flotilla.shard.kv;

import static io.flotilla.shard.kv.Commands.batch;
import static io.flotilla.shard.kv.Commands.compareAndSet;
import static io.flotilla.shard.kv.Commands.condition;
import static io.flotilla.shard.kv.Commands.delete;
import static io.flotilla.shard.kv.Commands.deleteRange;
import static io.flotilla.shard.kv.Commands.expire;
import static io.flotilla.shard.kv.Commands.increment;
import static io.flotilla.shard.kv.Commands.put;
import static io.flotilla.shard.kv.Commands.putFor;
import static io.flotilla.shard.kv.Commands.putIfAbsent;
import static io.flotilla.shard.kv.Commands.putting;
import static io.flotilla.shard.kv.Commands.split;
import static io.flotilla.shard.kv.Commands.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.contract.v1.MultiGetRequest;
import io.flotilla.contract.v1.PutRequest;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.ScanReply;
import io.flotilla.contract.v1.ScanRequest;
import io.flotilla.internal.v1.Command;
import io.flotilla.internal.v1.ReplicaRow;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExpiryTest {
  private final TestShard shard = new TestShard();

  private static long at(long millis) {
    return millis << 16;
  }

  private Reply apply(long millis, Command command) {
    return shard.apply(at(millis), command);
  }

  private boolean isThere(String key) {
    return shard.get(key).getFound();
  }

  private ScanReply scan(ScanRequest.Builder request) {
    return KvReader.scan(
        shard.rows(), shard.machine().lastRevision(), shard.descriptor(), request.build());
  }

  private int storedRows() {
    int[] rows = new int[1];
    shard
        .rows()
        .scan(
            KeySpace.rows(TestShard.SHARD_ID, shard.descriptor().range()),
            false,
            (key, value) -> ++rows[0] > 0);
    return rows[0];
  }

  @Test
  void aRowIsThereUntilTheShardsTimeReachesItsExpiry() {
    apply(1_000, putFor(500, "k", "v"));
    assertThat(shard.get("k").getExpiresAtMillis()).isEqualTo(1_500);
    apply(1_499, put("other", "v"));
    assertThat(isThere("k")).isTrue();
    apply(1_500, put("other", "v"));
    assertThat(isThere("k")).isFalse();
    assertThat(scan(ScanRequest.newBuilder()).getRowsCount()).isEqualTo(1);
    MultiGetRequest both = MultiGetRequest.newBuilder().addKeys(utf8("k")).build();
    assertThat(
            KvReader.multiGet(shard.rows(), shard.machine().lastRevision(), both)
                .getValues(0)
                .getFound())
        .isFalse();
  }

  @Test
  void timeNeverGoesBack() {
    apply(1_000, putFor(500, "k", "v"));
    apply(2_000, put("other", "v"));
    apply(1_200, put("other", "v"));
    assertThat(isThere("k")).isFalse();
    apply(1_200, putFor(500, "late", "v"));
    assertThat(shard.get("late").getExpiresAtMillis()).as("by the shard's time").isEqualTo(2_500);
  }

  @Test
  void whatHasExpiredIsAbsentForEveryWrite() {
    apply(1_000, putFor(10, "k", "5"));
    PutRequest.Builder swap =
        PutRequest.newBuilder().setKey(utf8("k")).setValue(utf8("6")).setReturnPrevious(true);
    assertThat(apply(1_010, delete("k")).getDelete().getApplied()).isFalse();
    assertThat(apply(1_010, increment("k", 1, 40)).getIncrement().getValue()).isEqualTo(41);

    apply(2_000, putFor(10, "k", "5"));
    assertThat(apply(2_010, putIfAbsent("k", "7")).getPut().getApplied()).isTrue();
    apply(3_000, putFor(10, "k", "5"));
    assertThat(apply(3_010, put(swap)).getPut().getPrevious().getFound()).isFalse();
    apply(4_000, putFor(10, "k", "5"));
    assertThat(apply(4_010, compareAndSet("k", 0, "8")).getCompareAndSet().getApplied()).isTrue();
    apply(5_000, putFor(10, "k", "5"));
    assertThat(
            apply(5_010, batch(List.of(condition("k", 0)), putting("k", "9", 10)))
                .getBatch()
                .getApplied())
        .isTrue();
    assertThat(apply(5_020, deleteRange("", "", 0)).getDeleteRange().getDeleted()).isZero();
    assertThat(storedRows()).as("gone all the same").isZero();
  }

  @Test
  void anIncrementKeepsTheExpiryAndAPutEndsIt() {
    apply(1_000, putFor(500, "count", "1"));
    apply(1_001, increment("count", 1, 0));
    assertThat(shard.get("count").getExpiresAtMillis()).isEqualTo(1_500);
    apply(1_002, put("count", "3"));
    assertThat(shard.get("count").getExpiresAtMillis()).isZero();
    apply(9_000, expire());
    assertThat(isThere("count")).isTrue();
  }

  @Test
  void expireLetsTimeGoOnAndRemovesWhatIsOver() {
    apply(1_000, putFor(500, "a", "v"));
    apply(1_000, putFor(900, "b", "v"));
    apply(1_000, put("c", "v"));
    assertThat(shard.machine().earliestExpiryMillis()).isEqualTo(1_500);
    shard.flush();
    apply(1_600, expire());
    assertThat(isThere("a")).isFalse();
    assertThat(storedRows()).isEqualTo(2);
    assertThat(shard.machine().earliestExpiryMillis()).isEqualTo(1_900);
    apply(1_900, expire());
    assertThat(storedRows()).isEqualTo(1);
    assertThat(shard.machine().earliestExpiryMillis()).isEqualTo(Long.MAX_VALUE);
    assertThat(shard.row().getEarliestExpiryMillis()).isZero();
  }

  private void fill(int rows) {
    for (int i = 0; i < rows; i++) {
      apply(1_000, putFor(i % 2 == 0 ? 10 : 5_000, "k%04d".formatted(i), "v"));
    }
  }

  @Test
  void aSweepGoesOnWhereItStoppedAlsoAfterARestart() {
    fill(2_500);
    apply(2_000, expire());
    assertThat(storedRows()).isEqualTo(2_000);
    assertThat(shard.machine().hasMuchToSweep()).isTrue();
    assertThat(shard.machine().earliestExpiryMillis()).as("not all seen").isEqualTo(1_010);
    shard.flushAndReopen();
    apply(2_000, putFor(100, "a", "behind the sweep"));
    apply(2_000, expire());
    apply(2_000, expire());
    assertThat(storedRows()).isEqualTo(1_251);
    assertThat(shard.machine().hasMuchToSweep()).isFalse();
    assertThat(shard.machine().earliestExpiryMillis()).isEqualTo(2_100);
  }

  @Test
  void bothHalvesOfASplitGoOnSweeping() {
    fill(2_500);
    apply(2_000, expire());
    apply(2_000, split("k0500", shard.descriptor().epoch(), 1_000, 10_001L, 10_002L, 10_003L));
    ReplicaRow childRow = shard.machine().takeSplit().orElseThrow().childRow();
    assertThat(childRow.getSweepCursor()).isEqualTo(shard.row().getSweepCursor());
    assertThat(childRow.getEarliestExpiryMillis()).isEqualTo(1_010);
    apply(2_000, expire());
    assertThat(shard.machine().earliestExpiryMillis()).as("all was seen").isEqualTo(6_000);
  }

  @Test
  void aPageEndsAfterManyRowsThatHaveExpired() {
    for (int i = 0; i < 1_500; i++) {
      apply(1_000, putFor(10, "k%04d".formatted(i), "v"));
    }
    apply(2_000, put("z", "v"));
    ScanReply first = scan(ScanRequest.newBuilder());
    assertThat(first.getRowsCount()).isZero();
    assertThat(first.getNext().getStart()).isEqualTo(utf8("k0999\0"));
    ScanReply rest = scan(ScanRequest.newBuilder().setRange(first.getNext()));
    assertThat(rest.getRowsCount()).isEqualTo(1);
    assertThat(rest.hasNext()).isFalse();
  }
}
