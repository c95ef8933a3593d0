package io.flotilla.storage;

import static io.flotilla.storage.TestLogs.all;
import static io.flotilla.storage.TestLogs.entries;
import static io.flotilla.storage.TestLogs.entry;
import static io.flotilla.storage.TestLogs.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.raft.HardState;
import io.flotilla.raft.Payload;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JournalSpaceTest {

  private static final int TARGET = 256 << 10;

  private final StoreConfig config =
      new StoreConfig(
          new JournalConfig(4 << 20, TARGET, 1 << 20, 1 << 20, 16 << 10, 16 << 10),
          StoreConfig.small().state());
  private final SimNode node = new SimNode(config);

  @Test
  void churnNextToAnIdleShardStaysWithinBounds() {
    JournalBatch idle = new JournalBatch();
    idle.append(key(1), entries(1, 1, 20));
    idle.hardState(key(1), new HardState(1, 10, 3));
    submit(idle);
    node.journal().compact(key(1), 5);
    long most = 0;
    for (int index = 1; index <= 4_000; index++) {
      JournalBatch batch = new JournalBatch();
      batch.append(key(2), List.of(entry(1, index, 1_000)));
      submit(batch);
      node.journal().compact(key(2), Math.max(1, index - 10));
      most = Math.max(most, node.journal().usage().usedBytes());
    }
    assertThat(most).isLessThan(TARGET + (TARGET / 4));
    node.restart();
    assertThat(node.journal().log(key(1)).firstIndex()).isEqualTo(6);
    assertThat(all(node.journal().log(key(1)))).isEqualTo(entries(1, 6, 20));
    assertThat(node.journal().log(key(1)).hardState()).isEqualTo(new HardState(1, 10, 3));
    assertThat(all(node.journal().log(key(2)))).hasSize(11);
  }

  @Test
  void aJournalOfLiveRecordsIsNotCopiedRoundAndRound() {
    for (int index = 1; index <= 1_000; index++) {
      JournalBatch batch = new JournalBatch();
      batch.append(key(1 + index % 2), List.of(entry(1, (index + 1) / 2, 1_000)));
      submit(batch);
    }
    assertThat(node.disk.journal().rows(Table.BLOCKS).firstKey()).isEqualTo(Keys.ofLong(1));
  }

  @Test
  void aFullMapKeepsItsQueueUntilACompactionMakesRoom() {
    List<Integer> done = new ArrayList<>();
    int submitted = 0;
    while (!node.journal().isFull()) {
      submitted++;
      JournalBatch batch = new JournalBatch();
      batch.append(key(1), List.of(entry(1, submitted, 64 << 10)));
      int number = submitted;
      node.journal().submit(batch, () -> done.add(number));
      node.settle();
    }
    assertThat(node.fatal).isEmpty();
    assertThat(done).hasSize(submitted - 1);
    assertThat(node.journal().queuedBytes()).isGreaterThan(64 << 10);
    node.journal().compact(key(1), submitted - 2);
    node.settle();
    assertThat(node.journal().isFull()).isFalse();
    assertThat(done).hasSize(submitted);
    assertThat(node.journal().log(key(1)).lastIndex()).isEqualTo(submitted);
    node.restart();
    assertThat(node.journal().log(key(1)).firstIndex()).isEqualTo(submitted - 1);
  }

  @Test
  void theCacheKeepsToItsBudget() {
    JournalBooks books = new JournalBooks(1_000);
    books.blocks().append(1 << 20);
    OrderedStore nowhere = new SimOrderedStore(1 << 20);
    List<ReplicaLog> logs = new ArrayList<>();
    for (int shard = 1; shard <= 50; shard++) {
      ReplicaLog log = new ReplicaLog(key(shard), new EntryReader(nowhere));
      log.publishEntries(List.of(entry(1, 1, 100)), 1, 20, books);
      books.trimCache();
      assertThat(books.cachedBytes()).isLessThanOrEqualTo(1_000);
      logs.add(log);
    }
    assertThat(logs.get(49).entries(1, 2, 1)).hasSize(1);
  }

  private void submit(JournalBatch batch) {
    node.journal().submit(batch, () -> {});
    node.settle();
    assertThat(node.fatal).isEmpty();
  }

  @Test
  void queuesGoOnWhenSomethingElseHasMadeRoom() {
    List<String> done = new ArrayList<>();
    node.disk.journal().leaveRoom(0);
    node.disk.state().leaveRoom(0);
    JournalBatch batch = new JournalBatch();
    batch.append(key(1), entries(1, 1, 3));
    node.journal().submit(batch, () -> done.add("journal"));
    FlushBatch flush = new FlushBatch();
    flush.putMeta(Payload.utf8("m"), Payload.utf8("v"));
    node.state().flush(flush, () -> done.add("state"));
    node.settle();
    node.store().tryForRoom();
    node.settle();
    assertThat(node.journal().isFull()).isTrue();
    assertThat(node.state().isFull()).isTrue();
    assertThat(done).isEmpty();

    node.disk.journal().leaveAllRoom();
    node.disk.state().leaveAllRoom();
    node.settle();
    assertThat(done).as("nobody has looked").isEmpty();
    node.store().tryForRoom();
    node.settle();

    assertThat(done).containsExactlyInAnyOrder("journal", "state");
    assertThat(node.fatal).isEmpty();
    node.restart();
    assertThat(all(node.journal().log(key(1)))).isEqualTo(entries(1, 1, 3));
    assertThat(node.state().meta(Payload.utf8("m"))).isEqualTo(Payload.utf8("v"));
  }
}
