package io.flotilla.client;

import static io.flotilla.client.Tests.await;
import static io.flotilla.client.Tests.failureOf;
import static io.flotilla.client.Tests.key;
import static io.flotilla.client.Tests.value;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What calls do while the client holds as many bytes in flight as it may. */
class OverflowTest {
  private static final long MAX_BYTES = 4 << 20;
  private static final Value LARGE = Value.of(new byte[1 << 20]);

  private FakeCluster cluster;
  private final CompletableFuture<Void> gate = new CompletableFuture<>();

  @BeforeEach
  void start() throws IOException {
    cluster = new FakeCluster(1);
    cluster.node(1).gate = gate;
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void failsAtOnceIfSetSo() throws Exception {
    try (FlotillaClient client = client(Overflow.FAIL)) {
      List<CompletableFuture<WriteResult>> fill = fill(client);
      FlotillaException failure = failureOf(client.async().put(key("one more"), LARGE));
      assertThat(failure.code()).isEqualTo(ErrorCode.OVERLOADED);
      assertThat(failure.outcome()).isEqualTo(Outcome.NOT_APPLIED);
      gate.complete(null);
      for (CompletableFuture<WriteResult> write : fill) {
        await(write);
      }
      assertThat(await(client.async().put(key("one more"), LARGE)).applied()).isTrue();
    }
  }

  @Test
  void waitsForRoom() throws Exception {
    try (FlotillaClient client = client(Overflow.WAIT)) {
      fill(client);
      CompletableFuture<WriteResult> waiting =
          CompletableFuture.supplyAsync(() -> client.kv().put(key("one more"), LARGE));
      assertThat(waiting).isNotDone();
      gate.complete(null);
      assertThat(await(waiting).applied()).isTrue();
    }
  }

  @Test
  void waitsUntilTheDeadlineAtMost() throws Exception {
    try (FlotillaClient client = client(Overflow.WAIT)) {
      fill(client);
      Kv hurried = client.kv().withTimeout(Duration.ofMillis(50));
      FlotillaException failure = failureOf(() -> hurried.put(key("one more"), LARGE));
      assertThat(failure.code()).isEqualTo(ErrorCode.OVERLOADED);
      assertThat(failure.outcome()).isEqualTo(Outcome.NOT_APPLIED);
    }
  }

  @Test
  void aCancelledCallGivesItsRoomBack() throws Exception {
    try (FlotillaClient client = client(Overflow.FAIL)) {
      List<CompletableFuture<WriteResult>> fill = fill(client);
      assertThat(fill.get(0).cancel(true)).isTrue();
      CompletableFuture<WriteResult> next = client.async().put(key("one more"), LARGE);
      assertThat(next).isNotCompletedExceptionally();
      gate.complete(null);
      assertThat(await(next).applied()).isTrue();
    }
  }

  @Test
  void aWaitingCallerIsToldThatTheClientWasClosed() throws Exception {
    FlotillaClient client = client(Overflow.WAIT);
    fill(client);
    CompletableFuture<FlotillaException> failure = new CompletableFuture<>();
    Thread waiting =
        new Thread(
            () -> failure.complete(failureOf(() -> client.kv().put(key("one more"), LARGE))));
    waiting.start();
    while (waiting.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    client.close();
    assertThat(await(failure).code()).isEqualTo(ErrorCode.CLOSED);
    assertThat(await(failure).outcome()).isEqualTo(Outcome.NOT_APPLIED);
  }

  private List<CompletableFuture<WriteResult>> fill(FlotillaClient client) {
    List<CompletableFuture<WriteResult>> calls = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      calls.add(client.async().put(key("k" + i), LARGE));
    }
    calls.add(client.async().put(key("k"), value("x".repeat(900_000))));
    assertThat(calls).noneMatch(CompletableFuture::isDone);
    return calls;
  }

  private FlotillaClient client(Overflow overflow) {
    return cluster.client().maxInFlightBytes(MAX_BYTES).overflow(overflow).build();
  }
}
