package io.flotilla.client;

import static io.flotilla.client.Tests.await;
import static io.flotilla.client.Tests.failureOf;
import static io.flotilla.client.Tests.key;
import static io.flotilla.client.Tests.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.flotilla.contract.v1.Consistency;
import io.flotilla.contract.v1.Request;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every operation, on a cluster of two shards. */
class KvOperationsTest {
  private FakeCluster cluster;
  private FlotillaClient client;
  private Kv kv;

  @BeforeEach
  void connect() throws IOException {
    cluster = new FakeCluster(2);
    cluster.split("m");
    cluster.lead(3, 2);
    client = cluster.client().build();
    kv = client.kv();
  }

  @AfterEach
  void close() {
    client.close();
    cluster.close();
  }

  @Test
  void putAndGet() {
    assertThat(kv.get("a")).isEmpty();
    WriteResult written = kv.put("a", "1");
    assertThat(written.applied()).isTrue();
    assertThat(written.existing()).isEmpty();
    assertThat(kv.get("a")).contains(new Entry(key("a"), value("1"), written.revision()));
  }

  @Test
  void theEmptyValueIsAValue() {
    kv.put("a", "");
    assertThat(kv.get("a")).map(Entry::value).contains(Value.EMPTY);
  }

  @Test
  void putIfAbsentTellsWhatIsThere() {
    WriteResult first = kv.putIfAbsent("a", "1");
    WriteResult second = kv.putIfAbsent("a", "2");
    assertThat(first.applied()).isTrue();
    assertThat(second)
        .isEqualTo(
            new WriteResult(
                false,
                first.revision(),
                Optional.of(new Entry(key("a"), value("1"), first.revision()))));
  }

  @Test
  void incrementAddsToADecimalValue() {
    assertThat(kv.increment("a", 5).value()).isEqualTo(5);
    Counted second = kv.increment("a", -7);
    assertThat(second.value()).isEqualTo(-2);
    assertThat(kv.get("a")).contains(new Entry(key("a"), value("-2"), second.revision()));
    assertThat(kv.increment(key("z"), 1, 100).value()).isEqualTo(101);
  }

  @Test
  void getAndPutTellsWhatWasThere() {
    assertThat(kv.getAndPut(key("a"), value("1")).existing()).isEmpty();
    WriteResult second = kv.getAndPut(key("a"), value("2"));
    assertThat(second.applied()).isTrue();
    assertThat(second.existing()).map(Entry::value).contains(value("1"));
  }

  @Test
  void deleteTellsWhetherSomethingWasThere() {
    assertThat(kv.delete("a")).isEqualTo(new WriteResult(false, 0, Optional.empty()));
    long written = kv.put("a", "1").revision();
    WriteResult deleted = kv.delete("a");
    assertThat(deleted.applied()).isTrue();
    assertThat(deleted.revision()).isGreaterThan(written);
    assertThat(kv.get("a")).isEmpty();
  }

  @Test
  void getAndDeleteTellsWhatWasThere() {
    kv.put("a", "1");
    assertThat(kv.getAndDelete(key("a")).existing()).map(Entry::value).contains(value("1"));
    assertThat(kv.getAndDelete(key("a"))).isEqualTo(new WriteResult(false, 0, Optional.empty()));
  }

  @Test
  void compareAndSetAppliesAtTheRevision() {
    long first = kv.compareAndSet("a", 0, "1").revision();
    WriteResult lost = kv.compareAndSet("a", 0, "x");
    assertThat(lost.applied()).isFalse();
    assertThat(lost.revision()).isEqualTo(first);
    assertThat(lost.existing()).map(Entry::value).contains(value("1"));
    assertThat(kv.compareAndSet("a", first, "2").applied()).isTrue();
    assertThat(kv.compareAndSet("b", 7, "x"))
        .isEqualTo(new WriteResult(false, 0, Optional.empty()));
  }

