package io.flotilla.client;

import static io.flotilla.client.Tests.await;
import static io.flotilla.client.Tests.failureOf;
import static io.flotilla.client.Tests.key;
import static io.flotilla.client.Tests.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.contract.v1.Request;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many keys at once: each is written once and has a result of its own. */
class PutAllTest {
  private static final int KEYS = 2_000;

  private FakeCluster cluster;

  /** Node 1 leads the keys before "m", node 2 the others. */
  @BeforeEach
  void start() throws IOException {
    cluster = new FakeCluster(2);
    cluster.split("m");
    cluster.lead(3, 2);
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void writesEveryKeyOnceInOrderOfTheCall() throws Exception {
    try (FlotillaClient client = cluster.client().build()) {
      Map<Key, Value> values = values();
      PutAllResult result = await(client.async().putAll(values));
      assertThat(result.complete()).isTrue();
      assertThat(result.written().keySet()).containsExactlyElementsOf(values.keySet());
      assertThat(cluster.store.writes()).isEqualTo(KEYS);
      assertThat(client.kv().get(key("z7")).orElseThrow().value().text()).isEqualTo("7");
      assertThat(client.kv().putAll(Map.of())).isEqualTo(new PutAllResult(Map.of(), Map.of()));
    }
  }

  @Test
  void writesOnceUnderRetries() {
    AtomicInteger puts = new AtomicInteger();
    cluster.node(1).dropsAfter = request -> request.hasPut() && puts.incrementAndGet() % 400 == 0;
    try (FlotillaClient client = cluster.client().build()) {
      PutAllResult result = client.kv().putAll(values());
      assertThat(result.failed()).isEmpty();
      assertThat(puts.get()).as("two streams broke").isGreaterThanOrEqualTo(800);
      assertThat(received()).as("some were sent again").isGreaterThan(KEYS);
      assertThat(cluster.store.writes()).isEqualTo(KEYS);
    }
  }

  @Test
  void failsKeyByKeyByTheDeadlineOfTheWhole() throws Exception {
    try (FlotillaClient client = cluster.client().build()) {
      assertThat(client.kv().get("a0")).isEmpty();
      assertThat(client.kv().get("z0")).isEmpty();
      cluster.node(1).silent = request -> true;
      Map<Key, Value> values = new LinkedHashMap<>();
      for (int i = 0; i < 100; i++) {
        values.put(key("z" + i), value("1"));
      }
      for (int i = 0; i < 1_000; i++) {
        values.put(key("a" + i), value("1"));
      }
      PutAllResult result = await(client.async().withTimeout(Duration.ofSeconds(2)).putAll(values));
      assertThat(result.written()).hasSize(100);
      assertThat(result.failed()).hasSize(1_000);
      assertThat(result.failed().values())
          .extracting(FlotillaException::outcome)
          .contains(Outcome.UNKNOWN, Outcome.NOT_APPLIED)
          .doesNotContain(Outcome.REJECTED);
    }
  }

  @Test
  void keepsSoManyUnderWayAndNoMore() throws Exception {
    CompletableFuture<Void> gate = new CompletableFuture<>();
    cluster.node(1).gate = gate;
    cluster.node(2).gate = gate;
    try (FlotillaClient client = cluster.client().build()) {
      CompletableFuture<PutAllResult> all = client.async().putAll(values());
      while (received() < PutAllCall.MAX_IN_FLIGHT) {
        Thread.onSpinWait();
      }
      assertThat(all).isNotDone();
      assertThat(received()).isEqualTo(PutAllCall.MAX_IN_FLIGHT);
      gate.complete(null);
      assertThat(await(all).complete()).isTrue();
    }
  }

  @Test
  void findsRoomAgainThatOthersTookAndEndsWithTheClient() throws Exception {
    CompletableFuture<Void> gate = new CompletableFuture<>();
    cluster.node(1).gate = gate;
    cluster.node(2).gate = gate;
    FlotillaClient client =
        cluster.client().maxInFlightBytes(4 << 20).overflow(Overflow.FAIL).build();
    Value large = Value.of(new byte[1_000_000]);
    for (String taken : new String[] {"a", "b", "y", "z"}) {
      assertThat(client.async().put(key(taken), large)).isNotDone();
    }
    CompletableFuture<PutAllResult> waits = client.async().putAll(Map.of(key("c"), large));
    CompletableFuture<PutAllResult> ends = client.async().putAll(Map.of(key("d"), large));
    assertThat(failureOf(client.async().put(key("e"), large)).code())
        .isEqualTo(ErrorCode.OVERLOADED);
    gate.complete(null);
    assertThat(await(waits).complete()).isTrue();
    assertThat(await(ends).complete()).isTrue();
    CompletableFuture<Void> shut = new CompletableFuture<>();
    cluster.node(1).gate = shut;
    CompletableFuture<PutAllResult> open = client.async().putAll(values());
    client.close();
    assertThat(await(open).failed().values())
        .extracting(FlotillaException::code)
        .contains(ErrorCode.CLOSED);
    assertThat(await(open).written().size() + await(open).failed().size()).isEqualTo(KEYS);
  }

  private long received() {
    return cluster.node(1).count(Request::hasPut) + cluster.node(2).count(Request::hasPut);
  }

  private static Map<Key, Value> values() {
    Map<Key, Value> values = new LinkedHashMap<>();
    for (int i = 0; i < KEYS / 2; i++) {
      values.put(key("a" + i), value("" + i));
      values.put(key("z" + i), value("" + i));
    }
    return values;
  }
}
