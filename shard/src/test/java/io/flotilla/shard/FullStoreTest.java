package io.flotilla.shard;

import static io.flotilla.shard.Requesting.at;
import static io.flotilla.shard.Requesting.delete;
import static io.flotilla.shard.Requesting.get;
import static io.flotilla.shard.Requesting.put;
import static io.flotilla.shard.Requesting.split;
import static io.flotilla.shard.Requesting.stale;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.Outcome;
import io.flotilla.contract.v1.Reply;
import io.flotilla.storage.SimOrderedStore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A node whose store has no room: it says so, loses nothing, and goes on when there is room. */
class FullStoreTest {
  private static final String LARGE = "x".repeat(1_000);

  private final TestCluster cluster = new TestCluster(3);

  private static void assertFull(Reply reply) {
    assertThat(reply.getError().getCode()).isEqualTo(ErrorCode.ERROR_CODE_DISK_FULL);
    assertThat(reply.getError().getOutcome()).isEqualTo(Outcome.OUTCOME_NOT_APPLIED);
    assertThat(reply.getError().getMessage()).contains("is full", "bytes");
  }

  /** So full that this part of the map is used. */
  private static void fill(SimOrderedStore store, double part) {
    long used = store.usage().usedBytes();
    store.leaveRoom((long) (used / part) - used);
  }

  private void write() {
    cluster.askAll(2, IntStream.range(0, 50).mapToObj(i -> put("k" + i, LARGE)).toList());
    cluster.tick(2 * TestNode.FLUSH_TICKS);
  }

  @Test
  void fromTheSoftLimitOnOnlyDeletionsAndReadsAreServed() {
    write();
    TestNode leader = cluster.leader(2);
    fill(leader.disk().disk().state(), 0.85);

    assertFull(cluster.ask(2, put("new", "v")));
    assertFull(leader.askHere(at(2, split("k3"))));
    assertThat(cluster.ask(2, delete("k0")).getDelete().getApplied()).isTrue();
    assertThat(cluster.ask(2, get("k1")).getGet().getFound()).isTrue();

    fill(leader.disk().disk().state(), 0.95);
    assertFull(cluster.ask(2, delete("k1")));
    assertThat(cluster.ask(2, get("k1")).getGet().getFound()).isTrue();

    leader.disk().disk().state().leaveAllRoom();
    assertThat(cluster.ask(2, put("new", "v")).hasPut()).isTrue();
  }

  @Test
  void fullFollowerSaysWhoLeadsAndChangesNothingForTheOthers() {
    write();
    TestNode leader = cluster.leader(2);
    TestNode full =
        cluster.nodes().stream().filter(node -> node != leader).findFirst().orElseThrow();
    full.disk().disk().journal().leaveRoom(0);
    full.disk().disk().state().leaveRoom(0);

    assertThat(full.askHere(at(2, put("k", "v"))).getError().getCode())
        .isEqualTo(ErrorCode.ERROR_CODE_NOT_LEADER);
    assertThat(cluster.ask(2, put("k", "v")).hasPut()).isTrue();
    cluster.tick(2 * TestNode.FLUSH_TICKS);
    assertThat(full.status(2).getAppliedIndex()).isLessThan(leader.status(2).getAppliedIndex());

    full.disk().disk().journal().leaveAllRoom();
    full.disk().disk().state().leaveAllRoom();
    cluster.tick(2 * TestNode.FLUSH_TICKS);
    assertThat(full.status(2).getAppliedIndex()).isEqualTo(leader.status(2).getAppliedIndex());
    assertThat(full.status(2).getFlushedIndex()).isEqualTo(full.status(2).getAppliedIndex());
    full.restart();
    cluster.tick(5);
    assertThat(full.askHere(stale(2, get("k"))).getGet().getFound()).isTrue();
    assertThat(full.disk().fatal()).isEmpty();
  }

  @Test
  void fullJournalIsToldAndGoesOnByItself() {
    write();
    TestNode leader = cluster.leader(2);
    leader.disk().disk().journal().leaveRoom(0);
    Reply first = cluster.ask(2, put("k", "v"));
    assertFull(first);
    assertThat(leader.askHere(stale(2, get("k1"))).getGet().getFound()).isTrue();

    leader.disk().disk().journal().leaveAllRoom();
    cluster.tick(2);
    assertThat(cluster.ask(2, put("k", "v")).hasPut()).isTrue();
  }

  /** A node that has fallen behind so far that it needs a snapshot, once it hears of the others. */
  private TestNode behind() {
    TestNode leader = cluster.leader(2);
    TestNode late =
        cluster.nodes().stream()
            .filter(node -> node != leader && node != cluster.leader(1))
            .findFirst()
            .orElseThrow();
    cluster.cutOff(late.id());
    write();
    cluster.tick(3 * TestNode.FLUSH_TICKS);
    return late;
  }

  private long bytesSent() {
    return cluster.chunks().stream().mapToLong(chunk -> chunk.getData().size()).sum();
  }

  private void assertCaughtUp(TestNode late) {
    assertThat(late.askHere(stale(2, get("k1"))).getGet().getFound()).isTrue();
    assertThat(late.status(2).getAppliedIndex())
        .isEqualTo(cluster.leader(2).status(2).getAppliedIndex());
  }

  @Test
  void snapshotWaitsForRoomAndIsInstalledThen() {
    TestNode late = behind();
    cluster.heal();
    while (bytesSent() < 5 * LARGE.length()) {
      if (!cluster.pass()) {
        cluster.beginTick();
      }
    }
    late.disk().disk().state().leaveRoom(10_000); // there was room when it was offered
    cluster.tickUntil(
        "the install meets a full store", () -> late.disk().disk().state().refusals() > 1);
    assertThat(late.replica(2).isStopped()).isFalse();
    assertThat(late.askHere(stale(2, get("k1"))).hasError()).isTrue();

    late.disk().disk().state().leaveAllRoom();
    cluster.tick(20);
    assertCaughtUp(late);
  }

  @Test
  void snapshotThatHasNoRoomIsNotEvenSent() {
    TestNode late = behind();
    late.disk().disk().state().leaveRoom(10_000);
    cluster.heal();
    cluster.tick(40);
    assertThat(bytesSent()).as("of the catalog alone").isLessThan(LARGE.length());
    assertThat(late.replica(2).isStopped()).isFalse();

    late.disk().disk().state().leaveAllRoom();
    cluster.tick(40);
    assertCaughtUp(late);
  }
}
