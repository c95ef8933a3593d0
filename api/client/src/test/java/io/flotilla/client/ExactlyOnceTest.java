package io.flotilla.client;

import static io.flotilla.client.Tests.await;
import static io.flotilla.client.Tests.failureOf;
import static io.flotilla.client.Tests.key;
import static io.flotilla.client.Tests.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.contract.v1.Request;
import io.flotilla.router.Failures;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of writes whose answer is lost, and of sessions that servers forget. */
class ExactlyOnceTest {
  private FakeCluster cluster;
  private FakeNode node;

  @BeforeEach
  void start() throws IOException {
    cluster = new FakeCluster(1);
    node = cluster.node(1);
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void aWriteWhoseAnswerWasLostIsAppliedOnce() {
    node.dropsAfter = everySecondWrite();
    try (FlotillaClient client = cluster.client().build()) {
      Kv kv = client.kv();
      long revision = 0;
      for (int i = 1; i <= 20; i++) {
        WriteResult counted = kv.compareAndSet("counter", revision, "" + i);
        assertThat(counted.applied()).as("increment %d", i).isTrue();
        revision = counted.revision();
      }
      assertThat(kv.get("counter")).map(entry -> entry.value().text()).contains("20");
      assertThat(cluster.store.writes()).isEqualTo(20);
      assertThat(node.count(Request::hasCompareAndSet)).isGreaterThan(20);
    }
  }

  @Test
  void anIncrementWhoseAnswerWasLostCountsOnce() {
    AtomicInteger tries = new AtomicInteger();
    node.dropsAfter = request -> request.hasIncrement() && tries.getAndIncrement() % 2 == 0;
    try (FlotillaClient client = cluster.client().build()) {
      for (int i = 1; i <= 20; i++) {
        assertThat(client.kv().increment("counter", 1).value()).isEqualTo(i);
      }
      assertThat(tries).hasValueGreaterThan(20);
    }
  }

  @Test
  void withoutASessionTheOutcomeIsUnknown() {
    node.dropsAfter = Request::hasPut;
    try (FlotillaClient client = cluster.client().exactlyOnce(false).build()) {
      FlotillaException failure = failureOf(() -> client.kv().put("a", "1"));
      assertThat(failure.outcome()).isEqualTo(Outcome.UNKNOWN);
      assertThat(failure.code()).isEqualTo(ErrorCode.UNAVAILABLE);
      assertThat(cluster.store.writes()).isEqualTo(1);
      assertThat(client.kv().get("a")).isPresent();
      assertThat(node.received).allMatch(request -> request.getContext().getSequence() == 0);
    }
  }

  @Test
  void aForgottenSessionIsReplacedByANewOne() {
    try (FlotillaClient client = cluster.client().build()) {
      client.kv().put("a", "1");
      cluster.store.forgetSessions();
      assertThat(client.kv().compareAndSet("b", 0, "1").applied()).isTrue();
      client.kv().put("c", "1");
      assertThat(cluster.store.writes()).isEqualTo(3);
      assertThat(node.count(Request::hasCompareAndSet)).isEqualTo(2);
      assertThat(node.count(Request::hasPut)).isEqualTo(2);
    }
  }

  @Test
  void aWriteOfUnknownOutcomeIsNotRepeatedInAnotherSession() {
    AtomicBoolean dropped = new AtomicBoolean();
    node.dropsAfter =
        request -> {
          boolean first = request.hasPut() && !dropped.getAndSet(true);
          if (first) {
            cluster.store.forgetSessions();
          }
          return first;
        };
    try (FlotillaClient client = cluster.client().build()) {
      FlotillaException failure = failureOf(() -> client.kv().put("a", "1"));
      assertThat(failure.code()).isEqualTo(ErrorCode.SESSION_EXPIRED);
      assertThat(failure.outcome()).isEqualTo(Outcome.UNKNOWN);
      assertThat(failure.getMessage()).contains("may have been applied");
      assertThat(cluster.store.writes()).isEqualTo(1);
    }
  }

  @Test
  void aSessionThatIsForgottenAgainAndAgainIsAnError() {
    node.script =
        request ->
            request.hasPut()
                ? Optional.of(
                    Failures.rejected(
                        io.flotilla.contract.v1.ErrorCode.ERROR_CODE_SESSION_EXPIRED, "evicted"))
                : Optional.empty();
    try (FlotillaClient client = cluster.client().build()) {
      FlotillaException failure = failureOf(() -> client.kv().put("a", "1"));
      assertThat(failure.code()).isEqualTo(ErrorCode.SESSION_EXPIRED);
      assertThat(failure.outcome()).isEqualTo(Outcome.REJECTED);
      assertThat(node.count(Request::hasPut)).isEqualTo(3);
    }
  }

  @Test
  void oneSlowWriteDoesNotHoldUpThousandsOfOthers() throws Exception {
    node.silent = request -> request.hasPut() && request.getPut().getKey().toStringUtf8().isBlank();
    try (FlotillaClient client = cluster.client().build()) {
      AsyncKv kv = client.async();
      CompletableFuture<WriteResult> slow = kv.put(key(" "), value("never"));
      List<CompletableFuture<WriteResult>> others = new ArrayList<>();
      for (int i = 0; i < 3_000; i++) {
        others.add(kv.put(key("k" + i), value("v")));
      }
      for (CompletableFuture<WriteResult> other : others) {
        assertThat(await(other).applied()).isTrue();
      }
      assertThat(slow).isNotDone();
      assertThat(cluster.store.writes()).isEqualTo(3_000);
      assertThat(cluster.store.sessions()).isBetween(2, 4);
    }
  }

  /** True for the second, fourth … write that is tried for the first time. */
  private static Predicate<Request> everySecondWrite() {
    AtomicInteger writes = new AtomicInteger();
    AtomicBoolean dropped = new AtomicBoolean();
    return request -> {
      if (!request.hasCompareAndSet() || dropped.getAndSet(false)) {
        return false;
      }
      boolean drop = writes.incrementAndGet() % 2 == 0;
      dropped.set(drop);
      return drop;
    };
  }
}