  @Test
  void compareAndDeleteAppliesAtTheRevision() {
    long first = kv.put("a", "1").revision();
    WriteResult lost = kv.compareAndDelete(key("a"), first + 1);
    assertThat(lost.applied()).isFalse();
    assertThat(lost.revision()).isEqualTo(first);
    assertThat(lost.existing()).map(Entry::revision).contains(first);
    assertThat(kv.compareAndDelete(key("a"), first).applied()).isTrue();
    assertThat(kv.compareAndDelete(key("a"), first))
        .isEqualTo(new WriteResult(false, 0, Optional.empty()));
    assertThatThrownBy(() -> kv.compareAndDelete(key("a"), 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void multiGetReadsOverShardsInTheOrderOfTheKeys() {
    kv.put("a", "1");
    kv.put("z", "26");
    Map<Key, Entry> found = kv.multiGet(List.of(key("z"), key("q"), key("a"), key("z")));
    assertThat(found.keySet()).containsExactly(key("z"), key("a"));
    assertThat(found.values()).extracting(Entry::value).containsExactly(value("26"), value("1"));
    assertThat(kv.multiGet(List.of())).isEmpty();
  }

  @Test
  void multiGetOfManyKeysLeavesInParts() {
    List<Key> keys = new ArrayList<>();
    for (int i = 0; i < 2_500; i++) {
      keys.add(key("k" + i));
    }
    kv.put("k7", "x");
    kv.put("k2400", "y");
    assertThat(kv.multiGet(keys).keySet()).containsExactly(key("k7"), key("k2400"));
    assertThat(cluster.node(1).received)
        .allMatch(request -> request.getMultiGet().getKeysCount() <= 32);
  }

  @Test
  void batchIsAppliedWholeOrNotAtAll() {
    long seen = kv.put("a", "1").revision();
    Batch move =
        Batch.empty()
            .ifRevision(key("a"), seen)
            .ifAbsent(key("b"))
            .delete(key("a"))
            .put(key("b"), value("1"));
    BatchResult moved = kv.batch(move);
    assertThat(moved.applied()).isTrue();
    assertThat(kv.get("b")).map(Entry::revision).contains(moved.revision());
    assertThat(kv.get("a")).isEmpty();
    assertThat(kv.batch(move)).isEqualTo(new BatchResult(false, 0, OptionalInt.of(0)));
  }

  @Test
  void batchOverShardsIsRejected() {
    FlotillaException failure =
        failureOf(
            () -> kv.batch(Batch.empty().put(key("a"), value("1")).put(key("z"), value("2"))));
    assertThat(failure.code()).isEqualTo(ErrorCode.CROSSES_SHARDS);
    assertThat(failure.outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(kv.get("a")).isEmpty();
    assertThat(cluster.store.writes()).isZero();
  }

  @Test
  void batchOutOfBoundsIsNotSent() {
    Value large = Value.of(new byte[Value.MAX_BYTES]);
    Batch full = Batch.empty().put(key("a"), large);
    assertThatThrownBy(() -> full.put(key("b"), large))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2097152");
    FlotillaException empty = failureOf(() -> kv.batch(Batch.empty().ifAbsent(key("a"))));
    assertThat(empty.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
    assertThat(empty.outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(cluster.node(1).received).isEmpty();
  }

  @Test
  void futuresHaveTheSameResults() throws Exception {
    AsyncKv async = client.async();
    WriteResult written = await(async.put(key("a"), value("1")));
    Optional<Entry> copied =
        await(
            async
                .get(key("a"))
                .thenCompose(seen -> async.put(key("z"), seen.orElseThrow().value()))
                .thenCompose(result -> async.get(key("z"))));
    assertThat(written.applied()).isTrue();
    assertThat(copied).map(Entry::value).contains(value("1"));
    assertThat(await(async.multiGet(List.of(key("a"), key("z"))))).hasSize(2);
    assertThat(await(async.scan(Scan.all())).entries()).hasSize(2);
  }

  @Test
  void readsAreAskedForAsTheOptionsSay() {
    kv.put("a", "1");
    Kv stale =
        kv.withReads(ReadOptions.stale(Duration.ofSeconds(2))).withTimeout(Duration.ofSeconds(20));
    assertThat(stale.get("a")).isPresent();
    stale.put("a", "2");
    assertThat(kv.get(key("a"), ReadOptions.follower())).isPresent();
    assertThat(kv.multiGet(List.of(key("a")), ReadOptions.stale())).hasSize(1);
    assertThat(kv.scanPage(Scan.all(), ReadOptions.follower()).entries()).hasSize(1);
    assertThat(kv.scan(Scan.all(), ReadOptions.follower())).hasSize(1);
    assertThat(kv.get("a")).isPresent();

    assertThat(Stream.of(cluster.node(1), cluster.node(2)).flatMap(n -> n.received.stream()))
        .filteredOn(request -> request.hasGet())
        .extracting(
            request -> request.getContext().getConsistency(),
            request -> request.getContext().getMaxStalenessMillis())
        .containsExactlyInAnyOrder(
            tuple(Consistency.CONSISTENCY_STALE, 2_000),
            tuple(Consistency.CONSISTENCY_FOLLOWER, 0),
            tuple(Consistency.CONSISTENCY_LINEARIZABLE, 0));
    assertThat(consistencyOf(Request::hasMultiGet)).containsOnly(Consistency.CONSISTENCY_STALE);
    assertThat(consistencyOf(Request::hasScan)).containsOnly(Consistency.CONSISTENCY_FOLLOWER);
    assertThat(consistencyOf(Request::hasPut)).containsOnly(Consistency.CONSISTENCY_LINEARIZABLE);
  }

  private Stream<Consistency> consistencyOf(Predicate<Request> kind) {
    return Stream.of(cluster.node(1), cluster.node(2))
        .flatMap(node -> node.received.stream())
        .filter(kind)
        .map(request -> request.getContext().getConsistency());
  }

  @Test
  void stalenessHasBounds() {
    assertThatThrownBy(() -> ReadOptions.stale(Duration.ZERO)).hasMessageContaining("PT0S");
    assertThatThrownBy(() -> ReadOptions.stale(Duration.ofHours(25)))
        .hasMessage("maxStaleness is 1 ms to 24 h, not PT25H");
    assertThatThrownBy(
            () ->
                new ReadOptions(
                    io.flotilla.client.Consistency.FOLLOWER,
                    Optional.of(Duration.ofSeconds(1)),
                    Optional.empty()))
        .hasMessageContaining("goes with STALE");
    assertThatThrownBy(() -> ReadOptions.linearizable().hedged(Duration.ofMillis(20)))
        .hasMessageContaining("hedge follower()");
    assertThatThrownBy(() -> ReadOptions.stale().hedged(Duration.ZERO))
        .hasMessage("hedgeAfter is 1 ms to 60 s, not PT0S");
  }

  @Test
  void timeoutsHaveBounds() {
    assertThatThrownBy(() -> kv.withTimeout(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> client.async().withTimeout(Duration.ofSeconds(61)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
