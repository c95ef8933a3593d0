package io.flotilla.shard.kv;

import static io.flotilla.shard.kv.Commands.batch;
import static io.flotilla.shard.kv.Commands.compareAndSet;
import static io.flotilla.shard.kv.Commands.condition;
import static io.flotilla.shard.kv.Commands.delete;
import static io.flotilla.shard.kv.Commands.inSession;
import static io.flotilla.shard.kv.Commands.put;
import static io.flotilla.shard.kv.Commands.putting;
import static io.flotilla.shard.kv.Commands.session;
import static io.flotilla.shard.kv.Commands.split;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.Outcome;
import io.flotilla.contract.v1.Reply;
import io.flotilla.internal.v1.Command;
import io.flotilla.raft.Payload;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.shard.descriptor.ShardEpoch;
import io.flotilla.shard.support.Shards;
import java.util.List;
import org.junit.jupiter.api.Test;

class SplitTest {
  private static final long CHILD = 1_000;
  private static final ShardEpoch AFTER = new ShardEpoch(1, 2);

  private final TestShard shard = new TestShard();

  private static Command splitAt(String key) {
    return split(key, ShardEpoch.FIRST, CHILD, 1_001L, 1_002L, 1_003L);
  }

  private TestShard childOfSplitAt(String key) {
    shard.apply(900, splitAt(key));
    StateMachine.SplitResult result = shard.machine().takeSplit().orElseThrow();
    shard.flush();
    return shard.child(result);
  }

  @Test
  void splitGivesBothHalvesTheNextRangeVersion() {
    ShardDescriptor before = shard.descriptor();

    Reply reply = shard.apply(100, splitAt("m"));

    StateMachine.SplitResult result = shard.machine().takeSplit().orElseThrow();
    assertThat(result.left().range()).isEqualTo(Shards.range("", "m"));
    assertThat(result.left().epoch()).isEqualTo(AFTER);
    assertThat(result.left().replicas()).isEqualTo(before.replicas());
    assertThat(result.right().shardId()).isEqualTo(CHILD);
    assertThat(result.right().range()).isEqualTo(Shards.range("m", ""));
    assertThat(result.right().epoch()).isEqualTo(AFTER);
    assertThat(result.right().replicas())
        .extracting(r -> r.replicaId() * 10 + r.nodeId())
        .containsExactly(10_011L, 10_022L, 10_033L);
    assertThat(shard.descriptor()).isEqualTo(result.left());
    assertThat(reply.getSplitShard().getLeft()).isEqualTo(Descriptors.toProto(result.left()));
    assertThat(reply.getSplitShard().getRight()).isEqualTo(Descriptors.toProto(result.right()));
    assertThat(shard.machine().takeSplit()).as("asked for once").isEmpty();
  }

  @Test
  void rowsAreNotMovedAndRevisionsGoOnInTheChild() {
    shard.apply(500, put("a", "1"));
    shard.apply(600, put("z", "2"));

    TestShard child = childOfSplitAt("m");

    assertThat(shard.get("a").getRevision()).isEqualTo(500);
    assertThat(child.get("z").getRevision()).isEqualTo(600);
    assertThat(child.apply(1, put("z", "3")).getPut().getRevision())
        .isEqualTo(shard.row().getLastRevision() + 1);
  }

  @Test
  void keysThatWentToTheChildAreRefusedAndNothingIsWritten() {
    shard.apply(100, put("z", "1"));
    shard.apply(200, splitAt("m"));

    for (Command command :
        List.of(
            put("m", "2"),
            put("z", "2"),
            delete("z"),
            compareAndSet("z", 100, "2"),
            batch(List.of(), putting("a", "2"), putting("z", "2")),
            batch(List.of(condition("z", 100)), putting("a", "2")))) {
      Reply reply = shard.apply(300, command);
      assertThat(reply.getError().getCode()).isEqualTo(ErrorCode.ERROR_CODE_STALE_ROUTE);
      assertThat(reply.getError().getOutcome()).isEqualTo(Outcome.OUTCOME_NOT_APPLIED);
      assertThat(reply.getError().getRoutes(0).getShard())
          .isEqualTo(Descriptors.toProto(shard.descriptor()));
      assertThat(reply.getError().getRoutesList())
          .as("and where the keys are now")
          .anyMatch(route -> route.getShard().getShardId() == CHILD);
    }
    assertThat(shard.get("a").getFound()).isFalse();
    assertThat(shard.get("z").getRevision()).isEqualTo(100);
    assertThat(shard.apply(400, put("lz", "2")).getPut().getApplied()).isTrue();
  }

