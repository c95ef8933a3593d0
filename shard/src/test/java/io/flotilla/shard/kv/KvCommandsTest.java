package io.flotilla.shard.kv;

import static io.flotilla.shard.kv.Commands.batch;
import static io.flotilla.shard.kv.Commands.compareAndSet;
import static io.flotilla.shard.kv.Commands.condition;
import static io.flotilla.shard.kv.Commands.delete;
import static io.flotilla.shard.kv.Commands.deleting;
import static io.flotilla.shard.kv.Commands.put;
import static io.flotilla.shard.kv.Commands.putIfAbsent;
import static io.flotilla.shard.kv.Commands.putting;
import static io.flotilla.shard.kv.Commands.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.contract.v1.BatchReply;
import io.flotilla.contract.v1.CatalogUpdateRequest;
import io.flotilla.contract.v1.CompareAndSetReply;
import io.flotilla.contract.v1.DeleteReply;
import io.flotilla.contract.v1.GetReply;
import io.flotilla.contract.v1.PutReply;
import io.flotilla.contract.v1.PutRequest;
import io.flotilla.contract.v1.Reply;
import io.flotilla.internal.v1.Command;
import java.util.List;
import org.junit.jupiter.api.Test;

class KvCommandsTest {
  private final TestShard shard = new TestShard();

  private static GetReply found(String value, long revision) {
    return GetReply.newBuilder().setFound(true).setValue(utf8(value)).setRevision(revision).build();
  }

  @Test
  void putWritesAndSaysItsRevision() {
    PutReply reply = shard.apply(100, put("k", "v")).getPut();

    assertThat(reply).isEqualTo(PutReply.newBuilder().setApplied(true).setRevision(100).build());
    assertThat(shard.get("k")).isEqualTo(found("v", 100));
    assertThat(shard.get("j")).isEqualTo(GetReply.getDefaultInstance());
  }

  @Test
  void putReturnsWhatWasThereOnlyWhenAsked() {
    shard.apply(100, put("k", "v1"));

    assertThat(shard.apply(200, put("k", "v2")).getPut().hasPrevious()).isFalse();
    PutRequest.Builder asking =
        PutRequest.newBuilder().setKey(utf8("k")).setValue(utf8("v3")).setReturnPrevious(true);
    assertThat(shard.apply(300, put(asking)).getPut().getPrevious()).isEqualTo(found("v2", 200));
    asking.setKey(utf8("new"));
    PutReply ofNew = shard.apply(400, put(asking)).getPut();
    assertThat(ofNew.hasPrevious()).isTrue();
    assertThat(ofNew.getPrevious().getFound()).isFalse();
  }

  @Test
  void putIfAbsentLeavesWhatIsThere() {
    assertThat(shard.apply(100, putIfAbsent("k", "v1")).getPut().getApplied()).isTrue();

    PutReply refused = shard.apply(200, putIfAbsent("k", "v2")).getPut();

    assertThat(refused)
        .isEqualTo(PutReply.newBuilder().setRevision(100).setPrevious(found("v1", 100)).build());
    assertThat(shard.get("k")).isEqualTo(found("v1", 100));
  }

  @Test
  void deleteSaysWhetherSomethingWasThere() {
    shard.apply(100, put("k", "v"));

    assertThat(shard.apply(200, delete("k")).getDelete())
        .isEqualTo(DeleteReply.newBuilder().setApplied(true).setRevision(200).build());
    assertThat(shard.apply(300, delete("k")).getDelete())
        .isEqualTo(DeleteReply.newBuilder().setRevision(300).build());
    assertThat(shard.get("k").getFound()).isFalse();
  }

  @Test
  void deleteHoldsToItsExpectedRevision() {
    shard.apply(100, put("k", "v"));

    DeleteReply refused = shard.apply(200, delete("k", 99, false)).getDelete();
    assertThat(refused.getApplied()).isFalse();
    assertThat(refused.getPrevious()).isEqualTo(found("v", 100));
    assertThat(shard.get("k").getFound()).isTrue();

    DeleteReply done = shard.apply(300, delete("k", 100, true)).getDelete();
    assertThat(done.getApplied()).isTrue();
    assertThat(done.getPrevious()).isEqualTo(found("v", 100));

    DeleteReply ofNothing = shard.apply(400, delete("k", 100, false)).getDelete();
    assertThat(ofNothing.getApplied()).isFalse();
    assertThat(ofNothing.hasPrevious()).isTrue();
    assertThat(ofNothing.getPrevious().getFound()).isFalse();
  }

