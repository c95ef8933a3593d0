package io.flotilla.shard.kv;

import static io.flotilla.shard.kv.Commands.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.GetReply;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Row;
import io.flotilla.contract.v1.ScanRequest;
import io.flotilla.internal.v1.Command;
import io.flotilla.internal.v1.CommandBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random commands against a plain sorted map, with flushes and crashes at random points; and twice
 * on machines that flush at different points. A failing run names its seed.
 */
class KvModelTest {
  private static final int TURNS = 1_000;

  private final TestShard shard = new TestShard();
  private final KvModel model = new KvModel();
  private SplittableRandom random = new SplittableRandom(0);
  private int splits;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void agreesWithASortedMap(long seed) {
    random = new SplittableRandom(seed);
    RandomCommands commands = new RandomCommands(random.split(), this::revisionOf);
    List<CommandBatch> sinceFlush = new ArrayList<>();
    shard.flush();
    for (int turn = 0; turn < TURNS; turn++) {
      CommandBatch batch =
          random.nextInt(TURNS / 4) == 0 ? split(commands.stamp()) : batch(commands);
      List<Reply> replies = shard.machine().apply(batch);
      if (!batch.getCommands(0).hasSplit()) {
        check(batch, replies);
      }
      sinceFlush.add(batch);
      if (random.nextInt(20) == 0) {
        shard.flush();
        sinceFlush.clear();
      }
      if (random.nextInt(50) == 0) {
        crashAndReplay(sinceFlush);
      }
    }
    checkRows();
  }

  private long revisionOf(String key) {
    GetReply row = model.visibleRows().get(utf8(key));
    return row == null ? 0 : row.getRevision();
  }

  private CommandBatch batch(RandomCommands commands) {
    CommandBatch.Builder batch = CommandBatch.newBuilder().setStamp(commands.stamp());
    for (int i = random.nextInt(4); i >= 0; i--) {
      batch.addCommands(commands.next());
    }
    return batch.build();
  }

  private CommandBatch split(long stamp) {
    String key = RandomCommands.key(11 - splits++);
    model.splitAt(key, stamp);
    return CommandBatch.newBuilder()
        .setStamp(stamp)
        .addCommands(
            Commands.split(
                key, shard.descriptor().epoch(), 1_000 + splits, 10_001L, 10_002L, 10_003L))
        .build();
  }

  private void check(CommandBatch batch, List<Reply> replies) {
    for (int i = 0; i < batch.getCommandsCount(); i++) {
      Command command = batch.getCommands(i);
      Optional<Reply> expected = model.apply(batch.getStamp(), command);
      if (expected.isPresent()) {
        assertThat(withoutWords(replies.get(i))).isEqualTo(expected.get());
      } else {
        assertThat(replies.get(i).getError().getCode()).isEqualTo(ErrorCode.ERROR_CODE_STALE_ROUTE);
      }
    }
  }

  /** Of an error the code alone, as the model has it. */
  private static Reply withoutWords(Reply reply) {
    Reply.Builder plain = reply.toBuilder();
    if (reply.hasError()) {
      plain.clearError().getErrorBuilder().setCode(reply.getError().getCode());
    } else if (reply.getSettleWrite().getAnswer().hasError()) {
      plain.getSettleWriteBuilder().setAnswer(withoutWords(reply.getSettleWrite().getAnswer()));
    }
    return plain.build();
  }

  /** The log gives the same state again, from wherever the last flush was. */
  private void crashAndReplay(List<CommandBatch> sinceFlush) {
    shard.crash();
    sinceFlush.forEach(lost -> shard.machine().apply(lost));
    checkRows();
  }

  private void checkRows() {
    TreeMap<ByteString, GetReply> found =
        new TreeMap<>(ByteString.unsignedLexicographicalComparator());
    for (Row row :
        KvReader.scan(
                shard.rows(),
                shard.machine().lastRevision(),
                shard.descriptor(),
                ScanRequest.getDefaultInstance())
            .getRowsList()) {
      found.put(
          row.getKey(),
          GetReply.newBuilder()
              .setFound(true)
              .setValue(row.getValue())
              .setRevision(row.getRevision())
              .setExpiresAtMillis(row.getExpiresAtMillis())
              .build());
    }
    assertThat(found).isEqualTo(model.visibleRows());
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14})
  void sameEntriesGiveTheSameWhereverTheyWereFlushed(long seed) {
    random = new SplittableRandom(seed);
    TestShard other = new TestShard();
    RandomCommands commands =
        new RandomCommands(random.split(), key -> shard.get(key).getRevision());
    List<CommandBatch> otherSinceFlush = new ArrayList<>();
    other.flush();
    for (int turn = 0; turn < TURNS; turn++) {
      CommandBatch batch = batch(commands);
      List<Reply> replies = shard.machine().apply(batch);
      assertThat(other.machine().apply(batch)).isEqualTo(replies);
      otherSinceFlush.add(batch);
      if (random.nextInt(30) == 0) {
        shard.flushAndReopen();
      }
      if (random.nextInt(30) == 0) {
        other.flush();
        otherSinceFlush.clear();
      }
      if (random.nextInt(100) == 0) {
        other.crash();
        otherSinceFlush.forEach(lost -> other.machine().apply(lost));
      }
    }
    assertThat(other.allRows()).isEqualTo(shard.allRows());
    assertThat(other.row()).isEqualTo(shard.row());
  }
}