  /** M11: a split is checked when it is proposed and again when it is applied. */
  @Test
  void splitAtTheFirstKeyOrOutsideIsRefused() {
    TestShard child = childOfSplitAt("m");

    Reply atStart = child.apply(100, split("m", AFTER, 2_000, 2_001L, 2_002L, 2_003L));
    Reply outside = child.apply(100, split("a", AFTER, 2_000, 2_001L, 2_002L, 2_003L));
    Reply atEnd = shard.apply(100, split("m", AFTER, 2_000, 2_001L, 2_002L, 2_003L));

    assertThat(List.of(atStart, outside, atEnd))
        .extracting(reply -> reply.getError().getCode())
        .containsOnly(ErrorCode.ERROR_CODE_FAILED_PRECONDITION);
    assertThat(child.descriptor().epoch()).isEqualTo(AFTER);
    assertThat(child.machine().takeSplit()).isEmpty();
    assertThat(shard.machine().takeSplit()).isEmpty();
  }

  @Test
  void splitDecidedOnAnotherEpochIsRefused() {
    for (ShardEpoch other :
        List.of(new ShardEpoch(1, 0), new ShardEpoch(1, 2), new ShardEpoch(2, 1))) {
      Reply reply = shard.apply(100, split("m", other, CHILD, 1_001L, 1_002L, 1_003L));
      assertThat(reply.getError().getCode()).isEqualTo(ErrorCode.ERROR_CODE_STALE_ROUTE);
    }
    assertThat(shard.descriptor().epoch()).isEqualTo(ShardEpoch.FIRST);
    assertThat(shard.machine().takeSplit()).isEmpty();
  }

  /** M11: a split is checked when it is proposed and again when it is applied. */
  @Test
  void splitThatComesTwiceIsRefusedTheSecondTime() {
    shard.apply(100, splitAt("m"));
    var unused = shard.machine().takeSplit();

    assertThat(shard.apply(200, splitAt("m")).getError().getCode())
        .isEqualTo(ErrorCode.ERROR_CODE_STALE_ROUTE);
    assertThat(shard.machine().takeSplit()).isEmpty();
  }

  @Test
  void splitWithTheWrongNumberOfReplicaIdsIsRefused() {
    Reply tooFew = shard.apply(100, split("m", ShardEpoch.FIRST, CHILD, 1_001L, 1_002L));
    Reply tooMany =
        shard.apply(100, split("m", ShardEpoch.FIRST, CHILD, 1_001L, 1_002L, 1_003L, 1_004L));

    assertThat(List.of(tooFew, tooMany))
        .extracting(reply -> reply.getError().getCode())
        .containsOnly(ErrorCode.ERROR_CODE_STALE_ROUTE);
    assertThat(shard.descriptor().range()).isEqualTo(Shards.range("", ""));
  }

  /** M12: a retry may land on the child. */
  @Test
  void retryIsAnsweredByBothHalves() {
    Command left = inSession(put("a", "1"), session(7, 1), 1, 0);
    Command right = inSession(put("z", "2"), session(7, 1), 2, 0);
    Reply first = shard.apply(100, left);
    Reply second = shard.apply(200, right);

    TestShard child = childOfSplitAt("m");

    assertThat(shard.apply(1_000, left)).isEqualTo(first);
    assertThat(child.apply(1_000, right)).isEqualTo(second);
    assertThat(child.apply(1_000, left)).as("whatever half it comes to").isEqualTo(first);
    assertThat(shard.apply(1_000, right)).isEqualTo(second);
    assertThat(child.get("z").getRevision()).isEqualTo(200);
  }

  @Test
  void childRemembersWhichSessionsMayHaveBeenEvicted() {
    for (int i = 0; i <= Limits.MAX_SESSIONS; i++) {
      shard.apply(100, inSession(put("k", "v"), session(50 + i, 0), 1, 0));
    }
    TestShard child = childOfSplitAt("m");

    Reply reply = child.apply(200_000, inSession(put("z", "v"), session(50, 0), 1, 0));

    assertThat(reply.getError().getCode()).isEqualTo(ErrorCode.ERROR_CODE_SESSION_EXPIRED);
  }

  @Test
  void childReadsTheParentsRowsAfterAReopen() {
    shard.apply(100, put("z", "1"));
    TestShard child = childOfSplitAt("m");
    child.flushAndReopen();

    assertThat(child.get("z").getFound()).isTrue();
    assertThat(child.descriptor().range().start()).isEqualTo(Payload.utf8("m"));
  }
}
