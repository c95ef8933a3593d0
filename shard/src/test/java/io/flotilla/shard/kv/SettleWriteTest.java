package io.flotilla.shard.kv;

import static io.flotilla.shard.kv.Commands.inSession;
import static io.flotilla.shard.kv.Commands.increment;
import static io.flotilla.shard.kv.Commands.put;
import static io.flotilla.shard.kv.Commands.session;
import static io.flotilla.shard.kv.Commands.settle;
import static io.flotilla.shard.kv.Commands.split;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.Outcome;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.SettleWriteReply;
import io.flotilla.contract.v1.Settlement;
import io.flotilla.internal.v1.Command;
import org.junit.jupiter.api.Test;

class SettleWriteTest {
  private static final long ALICE = session(1_000, 1);

  private final TestShard shard = new TestShard();
  private long stamp = 100;

  private Reply apply(Command command) {
    return shard.apply(stamp++, command);
  }

  private SettleWriteReply ask(String key, long sequence) {
    return apply(settle(key, ALICE, sequence)).getSettleWrite();
  }

  @Test
  void whatWasExecutedIsToldWithItsAnswer() {
    Reply answer = apply(inSession(put("k", "v"), ALICE, 1, 0));
    shard.flushAndReopen();
    SettleWriteReply told = ask("k", 1);
    assertThat(told.getSettlement()).isEqualTo(Settlement.SETTLEMENT_ANSWERED);
    assertThat(told.getAnswer()).isEqualTo(answer);
    assertThat(ask("k", 1)).isEqualTo(told);
  }

  @Test
  void aRefusalOfTheStateIsAnAnswerToo() {
    apply(put("k", "no number"));
    Reply refusal = apply(inSession(increment("k", 1, 0), ALICE, 1, 0));
    assertThat(ask("k", 1).getAnswer()).isEqualTo(refusal);
  }

  @Test
  void aWriteThatComesAfterItWasSettledIsRefusedForEver() {
    Command late = inSession(put("k", "late"), ALICE, 1, 0);
    assertThat(ask("k", 1).getSettlement()).isEqualTo(Settlement.SETTLEMENT_NEVER_APPLIED);
    shard.flushAndReopen();
    for (int i = 0; i < 2; i++) {
      Reply refused = apply(late);
      assertThat(refused.getError().getCode()).isEqualTo(ErrorCode.ERROR_CODE_FAILED_PRECONDITION);
      assertThat(refused.getError().getOutcome()).isEqualTo(Outcome.OUTCOME_REJECTED);
      assertThat(refused.getError().getMessage()).contains("settled as never applied");
      assertThat(shard.get("k").getFound()).isFalse();
      assertThat(ask("k", 1).getSettlement()).isEqualTo(Settlement.SETTLEMENT_NEVER_APPLIED);
    }
    assertThat(apply(inSession(put("k", "next"), ALICE, 2, 0)).getPut().getApplied()).isTrue();
  }

  @Test
  void whatWasAcknowledgedIsForgotten() {
    apply(inSession(put("k", "1"), ALICE, 1, 0));
    apply(inSession(put("k", "2"), ALICE, 2, 1));
    assertThat(ask("k", 1).getSettlement()).isEqualTo(Settlement.SETTLEMENT_FORGOTTEN);
    assertThat(ask("k", 2).getSettlement()).isEqualTo(Settlement.SETTLEMENT_ANSWERED);
  }

  @Test
  void theWritesOfAnEvictedSessionAreForgotten() {
    apply(inSession(put("k", "1"), ALICE, 1, 0));
    for (int i = 0; i < SessionTable.MAX_SESSIONS; i++) {
      apply(inSession(put("other", "x"), session(2_000 + i, 7), 1, 0));
    }
    assertThat(ask("k", 1).getSettlement()).isEqualTo(Settlement.SETTLEMENT_FORGOTTEN);
    assertThat(apply(inSession(put("k", "again"), ALICE, 1, 0)).getError().getCode())
        .isEqualTo(ErrorCode.ERROR_CODE_SESSION_EXPIRED);
  }

  @Test
  void aFullSessionCanBeAskedAbout() {
    for (int i = 1; i <= SessionTable.MAX_RESULTS_PER_SESSION; i++) {
      apply(inSession(put("k", "v"), ALICE, i, 0));
    }
    int refused = SessionTable.MAX_RESULTS_PER_SESSION + 1;
    assertThat(apply(inSession(put("k", "v"), ALICE, refused, 0)).getError().getCode())
        .isEqualTo(ErrorCode.ERROR_CODE_OVERLOADED);
    assertThat(ask("k", refused).getSettlement()).isEqualTo(Settlement.SETTLEMENT_NEVER_APPLIED);
    for (int i = refused + 1; i <= 2 * SessionTable.MAX_RESULTS_PER_SESSION; i++) {
      ask("k", i);
    }
    Reply full = apply(settle("k", ALICE, 5_000));
    assertThat(full.getError().getCode()).isEqualTo(ErrorCode.ERROR_CODE_OVERLOADED);
  }

  @Test
  void aShardThatLostTheKeyDoesNotTell() {
    apply(inSession(put("m", "v"), ALICE, 1, 0));
    apply(split("k", shard.descriptor().epoch(), 1_000, 10_001L, 10_002L, 10_003L));
    for (int sequence : new int[] {1, 2}) {
      assertThat(apply(settle("m", ALICE, sequence)).getError().getCode())
          .isEqualTo(ErrorCode.ERROR_CODE_STALE_ROUTE);
    }
    assertThat(ask("a", 1).getSettlement()).isEqualTo(Settlement.SETTLEMENT_ANSWERED);
  }
}
