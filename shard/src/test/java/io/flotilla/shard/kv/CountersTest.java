package io.flotilla.shard.kv;

import static io.flotilla.shard.kv.Commands.inSession;
import static io.flotilla.shard.kv.Commands.increment;
import static io.flotilla.shard.kv.Commands.put;
import static io.flotilla.shard.kv.Commands.session;
import static io.flotilla.shard.kv.Commands.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.GetReply;
import io.flotilla.contract.v1.IncrementReply;
import io.flotilla.contract.v1.Outcome;
import io.flotilla.contract.v1.Reply;
import io.flotilla.internal.v1.Command;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CountersTest {
  private final TestShard shard = new TestShard();

  private void assertRefused(Reply reply) {
    assertThat(reply.getError().getCode()).isEqualTo(ErrorCode.ERROR_CODE_FAILED_PRECONDITION);
    assertThat(reply.getError().getOutcome()).isEqualTo(Outcome.OUTCOME_REJECTED);
    assertThat(reply.getError().getMessage()).contains("nothing was changed");
  }

  @Test
  void anAbsentKeyCountsAsTheInitialNumber() {
    assertThat(shard.apply(100, increment("k", 5, 1_000)).getIncrement())
        .isEqualTo(IncrementReply.newBuilder().setValue(1_005).setRevision(100).build());
    assertThat(shard.apply(200, increment("k", -1_006, 7)).getIncrement().getValue()).isEqualTo(-1);
    assertThat(shard.get("k"))
        .isEqualTo(
            GetReply.newBuilder().setFound(true).setValue(utf8("-1")).setRevision(200).build());
  }

  @Test
  void aSumThatDoesNotFitIsRefusedAndLeavesTheValue() {
    shard.apply(100, put("k", Long.toString(Long.MAX_VALUE - 1)));
    assertThat(shard.apply(200, increment("k", 1, 0)).getIncrement().getValue())
        .isEqualTo(Long.MAX_VALUE);
    assertRefused(shard.apply(300, increment("k", 1, 0)));
    assertThat(shard.get("k").getRevision()).isEqualTo(200);
    assertRefused(shard.apply(400, increment("new", -1, Long.MIN_VALUE)));
    assertThat(shard.get("new").getFound()).isFalse();
    assertThat(shard.apply(500, increment("k", Long.MIN_VALUE, 0)).getIncrement().getValue())
        .isEqualTo(-1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "-", "+1", "01", "-0", " 1", "1\n", "1.0", "x", "9223372036854775808", "٣"})
  void aValueThatIsNoNumberIsRefusedAndStays(String value) {
    shard.apply(100, put("k", value));
    assertRefused(shard.apply(200, increment("k", 1, 0)));
    assertThat(shard.get("k").getValue()).isEqualTo(utf8(value));
    assertThat(shard.get("k").getRevision()).isEqualTo(100);
  }

  @Test
  void aRetryIsAnsweredWithTheFirstAnswerAlsoIfThatWasARefusal() {
    Command write = inSession(increment("k", 1, 0), session(1_000, 1), 1, 0);
    Command refused = inSession(increment("word", 1, 0), session(1_000, 1), 2, 0);
    Reply first = shard.apply(100, write);
    shard.apply(200, put("word", "hello"));
    Reply refusal = shard.apply(300, refused);
    shard.apply(400, put("word", "41"));
    shard.flushAndReopen();

    assertThat(shard.apply(500, write)).isEqualTo(first);
    assertThat(shard.apply(600, refused)).isEqualTo(refusal);
    assertThat(shard.get("k").getValue()).isEqualTo(utf8("1"));
    assertThat(shard.get("word").getValue()).isEqualTo(utf8("41"));
  }
}
