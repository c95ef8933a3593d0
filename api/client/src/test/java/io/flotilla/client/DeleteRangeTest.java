package io.flotilla.client;

import static io.flotilla.client.Tests.await;
import static io.flotilla.client.Tests.failureOf;
import static io.flotilla.client.Tests.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.contract.v1.Request;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeleteRangeTest {
  private FakeCluster cluster;
  private FakeNode node;
  private FlotillaClient client;

  @BeforeEach
  void start() throws IOException {
    cluster = new FakeCluster(1);
    node = cluster.node(1);
    client = cluster.client().build();
    for (int i = 0; i < 50; i++) {
      client.kv().put("k%02d".formatted(i), "v");
    }
  }

  @AfterEach
  void stop() {
    client.close();
    cluster.close();
  }

  private long left() {
    try (var entries = client.kv().scan(Scan.all())) {
      return entries.count();
    }
  }

  @Test
  void goesOverPagesAndShards() {
    cluster.split("k15");
    cluster.split("k42");
    KeyRange range = new KeyRange(Optional.of(key("k03")), Optional.of(key("k48")));
    assertThat(client.kv().deleteRange(range)).isEqualTo(new DeletedRange(45, Optional.empty()));
    assertThat(left()).isEqualTo(5);
    assertThat(client.kv().deleteRange(range).deleted()).isZero();
  }

  @Test
  void aPageSaysWhatIsLeft() throws Exception {
    DeletedRange first = await(client.async().deletePage(KeyRange.ofPrefix(key("k"))));
    assertThat(first.deleted()).isEqualTo(FakeStore.DELETED_ROWS);
    assertThat(left()).isEqualTo(40);
    assertThat(await(client.async().deleteRange(first.rest().orElseThrow())))
        .isEqualTo(new DeletedRange(40, Optional.empty()));
  }

  @Test
  void aPageWhoseAnswerWasLostIsDeletedOnce() {
    AtomicInteger tries = new AtomicInteger();
    node.dropsAfter = request -> request.hasDeleteRange() && tries.getAndIncrement() % 2 == 0;
    int before = cluster.store.writes();
    assertThat(client.kv().deleteRange(KeyRange.ALL).deleted()).isEqualTo(50);
    assertThat(cluster.store.writes() - before).isEqualTo(5);
    assertThat(tries).hasValueGreaterThan(5);
  }

  @Test
  void aFailureSaysHowFarItCame() {
    AtomicInteger pages = new AtomicInteger();
    node.silent = request -> request.hasDeleteRange() && pages.getAndIncrement() >= 2;
    FlotillaException failure =
        failureOf(() -> client.kv().withTimeout(Duration.ofMillis(300)).deleteRange(KeyRange.ALL));
    DeletedRange done = failure.deleted().orElseThrow();
    assertThat(done.deleted()).isEqualTo(2L * FakeStore.DELETED_ROWS);
    assertThat(failure.outcome()).isEqualTo(Outcome.UNKNOWN);
    assertThat(failure.writeId()).isPresent();
    node.silent = request -> false;
    assertThat(client.kv().deleteRange(done.rest().orElseThrow()).deleted())
        .isEqualTo(50 - done.deleted());
    assertThat(left()).isZero();
  }

  @Test
  void anEmptyRangeAsksNobody() {
    KeyRange nothing = new KeyRange(Optional.of(key("b")), Optional.of(key("a")));
    assertThat(client.kv().deleteRange(nothing)).isEqualTo(new DeletedRange(0, Optional.empty()));
    assertThat(node.count(Request::hasDeleteRange)).isZero();
  }
}