  @Test
  void compareAndSetOfZeroMeansAbsent() {
    assertThat(shard.apply(100, compareAndSet("k", 0, "v1")).getCompareAndSet())
        .isEqualTo(CompareAndSetReply.newBuilder().setApplied(true).setRevision(100).build());
    assertThat(shard.apply(200, compareAndSet("k", 0, "v2")).getCompareAndSet())
        .isEqualTo(
            CompareAndSetReply.newBuilder().setRevision(100).setCurrent(found("v1", 100)).build());
    assertThat(shard.apply(300, compareAndSet("k", 100, "v3")).getCompareAndSet().getApplied())
        .isTrue();
    CompareAndSetReply ofNothing =
        shard.apply(400, compareAndSet("other", 5, "v")).getCompareAndSet();
    assertThat(ofNothing.getApplied()).isFalse();
    assertThat(ofNothing.getRevision()).isZero();
    assertThat(ofNothing.getCurrent().getFound()).isFalse();
    assertThat(shard.get("k")).isEqualTo(found("v3", 300));
  }

  @Test
  void batchIsAppliedWholeWithOneRevision() {
    shard.apply(100, put("b", "old"));

    Reply reply =
        shard.apply(
            200,
            batch(
                List.of(condition("a", 0), condition("b", 100)),
                putting("a", "1"),
                deleting("b"),
                putting("c", "3")));

    assertThat(reply.getBatch())
        .isEqualTo(BatchReply.newBuilder().setApplied(true).setRevision(200).build());
    assertThat(shard.get("a")).isEqualTo(found("1", 200));
    assertThat(shard.get("b").getFound()).isFalse();
    assertThat(shard.get("c")).isEqualTo(found("3", 200));
  }

  @Test
  void batchNamesTheFirstConditionThatFailedAndWritesNothing() {
    shard.apply(100, put("b", "old"));

    Reply reply =
        shard.apply(
            200,
            batch(
                List.of(condition("a", 0), condition("b", 99), condition("c", 7)),
                putting("a", "1")));

    assertThat(reply.getBatch()).isEqualTo(BatchReply.newBuilder().setFailedCondition(1).build());
    assertThat(shard.get("a").getFound()).isFalse();
  }

  @Test
  void ofTwoMutationsOfOneKeyTheLaterOneStays() {
    shard.apply(100, batch(List.of(), putting("k", "1"), deleting("k"), putting("k", "3")));

    assertThat(shard.get("k")).isEqualTo(found("3", 100));
  }

  @Test
  void revisionsRiseWhenTheClockOfTheLeaderGoesBack() {
    assertThat(shard.apply(500, put("k", "1")).getPut().getRevision()).isEqualTo(500);
    assertThat(shard.apply(100, put("k", "2")).getPut().getRevision()).isEqualTo(501);
    assertThat(shard.apply(501, put("k", "3")).getPut().getRevision()).isEqualTo(502);
    assertThat(shard.apply(900, put("k", "4")).getPut().getRevision()).isEqualTo(900);
  }

  @Test
  void commandsOfOneEntryHaveRevisionsOfTheirOwn() {
    List<Reply> replies = shard.applyAll(100, put("a", "1"), put("b", "2"), put("c", "3"));

    assertThat(replies)
        .extracting(reply -> reply.getPut().getRevision())
        .containsExactly(100L, 101L, 102L);
  }

  @Test
  void revisionsRiseAcrossAReopen() {
    shard.apply(500, put("k", "1"));
    shard.flushAndReopen();

    assertThat(shard.apply(1, put("k", "2")).getPut().getRevision()).isEqualTo(501);
  }

  @Test
  void rowsSurviveAFlushAndAReopen() {
    shard.apply(100, put("a", "1"));
    shard.apply(200, put("b", "2"));
    shard.apply(300, delete("a"));
    shard.flushAndReopen();

    assertThat(shard.get("a").getFound()).isFalse();
    assertThat(shard.get("b")).isEqualTo(found("2", 200));
  }

  @Test
  void whatWasNotFlushedIsGoneWithTheProcess() {
    shard.apply(100, put("a", "1"));
    shard.flush();
    shard.apply(200, put("a", "2"));
    shard.crash();

    assertThat(shard.get("a")).isEqualTo(found("1", 100));
    assertThat(shard.row().getLastRevision()).isEqualTo(100);
  }

  @Test
  void commandThatIsNotOfAUserShardStopsTheReplica() {
    Command catalog =
        Command.newBuilder()
            .setCatalogUpdate(CatalogUpdateRequest.newBuilder().setAllocateIds(1))
            .build();

    assertThatThrownBy(() -> shard.apply(100, catalog)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> shard.apply(100, Command.getDefaultInstance()))
        .isInstanceOf(IllegalStateException.class);
  }
}
