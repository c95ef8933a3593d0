package io.flotilla.client;

import static io.flotilla.client.Tests.failureOf;
import static io.flotilla.client.Tests.key;
import static io.flotilla.client.Tests.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.client.Settlement.State;
import io.flotilla.contract.v1.Request;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Writes whose answer never came, and what is said of them later. */
class SettleTest {
  private static final Duration SHORT = Duration.ofMillis(300);

  private FakeCluster cluster;
  private FakeNode node;
  private FlotillaClient client;

  @BeforeEach
  void start() throws IOException {
    cluster = new FakeCluster(1);
    node = cluster.node(1);
    client = cluster.client().build();
  }

  @AfterEach
  void stop() {
    client.close();
    cluster.close();
  }

  /** A write whose requests are lost, or executed without an answer. */
  private FlotillaException failed(boolean executed, Function<Kv, ?> write) {
    client.kv().get("warm");
    node.silent = request -> !executed && !request.hasGet();
    node.dropsAfter = request -> executed && !request.hasGet();
    FlotillaException failure = failureOf(() -> write.apply(client.kv().withTimeout(SHORT)));
    node.silent = request -> false;
    node.dropsAfter = request -> false;
    assertThat(failure.outcome()).isEqualTo(Outcome.UNKNOWN);
    return failure;
  }

  private Settlement settled(boolean executed, Function<Kv, ?> write) {
    return client.kv().settle(failed(executed, write).writeId().orElseThrow());
  }

  @Test
  void aWriteThatWasExecutedIsToldWithItsRevision() {
    Settlement settlement = settled(true, kv -> kv.put("a", "1"));
    long revision = client.kv().get("a").orElseThrow().revision();
    assertThat(settlement).isEqualTo(new Settlement(State.APPLIED, revision));
  }

  @Test
  void everyKindOfWriteIsTold() {
    assertThat(settled(true, kv -> kv.increment("n", 1)).state()).isEqualTo(State.APPLIED);
    assertThat(settled(true, kv -> kv.compareAndSet("n", 99, "x")).state())
        .isEqualTo(State.NO_EFFECT);
    assertThat(settled(true, kv -> kv.delete("absent")).state()).isEqualTo(State.NO_EFFECT);
    assertThat(settled(true, kv -> kv.putIfAbsent("b", "1")).state()).isEqualTo(State.APPLIED);
    assertThat(settled(true, kv -> kv.batch(Batch.empty().put(key("c"), value("1")))).state())
        .isEqualTo(State.APPLIED);
    assertThat(settled(true, kv -> kv.deletePage(KeyRange.ALL)).state()).isEqualTo(State.APPLIED);
    assertThat(settled(true, kv -> kv.deletePage(KeyRange.ALL)).state()).isEqualTo(State.NO_EFFECT);
  }

  @Test
  void aWriteThatWasNotExecutedNeverWillBe() {
    FlotillaException failure = failed(false, kv -> kv.put("a", "1"));
    WriteId id = failure.writeId().orElseThrow();
    assertThat(client.kv().settle(id)).isEqualTo(new Settlement(State.NEVER_APPLIED, 0));

    Request late = node.received.stream().filter(Request::hasPut).findFirst().orElseThrow();
    assertThat(cluster.execute(node, late).hasError()).isTrue();
    assertThat(client.kv().get("a")).isEmpty();
    assertThat(client.kv().settle(id).state()).isEqualTo(State.NEVER_APPLIED);
  }

  @Test
  void theAnswerIsKeptWhateverTheClientWritesLater() {
    WriteId id = failed(true, kv -> kv.put("a", "1")).writeId().orElseThrow();
    for (int i = 0; i < 2_000; i++) {
      client.kv().put(key("k"), value("v"));
    }
    assertThat(client.kv().settle(id).state()).isEqualTo(State.APPLIED);
    cluster.store.forgetSessions();
    assertThat(client.kv().settle(id)).isEqualTo(new Settlement(State.FORGOTTEN, 0));
  }

  @Test
  void anotherClientCanAskWithTheText() {
    String text = failed(true, kv -> kv.put("a", "1")).writeId().orElseThrow().toString();
    assertThat(text).matches("w1\\.[A-Za-z0-9_-]+");
    try (FlotillaClient other = cluster.client().exactlyOnce(false).build()) {
      assertThat(other.kv().settle(WriteId.parse(text)).state()).isEqualTo(State.APPLIED);
    }
  }

  @Test
  void onlyWritesOfUnknownOutcomeHaveAnId() {
    FlotillaException refused = failureOf(() -> client.kv().batch(Batch.empty()));
    assertThat(refused.writeId()).isEmpty();
    try (FlotillaClient unnumbered = cluster.client().exactlyOnce(false).build()) {
      node.dropsAfter = Request::hasPut;
      FlotillaException failure = failureOf(() -> unnumbered.kv().put("a", "1"));
      assertThat(failure.outcome()).isEqualTo(Outcome.UNKNOWN);
      assertThat(failure.writeId()).isEmpty();
    }
  }

  @Test
  void anIdIsTheSameAfterItWasText() {
    WriteId id = failed(false, kv -> kv.deletePage(KeyRange.ALL)).writeId().orElseThrow();
    assertThat(WriteId.parse(id.toString())).isEqualTo(id).hasSameHashCodeAs(id);
    for (String text :
        new String[] {"", "w1.", "w1.AAAA", "x" + id, id + "!", "w1." + "A".repeat(800)}) {
      assertThatThrownBy(() -> WriteId.parse(text))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("no write id");
    }
    assertThat(Optional.of(id)).isNotEqualTo(failed(false, kv -> kv.put("a", "1")).writeId());
  }
}
