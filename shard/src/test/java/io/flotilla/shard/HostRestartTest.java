package io.flotilla.shard;

import static io.flotilla.shard.Requesting.at;
import static io.flotilla.shard.Requesting.get;
import static io.flotilla.shard.Requesting.put;
import static io.flotilla.shard.Requesting.stale;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.contract.v1.Context;
import io.flotilla.contract.v1.GetReply;
import io.flotilla.contract.v1.Reply;
import io.flotilla.internal.v1.ReplicaRow;
import io.flotilla.raft.Payload;
import io.flotilla.shard.catalog.Rules;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.KeyRange;
import io.flotilla.shard.kv.KeySpace;
import io.flotilla.shard.support.Shards;
import io.flotilla.storage.FlushBatch;
import io.flotilla.storage.Table;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What a node that stands alone keeps over its deaths. */
class HostRestartTest {
  private final TestCluster cluster = new TestCluster(1);
  private final TestNode node = cluster.node(1);

  private GetReply read(String key) {
    return cluster.ask(2, get(key)).getGet();
  }

  @Test
  void replicaThatIsAloneLeadsAtOnce() {
    cluster.settle();

    assertThat(node.replica(1).isLeader()).isTrue();
    assertThat(node.replica(2).isLeader()).isTrue();
  }

  @Test
  void whatWasFlushedIsThereAfterARestart() {
    Reply written = cluster.ask(2, put("k", "v"));
    cluster.tick(TestNode.FLUSH_TICKS);
    assertThat(node.status(2).getFlushedIndex()).isEqualTo(node.status(2).getAppliedIndex());
    long flushed = node.status(2).getFlushedIndex();

    node.restart();
    assertThat(node.turns()).isTrue();
    assertThat(node.replica(2).applier().appliedIndex()).isEqualTo(flushed);
    GetReply read = read("k");

    assertThat(read.getValue()).isEqualTo(Requesting.utf8("v"));
    assertThat(read.getRevision()).isEqualTo(written.getPut().getRevision());
  }

  @Test
  void flushLetsGoOfTheLog() {
    for (int i = 0; i < 20; i++) {
      cluster.ask(2, put("k" + i, "v"));
    }
    long before = node.status(2).getFirstIndex();
    cluster.tick(TestNode.FLUSH_TICKS);

    assertThat(node.status(2).getFirstIndex()).isGreaterThan(before);
    assertThat(node.status(2).getFirstIndex()).isEqualTo(node.status(2).getFlushedIndex() + 1);
  }

  @Test
  void whatWasAnsweredAndNotFlushedIsReplayed() {
    node.holdState(true);
    Reply written = cluster.ask(2, put("k", "v"));
    long applied = node.status(2).getAppliedIndex();

    node.restart();
    GetReply read = read("k");

    assertThat(read.getRevision()).isEqualTo(written.getPut().getRevision());
    assertThat(node.status(2).getAppliedIndex()).isGreaterThanOrEqualTo(applied);
  }

  @Test
  void writeIsNotAnsweredBeforeItIsDurable() {
    cluster.settle();
    node.holdJournal(true);
    CompletableFuture<Reply> reply = node.host().execute(at(2, put("k", "v")));
    cluster.settle();
    assertThat(reply).isNotDone();

    node.restart();

    assertThat(read("k").getFound()).isFalse();
    assertThat(reply).isNotDone();
  }

  @Test
  void sessionsAndRevisionsSurviveBothKindsOfRestart() {
    var context = Context.newBuilder().setSessionId(77).setSequence(1);
    var write = put("k", "v").toBuilder().setContext(context).build();
    Reply first = cluster.ask(2, write);

    node.restart();
    assertThat(cluster.ask(2, write)).isEqualTo(first);
    cluster.tick(TestNode.FLUSH_TICKS);
    node.restart();
    assertThat(cluster.ask(2, write)).isEqualTo(first);
    assertThat(cluster.ask(2, put("k", "w")).getPut().getRevision())
        .isGreaterThan(first.getPut().getRevision());
  }

  @Test
  void bootstrapMayBeRepeatedUntilReplicasHaveRun() {
    TestNode fresh = new TestNode(1, cluster, TestNode.config());
    var shards = List.of(Shards.of(2, KeyRange.ALL, 1, 2));
    fresh.begin();
    var first = fresh.host().bootstrap(List.of(), shards, Rules.DEFAULT);
    assertThat(first).isNotDone();
    fresh.crash();
    fresh.begin();
    var second = fresh.host().bootstrap(List.of(), shards, Rules.DEFAULT);
    fresh.disk().settle();
    assertThat(second).isCompleted();
    var rows = fresh.disk().disk().state().rows(Table.META);

    var third = fresh.host().bootstrap(List.of(), shards, Rules.DEFAULT);
    fresh.disk().settle();

    assertThat(third).isCompleted();
    assertThat(fresh.disk().disk().state().rows(Table.META)).isEqualTo(rows);
  }

  @Test
  void replicaWhoseRowMakesNoSenseDoesNotKeepTheOthersFromStarting() {
    cluster.ask(2, put("k", "v"));
    Payload key = KeySpace.replicaRow(2, 21);
    var row =
        ReplicaRow.newBuilder()
            .setShard(Descriptors.toProto(node.replica(2).descriptor()))
            .setMembership(Requesting.utf8("nonsense"))
            .setAppliedIndex(node.status(2).getAppliedIndex())
            .setAppliedTerm(node.status(2).getTerm());
    FlushBatch damage = new FlushBatch();
    damage.putMeta(key, Payload.of(row.build().toByteArray()));
    node.disk().store().state().flush(damage, () -> {});
    cluster.settle();

    node.restart();
    cluster.settle();

    assertThat(node.replica(1).isLeader()).isTrue();
    assertThat(node.host().replica(2)).isEmpty();
    assertThat(node.askHere(stale(2, get("k"))).hasError()).isTrue();
  }
}
