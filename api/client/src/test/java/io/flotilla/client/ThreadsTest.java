package io.flotilla.client;

import static io.flotilla.client.Tests.await;
import static io.flotilla.client.Tests.failureOf;
import static io.flotilla.client.Tests.key;
import static io.flotilla.client.Tests.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.contract.v1.Request;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On which threads what happens, and how many there are. */
class ThreadsTest {
  private FakeCluster cluster;

  @BeforeEach
  void start() throws IOException {
    cluster = new FakeCluster(3);
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void callbacksRunOnTheExecutorOfTheApplication() throws Exception {
    ExecutorService mine = Executors.newSingleThreadExecutor(task -> new Thread(task, "mine"));
    CompletableFuture<Void> gate = new CompletableFuture<>();
    cluster.node(1).gate = gate;
    try (FlotillaClient client = cluster.client().callbackExecutor(mine).build()) {
      CompletableFuture<String> onResult =
          client.async().get(key("a")).thenApply(seen -> Thread.currentThread().getName());
      CompletableFuture<String> onFailure =
          client
              .async()
              .withTimeout(Duration.ofMillis(20))
              .get(key("a"))
              .handle((seen, failure) -> Thread.currentThread().getName());
      assertThat(await(onFailure)).isEqualTo("mine");
      gate.complete(null);
      assertThat(await(onResult)).isEqualTo("mine");
      assertThat(mine.isShutdown()).isFalse();
    } finally {
      mine.shutdown();
    }
  }

  @Test
  void callbacksRunOnThreadsOfTheirOwnOtherwise() throws Exception {
    CompletableFuture<Void> gate = new CompletableFuture<>();
    cluster.node(1).gate = gate;
    try (FlotillaClient client = cluster.client().build()) {
      CompletableFuture<String> name =
          client.async().get(key("a")).thenApply(seen -> Thread.currentThread().getName());
      gate.complete(null);
      assertThat(await(name)).startsWith("flotilla-client-").contains("-callback-");
    }
  }

  @Test
  void aCallbackMayMakeBlockingCalls() throws Exception {
    try (FlotillaClient client = cluster.client().build()) {
      List<CompletableFuture<?>> calls = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        Key key = key("k" + i);
        calls.add(client.async().get(key).thenApply(seen -> client.kv().put(key, value("1"))));
      }
      await(CompletableFuture.allOf(calls.toArray(new CompletableFuture<?>[0])));
      assertThat(cluster.store.writes()).isEqualTo(64);
    }
  }

  @Test
  void anExecutorThatRejectsDoesNotLoseCalls() throws Exception {
    try (FlotillaClient client =
        cluster
            .client()
            .callbackExecutor(
                task -> {
                  throw new RejectedExecutionException("full");
                })
            .build()) {
      assertThat(await(client.async().put(key("a"), value("1"))).applied()).isTrue();
    }
  }

  @Test
  void theirNumberDoesNotGrowWithCalls() throws Exception {
    try (FlotillaClient client = cluster.client().build()) {
      putMany(client, 200);
      long before = threads();
      putMany(client, 10_000);
      client.admin().listNodes();
      assertThat(threads()).isLessThanOrEqualTo(Math.max(before, 10));
    }
  }

  @Test
  void anInterruptedCallerIsToldWhatItLeftBehind() throws Exception {
    try (FlotillaClient client = cluster.client().build()) {
      cluster.node(1).silent = request -> true;
      FlotillaException write = interrupted(() -> client.kv().put("a", "1"), Request::hasPut);
      assertThat(write.code()).isEqualTo(ErrorCode.INTERRUPTED);
      assertThat(write.outcome()).isEqualTo(Outcome.UNKNOWN);
      FlotillaException read = interrupted(() -> client.kv().get("a"), Request::hasGet);
      assertThat(read.code()).isEqualTo(ErrorCode.INTERRUPTED);
      assertThat(read.outcome()).isEqualTo(Outcome.NOT_APPLIED);
      cluster.node(1).silent = request -> false;
      assertThat(client.kv().settle(write.writeId().orElseThrow()).state())
          .isEqualTo(Settlement.State.NEVER_APPLIED);
    }
  }

  @Test
  void aCallerThatIsInterruptedAlreadySendsNothing() throws Exception {
    try (FlotillaClient client = cluster.client().build()) {
      Thread.currentThread().interrupt();
      FlotillaException failure = failureOf(() -> client.kv().put("a", "1"));
      assertThat(Thread.interrupted()).isTrue();
      assertThat(failure.code()).isEqualTo(ErrorCode.INTERRUPTED);
      assertThat(failure.outcome()).isEqualTo(Outcome.NOT_APPLIED);
      assertThat(cluster.store.writes()).isZero();
    }
  }

  @Test
  void aFailureHasTheStackOfTheCaller() {
    try (FlotillaClient client = cluster.client().build()) {
      cluster.split("m");
      FlotillaException failure =
          failureOf(
              () ->
                  client
                      .kv()
                      .batch(Batch.empty().put(key("a"), value("")).put(key("z"), value(""))));
      assertThat(failure.getStackTrace())
          .anyMatch(frame -> frame.getClassName().equals(ThreadsTest.class.getName()));
    }
  }

  private FlotillaException interrupted(ThrowingCallable call, Predicate<Request> kind)
      throws Exception {
    CompletableFuture<FlotillaException> failure = new CompletableFuture<>();
    CompletableFuture<Boolean> stillInterrupted = new CompletableFuture<>();
    Thread caller =
        new Thread(
            () -> {
              failure.complete(failureOf(call));
              stillInterrupted.complete(Thread.currentThread().isInterrupted());
            });
    caller.start();
    while (cluster.node(1).count(kind) == 0) {
      Thread.onSpinWait();
    }
    caller.interrupt();
    FlotillaException thrown = await(failure);
    assertThat(await(stillInterrupted)).isTrue();
    return thrown;
  }

  private static void putMany(FlotillaClient client, int number) throws Exception {
    List<CompletableFuture<?>> calls = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      calls.add(client.async().put(key("k" + i), value("v")));
    }
    await(CompletableFuture.allOf(calls.toArray(new CompletableFuture<?>[0])));
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("flotilla-client-"))
        .count();
  }
}
