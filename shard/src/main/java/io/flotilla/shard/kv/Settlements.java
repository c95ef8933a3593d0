package io.flotilla.shard.kv;

import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.SettleWriteReply;
import io.flotilla.contract.v1.Settlement;

/** What is said of writes that somebody asked about. */
final class Settlements {
  /** Kept in the place of the write's answer, so that the write is never executed. */
  static final Reply NEVER_APPLIED = of(Settlement.SETTLEMENT_NEVER_APPLIED);

  static final Reply FORGOTTEN = of(Settlement.SETTLEMENT_FORGOTTEN);

  private Settlements() {}

  private static Reply of(Settlement settlement) {
    return Reply.newBuilder()
        .setSettleWrite(SettleWriteReply.newBuilder().setSettlement(settlement))
        .build();
  }

  /** What is said of a write for which this is kept. */
  static Reply of(Reply kept) {
    return kept.hasSettleWrite()
        ? kept
        : Reply.newBuilder()
            .setSettleWrite(
                SettleWriteReply.newBuilder()
                    .setSettlement(Settlement.SETTLEMENT_ANSWERED)
                    .setAnswer(kept))
            .build();
  }

  /** The answer to a write that comes after it was settled. */
  static Reply tooLate() {
    return Failures.rejected(
        ErrorCode.ERROR_CODE_FAILED_PRECONDITION,
        "the write came after it had been settled as never applied; "
            + "nothing was changed: write anew");
  }
}
