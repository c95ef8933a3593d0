package io.flotilla.shard;

import static io.flotilla.shard.Requesting.at;
import static io.flotilla.shard.Requesting.get;
import static io.flotilla.shard.Requesting.now;
import static io.flotilla.shard.Requesting.put;
import static io.flotilla.shard.Requesting.stale;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Rows that expire while nobody writes: the leader lets the time of its shard go on. */
class HostExpiryTest {
  private static final int TICKS_PER_SECOND = 1_000 / TestNode.TICK_MILLIS;

  private final TestCluster cluster = new TestCluster(3);

  private static Request putFor(long ttlMillis, String key) {
    Request request = put(key, "v");
    return request.toBuilder().setPut(request.getPut().toBuilder().setTtlMillis(ttlMillis)).build();
  }

  private boolean isAt(TestNode node, String key) {
    CompletableFuture<Reply> reply = node.host().execute(stale(2, get(key)));
    cluster.settle();
    return now(reply).getGet().getFound();
  }

  private long commitIndex() {
    return cluster.leader(2).status(2).getCommitIndex();
  }

  @Test
  void aRowExpiresEverywhereALittleAfterItsTime() {
    cluster.ask(2, putFor(5_000, "k"));
    cluster.ask(2, put("stays", "v"));
    cluster.tick(4 * TICKS_PER_SECOND);
    assertThat(cluster.ask(2, get("k")).getGet().getFound()).isTrue();
    cluster.tick(2 * TICKS_PER_SECOND + 2);
    assertThat(cluster.ask(2, at(2, get("k"))).getGet().getFound()).isFalse();
    assertThat(cluster.nodes()).noneMatch(node -> isAt(node, "k"));
    assertThat(cluster.nodes()).allMatch(node -> isAt(node, "stays"));
  }

  @Test
  void theNextLeaderGoesOn() {
    cluster.ask(2, putFor(5_000, "k"));
    TestNode first = cluster.leader(2);
    cluster.cutOff(first.id());
    cluster.tickUntil(
        "another leader",
        () ->
            cluster.nodes().stream()
                .anyMatch(
                    node ->
                        node != first
                            && Objects.equals(node.status(2).getLeaderNodeId(), node.id())));
    cluster.tick(8 * TICKS_PER_SECOND);
    assertThat(cluster.nodes().stream().filter(node -> node != first))
        .noneMatch(node -> isAt(node, "k"));
    assertThat(isAt(first, "k")).as("it hears of no later time").isTrue();
    cluster.reconnect(first.id());
    cluster.tick(2 * TICKS_PER_SECOND);
    assertThat(isAt(first, "k")).isFalse();
  }

  @Test
  void aShardWithoutAnythingDueWritesNothing() {
    cluster.ask(2, put("k", "v"));
    cluster.ask(2, putFor(3_600_000, "long"));
    long before = commitIndex();
    cluster.tick(10 * TICKS_PER_SECOND);
    assertThat(commitIndex()).isEqualTo(before);
  }

  @Test
  void whereNothingIsLeftToExpireTheCommandsEnd() {
    cluster.ask(2, putFor(500, "k"));
    cluster.tick(3 * TICKS_PER_SECOND);
    long before = commitIndex();
    cluster.tick(5 * TICKS_PER_SECOND);
    assertThat(commitIndex()).isEqualTo(before);
    assertThat(before).isLessThan(10);
  }

  @Test
  void whileThereIsMuchToRemoveTheNextCommandDoesNotWait() {
    for (int i = 0; i < 3_000; i += 100) {
      Request.Builder batch = Request.newBuilder();
      for (int j = i; j < i + 100; j++) {
        batch
            .getBatchBuilder()
            .addMutationsBuilder()
            .setKey(Requesting.utf8("k%04d".formatted(j)))
            .setPut(Requesting.utf8("v"))
            .setTtlMillis(1_000);
      }
      cluster.ask(2, batch.build());
    }
    long before = commitIndex();
    cluster.tick(TICKS_PER_SECOND + 12);
    assertThat(commitIndex() - before).isBetween(3L, 6L);
  }
}
