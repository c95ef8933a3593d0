package io.flotilla.storage;

import static io.flotilla.storage.TestLogs.all;
import static io.flotilla.storage.TestLogs.entries;
import static io.flotilla.storage.TestLogs.entry;
import static io.flotilla.storage.TestLogs.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.raft.CompactedException;
import io.flotilla.raft.Entry;
import io.flotilla.raft.HardState;
import io.flotilla.raft.Payload;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JournalTest {

  private final SimNode node = new SimNode(StoreConfig.small());
  private final ReplicaKey one = key(1);

  @Test
  void anUnknownReplicaHasAnEmptyLogThatStartsAtOne() {
    ReplicaLog log = node.journal().log(one);
    assertThat(log.firstIndex()).isEqualTo(1);
    assertThat(log.lastIndex()).isZero();
    assertThat(log.term(0)).isZero();
    assertThat(log.hardState()).isEqualTo(HardState.EMPTY);
    assertThat(log.isDurable()).isFalse();
    assertThat(node.journal().replicas()).isEmpty();
  }

  @Test
  void entriesAndHardStateSurviveARestart() {
    JournalBatch batch = new JournalBatch();
    batch.append(one, entries(3, 1, 5));
    batch.hardState(one, new HardState(3, 20, 4));
    batch.append(key(2), List.of(new Entry(1, 1, Entry.Type.NOOP, Payload.EMPTY)));
    submit(batch);
    node.restart();
    ReplicaLog log = node.journal().log(one);
    assertThat(all(log)).isEqualTo(entries(3, 1, 5));
    assertThat(log.hardState()).isEqualTo(new HardState(3, 20, 4));
    assertThat(all(node.journal().log(key(2))).get(0).type()).isEqualTo(Entry.Type.NOOP);
    assertThat(node.journal().replicas()).containsExactly(one, key(2));
  }

  @Test
  void anAppendTruncatesFromItsFirstIndex() {
    append(entries(1, 1, 6));
    append(entries(2, 4, 5));
    checkBothWays(() -> assertThat(all(log())).hasSize(5).endsWith(entry(2, 4), entry(2, 5)));
    assertThat(log().term(3)).isEqualTo(1);
    assertThat(log().term(5)).isEqualTo(2);
  }

  @Test
  void entriesAreCutAfterTheByteLimitButNeverBeforeTheFirst() {
    append(List.of(entry(1, 1, 100), entry(1, 2, 100), entry(1, 3, 100)));
    long two = 2 * entry(1, 1, 100).sizeBytes();
    checkBothWays(
        () -> {
          assertThat(log().entries(1, 4, 0)).hasSize(1);
          assertThat(log().entries(1, 4, two)).hasSize(2);
          assertThat(log().entries(1, 4, two - 1)).hasSize(1);
          assertThat(log().entries(2, 2, 0)).isEmpty();
        });
  }

  @Test
  void aCompactionShowsAtOnceAndIsDurableWithTheNextCommit() {
    append(entries(1, 1, 10));
    node.journal().compact(one, 7);
    assertThat(log().firstIndex()).isEqualTo(8);
    assertThat(log().term(7)).isEqualTo(1);
    assertThatThrownBy(() -> log().term(6)).isInstanceOf(CompactedException.class);
    assertThatThrownBy(() -> log().entries(7, 9, 1)).isInstanceOf(CompactedException.class);
    node.restart();
    assertThat(log().firstIndex()).isEqualTo(1);
    node.journal().compact(one, 7);
    append(entries(1, 11, 11));
    node.restart();
    assertThat(log().firstIndex()).isEqualTo(8);
    assertThat(log().lastIndex()).isEqualTo(11);
    assertThat(log().term(7)).isEqualTo(1);
  }

  @Test
  void aLogMayBeCompactedToItsEnd() {
    append(entries(4, 1, 3));
    node.journal().compact(one, 3);
    append(entries(5, 4, 4));
    node.journal().compact(one, 4);
    submit(hardState(5));
    checkBothWays(
        () -> {
          assertThat(log().firstIndex()).isEqualTo(5);
          assertThat(log().lastIndex()).isEqualTo(4);
          assertThat(log().term(4)).isEqualTo(5);
        });
  }

  @Test
  void aResetStartsTheLogAnewAndKeepsTheHardState() {
    append(entries(1, 1, 10));
    JournalBatch batch = hardState(6);
    batch.reset(one, 100, 6);
    batch.append(one, entries(6, 101, 102));
    submit(batch);
    checkBothWays(
        () -> {
          assertThat(log().firstIndex()).isEqualTo(101);
          assertThat(log().term(100)).isEqualTo(6);
          assertThat(all(log())).isEqualTo(entries(6, 101, 102));
          assertThat(log().hardState().term()).isEqualTo(6);
        });
  }

  @Test
  void aRemovedReplicaIsForgotten() {
    append(entries(1, 1, 3));
    ReplicaLog old = log();
    JournalBatch batch = new JournalBatch();
    batch.remove(one);
    submit(batch);
    assertThatThrownBy(old::lastIndex).isInstanceOf(IllegalStateException.class);
    checkBothWays(() -> assertThat(node.journal().replicas()).isEmpty());
  }

  @Test
  void completionsRunInOrderAfterTheDataIsVisible() {
    List<String> seen = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      JournalBatch batch = new JournalBatch();
      batch.append(one, entries(1, i, i));
      int number = i;
      node.journal().submit(batch, () -> seen.add(number + ":" + log().lastIndex()));
    }
    assertThat(node.journal().queuedBytes()).isPositive();
    assertThat(log().lastIndex()).isZero();
    node.settle();
    assertThat(seen).containsExactly("1:3", "2:3", "3:3");
    assertThat(node.journal().queuedBytes()).isZero();
    assertThat(node.disk.journal().commits()).isEqualTo(1);
  }

  @Test
  void anEntryLargerThanABlockHasOneOfItsOwn() {
    append(List.of(entry(1, 1, 10), entry(1, 2, 1 << 20), entry(1, 3, 10)));
    assertThat(node.disk.journal().rows(Table.BLOCKS)).hasSize(3);
    checkBothWays(
        () -> assertThat(all(log()).get(1).payload()).isEqualTo(entry(1, 2, 1 << 20).payload()));
  }

  @Test
  void aGapStopsTheStore() {
    append(entries(1, 1, 3));
    JournalBatch batch = new JournalBatch();
    batch.append(one, entries(1, 5, 5));
    node.journal().submit(batch, () -> {});
    node.settle();
    assertThat(node.fatal).hasSize(1);
    assertThat(node.fatal.get(0)).hasMessageContaining("cannot append index 5");
  }

  @Test
  void aFailedCommitIsFatalAndCompletesNothing() {
    node.disk.journal().failNextCommit(new StoreException("input/output error"));
    List<String> done = new ArrayList<>();
    node.journal().submit(hardState(1), () -> done.add("first"));
    node.settle();
    node.journal().submit(hardState(2), () -> done.add("second"));
    node.settle();
    assertThat(node.fatal).hasSize(1);
    assertThat(done).isEmpty();
    assertThat(node.journal().queuedBytes()).isZero();
  }

  @Test
  void batchesBeyondTheCommitBoundWaitForTheNextCommit() {
    int entryBytes = (int) (StoreConfig.small().journal().maxCommitBytes() * 2 / 3);
    for (int i = 1; i <= 3; i++) {
      JournalBatch batch = new JournalBatch();
      batch.append(one, List.of(entry(1, i, entryBytes)));
      node.journal().submit(batch, () -> {});
    }
    node.settle();
    assertThat(node.disk.journal().commits()).isEqualTo(3);
    assertThat(log().lastIndex()).isEqualTo(3);
  }

  /** Checks with entries in the cache, then read back from the disk by the next process. */
  private void checkBothWays(Runnable check) {
    check.run();
    node.restart();
    check.run();
  }

  private ReplicaLog log() {
    return node.journal().log(one);
  }

  private JournalBatch hardState(long term) {
    JournalBatch batch = new JournalBatch();
    batch.hardState(one, new HardState(term, 0, 0));
    return batch;
  }

  private void append(List<Entry> entries) {
    JournalBatch batch = new JournalBatch();
    batch.append(one, entries);
    submit(batch);
  }

  private void submit(JournalBatch batch) {
    int[] done = new int[1];
    node.journal().submit(batch, () -> done[0]++);
    node.settle();
    assertThat(node.fatal).isEmpty();
    assertThat(done[0]).isEqualTo(1);
  }
}
