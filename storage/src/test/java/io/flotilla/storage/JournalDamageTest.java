package io.flotilla.storage;

import static io.flotilla.storage.TestLogs.entries;
import static io.flotilla.storage.TestLogs.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.raft.Payload;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Damage is found and named, and nothing is cut off to get past it. */
class JournalDamageTest {

  private final StoreConfig config =
      new StoreConfig(
          StoreConfig.small().journal().withBlocks(4_096, 0), StoreConfig.small().state());
  private final SimNode node = new SimNode(config);

  @BeforeEach
  void writeThreeBlocks() {
    for (int i = 0; i < 3; i++) {
      JournalBatch batch = new JournalBatch();
      batch.append(key(1), entries(1, 10 * i + 1, 10 * i + 10));
      node.journal().submit(batch, () -> {});
      node.settle();
    }
    assertThat(node.disk.journal().rows(Table.BLOCKS)).hasSize(3);
  }

  @Test
  void everyFlippedByteOfABlockIsFound() {
    Payload second = Keys.ofLong(2);
    int size = node.disk.journal().rows(Table.BLOCKS).getOrDefault(second, Payload.EMPTY).size();
    assertThat(size).isGreaterThan(100);
    for (int at = 0; at < size; at++) {
      node.disk.journal().corrupt(Table.BLOCKS, second, at);
      assertThatThrownBy(node::restart)
          .isInstanceOf(StoreCorruptException.class)
          .hasMessageContaining("journal block 2 is damaged at byte");
      node.disk.journal().corrupt(Table.BLOCKS, second, at);
    }
    node.restart();
    assertThat(node.journal().log(key(1)).lastIndex()).isEqualTo(30);
  }

  @Test
  void theLastBlockIsNoExceptionBecauseCommitsAreAtomic() {
    node.disk.journal().corrupt(Table.BLOCKS, Keys.ofLong(3), 60);
    assertThatThrownBy(node::restart).hasMessageContaining("journal block 3 is damaged");
  }

  @Test
  void aMissingBlockIsFound() {
    node.disk.journal().lose(Table.BLOCKS, Keys.ofLong(2));
    assertThatThrownBy(node::restart)
        .isInstanceOf(StoreCorruptException.class)
        .hasMessageContaining("journal block 2 is missing");
  }

  @Test
  void aLostOldEndIsFound() {
    node.disk.journal().lose(Table.BLOCKS, Keys.ofLong(1));
    assertThatThrownBy(node::restart)
        .isInstanceOf(StoreCorruptException.class)
        .hasMessageContaining("has no entry 1 of shard 1 replica 10");
  }

  @Test
  void aLostNewEndIsFoundOnceTheStateDependsOnIt() {
    node.state().flush(new FlushBatch(), () -> {});
    node.settle();
    node.disk.journal().lose(Table.BLOCKS, Keys.ofLong(3));
    assertThatThrownBy(node::restart)
        .isInstanceOf(StoreCorruptException.class)
        .hasMessageContaining("the journal ends at block 2")
        .hasMessageContaining("flushed after block 3");
  }

  @Test
  void aRunningStoreFindsDamageWhenItReads() {
    node.disk.journal().corrupt(Table.BLOCKS, Keys.ofLong(2), 80);
    ReplicaLog log = node.journal().log(key(1));
    assertThat(log.entries(1, 11, Long.MAX_VALUE)).hasSize(10);
    assertThatThrownBy(() -> log.entries(11, 21, Long.MAX_VALUE))
        .isInstanceOf(StoreCorruptException.class)
        .hasMessageContaining("journal block 2 is damaged at byte");
  }
}
