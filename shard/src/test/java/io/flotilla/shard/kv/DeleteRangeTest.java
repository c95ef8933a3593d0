package io.flotilla.shard.kv;

import static io.flotilla.shard.kv.Commands.deleteRange;
import static io.flotilla.shard.kv.Commands.inSession;
import static io.flotilla.shard.kv.Commands.put;
import static io.flotilla.shard.kv.Commands.session;
import static io.flotilla.shard.kv.Commands.split;
import static io.flotilla.shard.kv.Commands.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.contract.v1.DeleteRangeReply;
import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.KeyRange;
import io.flotilla.contract.v1.Reply;
import io.flotilla.internal.v1.Command;
import org.junit.jupiter.api.Test;

class DeleteRangeTest {
  private final TestShard shard = new TestShard();
  private long stamp = 100;

  private void fill(int rows, int valueBytes) {
    for (int i = 0; i < rows; i++) {
      shard.apply(stamp++, put("k%04d".formatted(i), "v".repeat(valueBytes)));
    }
  }

  private DeleteRangeReply delete(String start, String end, int limit) {
    return shard.apply(stamp++, deleteRange(start, end, limit)).getDeleteRange();
  }

  private static KeyRange range(String start, String end) {
    return KeyRange.newBuilder().setStart(utf8(start)).setEnd(utf8(end)).build();
  }

  @Test
  void takesTheRowsOfTheRangeAndNoOther() {
    fill(5, 1);
    shard.flush();
    assertThat(delete("k0001", "k0003", 0))
        .isEqualTo(DeleteRangeReply.newBuilder().setDeleted(2).setRevision(105).build());
    assertThat(shard.get("k0000").getFound()).isTrue();
    assertThat(shard.get("k0001").getFound()).isFalse();
    assertThat(shard.get("k0002").getFound()).isFalse();
    assertThat(shard.get("k0003").getFound()).isTrue();
    assertThat(delete("k0001", "k0003", 0).getDeleted()).isZero();
  }

  @Test
  void onePageHasAThousandRows_andSaysWhereTheNextBegins() {
    fill(1_001, 1);
    DeleteRangeReply first = delete("", "", 0);
    assertThat(first.getDeleted()).isEqualTo(1_000);
    assertThat(first.getNext()).isEqualTo(range("k0999\0", ""));
    assertThat(shard.get("k1000").getFound()).isTrue();
    DeleteRangeReply second = delete("k0999\0", "", 2_000);
    assertThat(second.getDeleted()).isEqualTo(1);
    assertThat(second.hasNext()).isFalse();
  }

  @Test
  void onePageEndsWithTheRowThatReachesAMebibyte() {
    fill(3, 600_000);
    DeleteRangeReply first = delete("k", "l", 0);
    assertThat(first.getDeleted()).isEqualTo(2);
    assertThat(first.getNext()).isEqualTo(range("k0001\0", "l"));
  }

  @Test
  void theNextPageBeginsInTheNeighbour() {
    fill(4, 1);
    shard.apply(
        stamp++, split("k0002", shard.descriptor().epoch(), 1_000, 10_001L, 10_002L, 10_003L));
    DeleteRangeReply reply = delete("k0001", "k9", 0);
    assertThat(reply.getDeleted()).isEqualTo(1);
    assertThat(reply.getNext()).isEqualTo(range("k0002", "k9"));

    Reply refused = shard.apply(stamp++, deleteRange("k0002", "k9", 0));
    assertThat(refused.getError().getCode()).isEqualTo(ErrorCode.ERROR_CODE_STALE_ROUTE);
  }

  @Test
  void aRetryDeletesNothingThatCameLater() {
    fill(3, 1);
    Command command = inSession(deleteRange("k", "l", 2), session(1_000, 1), 1, 0);
    Reply first = shard.apply(stamp++, command);
    shard.apply(stamp++, put("k0000", "new"));
    shard.flushAndReopen();
    assertThat(shard.apply(stamp++, command)).isEqualTo(first);
    assertThat(shard.get("k0000").getValue()).isEqualTo(utf8("new"));
    assertThat(shard.get("k0002").getFound()).isTrue();
  }
}
