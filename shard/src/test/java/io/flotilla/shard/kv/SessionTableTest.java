package io.flotilla.shard.kv;

import static io.flotilla.shard.kv.Commands.session;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.ErrorDetail;
import io.flotilla.contract.v1.Outcome;
import io.flotilla.contract.v1.PutReply;
import io.flotilla.contract.v1.Reply;
import io.flotilla.internal.v1.Command;
import io.flotilla.shard.support.HandDrivenStore;
import io.flotilla.storage.FlushBatch;
import io.flotilla.storage.FrozenMemtable;
import io.flotilla.storage.ReplicaKey;
import io.flotilla.storage.ReplicaState;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SessionTableTest {
  private static final long SHARD = 2;
  private static final long ALICE = session(1_000, 1);
  private static final int MIB = 1 << 20;

  private final HandDrivenStore disk = new HandDrivenStore();
  private ReplicaState rows = disk.store().state().open(new ReplicaKey(SHARD, 21));
  private SessionTable table = new SessionTable(SHARD, rows, 0, Limits.MAX_SESSIONS);
  private long revision;

  private static Command write(long sessionId, long sequence, long acknowledged) {
    return Command.newBuilder()
        .setSessionId(sessionId)
        .setSequence(sequence)
        .setAcknowledgedSequence(acknowledged)
        .build();
  }

  private static Reply answer(long revision) {
    return Reply.newBuilder().setPut(PutReply.newBuilder().setRevision(revision)).build();
  }

  private static Reply answerOf(int bytes) {
    PutReply.Builder put = PutReply.newBuilder();
    put.getPreviousBuilder().setValue(ByteString.copyFrom(new byte[bytes]));
    return Reply.newBuilder().setPut(put).build();
  }

  private Reply execute(long sessionId, long sequence, long acknowledged) {
    return execute(sessionId, sequence, acknowledged, answer(revision + 1));
  }

  private Reply execute(long sessionId, long sequence, long acknowledged, Reply reply) {
    Command command = write(sessionId, sequence, acknowledged);
    assertThat(table.answerWithoutExecuting(command)).as("must be executed").isNull();
    table.executed(command, reply, ++revision);
    return reply;
  }

  private @Nullable Reply retry(long sessionId, long sequence) {
    return table.answerWithoutExecuting(write(sessionId, sequence, 0));
  }

  private static void assertExpired(@Nullable Reply reply) {
    ErrorDetail error = Objects.requireNonNull(reply).getError();
    assertThat(error.getCode()).isEqualTo(ErrorCode.ERROR_CODE_SESSION_EXPIRED);
    assertThat(error.getOutcome()).isEqualTo(Outcome.OUTCOME_REJECTED);
  }

  private static void assertOverloaded(@Nullable Reply reply) {
    ErrorDetail error = Objects.requireNonNull(reply).getError();
    assertThat(error.getCode()).isEqualTo(ErrorCode.ERROR_CODE_OVERLOADED);
    assertThat(error.getOutcome()).isEqualTo(Outcome.OUTCOME_NOT_APPLIED);
  }

  private void reload() {
    FlushBatch batch = new FlushBatch();
    table.saveToRows();
    FrozenMemtable frozen = rows.freeze();
    batch.add(frozen);
    disk.store().state().flush(batch, () -> rows.release(frozen));
    disk.settle();
    disk.crash();
    rows = disk.store().state().open(new ReplicaKey(SHARD, 21));
    table = new SessionTable(SHARD, rows, table.evictedMillis(), Limits.MAX_SESSIONS);
  }

  @Test
  void writeThatComesAgainGetsItsFirstAnswer() {
    Reply first = execute(ALICE, 1, 0);
    Reply second = execute(ALICE, 2, 0);

    assertThat(retry(ALICE, 1)).isEqualTo(first);
    assertThat(retry(ALICE, 2)).isEqualTo(second);
    assertThat(retry(ALICE, 3)).isNull();
    assertThat(retry(session(1_000, 2), 1)).as("another session").isNull();
  }

  @Test
  void writeWithoutASessionIsExecutedEachTime() {
    execute(0, 0, 0);
    execute(0, 0, 0);

    assertThat(retry(0, 0)).isNull();
  }

  @Test
  void answersSurviveAReload() {
    Reply first = execute(ALICE, 1, 0);
    execute(ALICE, 2, 0);
    execute(ALICE, 3, 2);
    reload();

    assertExpired(retry(ALICE, 1));
    assertThat(retry(ALICE, 3)).isNotNull().isNotEqualTo(first);
    assertThat(retry(ALICE, 4)).isNull();
  }

  @Test
  void acknowledgedAnswersAreForgottenAndNotExecutedAgain() {
    execute(ALICE, 1, 0);
    execute(ALICE, 2, 0);
    Reply third = execute(ALICE, 3, 2);

    assertExpired(retry(ALICE, 1));
    assertExpired(retry(ALICE, 2));
    assertThat(retry(ALICE, 3)).isEqualTo(third);
  }

  @Test
  void writeThatAcknowledgesItselfIsNotExecutedAgain() {
    execute(ALICE, 1, 1);

    assertExpired(retry(ALICE, 1));
  }

  @Test
  void acknowledgementThatComesLateTakesNothingBack() {
    execute(ALICE, 5, 4);
    execute(ALICE, 6, 2);

    assertExpired(retry(ALICE, 4));
    assertThat(retry(ALICE, 5)).isNotNull();
  }

  @Test
  void sequencesMayComeInAnyOrder() {
    execute(ALICE, 3, 0);
    execute(ALICE, 1, 0);
    execute(ALICE, 2, 0);

    for (long sequence = 1; sequence <= 3; sequence++) {
      assertThat(retry(ALICE, sequence)).isNotNull();
    }
  }

  @Test
  void sessionThatAcknowledgesNothingIsBounded() {
    for (int i = 1; i <= SessionTable.MAX_RESULTS_PER_SESSION; i++) {
      execute(ALICE, i, 0);
    }
    long next = SessionTable.MAX_RESULTS_PER_SESSION + 1;

    assertOverloaded(retry(ALICE, next));
    assertThat(retry(ALICE, 1)).as("retries are answered all the same").isNotNull();
    execute(ALICE, next, 1);
    assertOverloaded(table.answerWithoutExecuting(write(ALICE, next + 1, 1)));
    execute(session(1_000, 2), 1, 0);
  }

  @Test
  void acknowledgingWhatIsNotHereMakesNoRoom() {
    int first = 5_000;
    for (int i = 0; i < SessionTable.MAX_RESULTS_PER_SESSION; i++) {
      execute(ALICE, first + i, 0);
    }
    int next = first + SessionTable.MAX_RESULTS_PER_SESSION;

    // Its other writes went to other shards: nothing here is forgotten for them.
    assertOverloaded(table.answerWithoutExecuting(write(ALICE, next, first - 1)));
    execute(ALICE, next, first);
  }

  @Test
  void oneSessionIsBoundedByBytes() {
    int mib = (int) (SessionTable.MAX_RESULT_BYTES / MIB);
    for (int i = 1; i <= mib; i++) {
      execute(ALICE, i, 0, answerOf(MIB));
    }

    assertOverloaded(retry(ALICE, mib + 1));
    execute(ALICE, mib + 1, 1, answerOf(MIB));
    assertThat(retry(ALICE, mib)).isNotNull();
  }

  @Test
  void tooManySessionsEvictTheOneWhoseLastWriteIsOldest() {
    long first = session(10, 0);
    long second = session(20, 0);
    execute(first, 1, 0);
    execute(second, 1, 0);
    execute(first, 2, 0);
    for (int i = 0; i < Limits.MAX_SESSIONS - 1; i++) {
      execute(session(1_000 + i, 0), 1, 0);
    }

    assertThat(table.evictedMillis()).isEqualTo(20);
    assertExpired(retry(second, 1));
    assertThat(retry(first, 2)).isNotNull();
  }

  @Test
  void answersWithTooManyBytesEvictWholeSessionsOldestFirst() {
    int sessions = (int) (SessionTable.MAX_RESULT_BYTES / MIB);
    for (int i = 0; i <= sessions; i++) {
      execute(session(1_000 + i, 0), 1, 0, answerOf(MIB));
    }

    assertExpired(retry(session(1_000, 0), 1));
    assertExpired(retry(session(1_001, 0), 1));
    for (int i = 2; i <= sessions; i++) {
      assertThat(retry(session(1_000 + i, 0), 1)).isNotNull();
    }
  }

  @Test
  void unknownSessionThatIsNotYoungerThanAnEvictedOneIsRefused() {
    table = new SessionTable(SHARD, rows, 500, Limits.MAX_SESSIONS);

    assertExpired(retry(session(499, 7), 1));
    assertExpired(retry(session(500, 7), 1));
    assertThat(retry(session(501, 7), 1)).isNull();
  }

  @Test
  void orderOfEvictionIsThatOfTheLogAlsoAfterAReload() {
    long first = session(10, 0);
    long second = session(20, 0);
    long third = session(5, 0);
    execute(first, 1, 0);
    execute(second, 1, 0);
    execute(third, 1, 0);
    execute(first, 2, 0);
    reload();
    for (int i = 0; i < Limits.MAX_SESSIONS - 2; i++) {
      execute(session(1_000 + i, 0), 1, 0);
    }
    assertThat(table.evictedMillis()).isEqualTo(20);
    assertThat(retry(third, 1)).isEqualTo(answer(3));

    execute(session(9_000, 0), 1, 0);
    assertExpired(retry(third, 1));
    assertThat(retry(first, 1)).as("written to later").isEqualTo(answer(1));
  }

  @Test
  void evictedSessionLeavesNoRow() {
    execute(session(10, 0), 1, 0);
    reload();
    for (int i = 0; i < Limits.MAX_SESSIONS; i++) {
      execute(session(1_000 + i, 0), 1, 0);
    }
    reload();

    int[] count = new int[1];
    rows.scan(KeySpace.sessions(SHARD), false, (key, value) -> ++count[0] > 0);
    assertThat(count[0]).isEqualTo(Limits.MAX_SESSIONS);
  }

  @Test
  void bytesAreCountedAnewAfterAReload() {
    int sessions = (int) (SessionTable.MAX_RESULT_BYTES / MIB) - 1;
    for (int i = 0; i < sessions; i++) {
      execute(session(1_000 + i, 0), 1, 0, answerOf(MIB));
    }
    reload();
    execute(session(2_000, 0), 1, 0, answerOf(MIB));

    assertThat(table.evictedMillis()).isEqualTo(1_000);
  }

  @Test
  void sessionsOfAnotherShardAreNotRead() {
    execute(ALICE, 1, 0);
    table.copyTo(3);
    reload();

    assertThat(retry(ALICE, 1)).isNotNull();
    SessionTable copy = new SessionTable(3, rows, 0, Limits.MAX_SESSIONS);
    assertThat(copy.answerWithoutExecuting(write(ALICE, 1, 0))).isEqualTo(answer(1));
    assertThat(
            new SessionTable(4, rows, 0, Limits.MAX_SESSIONS)
                .answerWithoutExecuting(write(ALICE, 1, 0)))
        .isNull();
  }
}
