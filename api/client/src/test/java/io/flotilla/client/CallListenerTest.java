package io.flotilla.client;

import static io.flotilla.client.Tests.await;
import static io.flotilla.client.Tests.failureOf;
import static io.flotilla.client.Tests.key;
import static io.flotilla.client.Tests.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.contract.v1.Request;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What metrics and traces get to hear. */
class CallListenerTest {
  private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  private FakeCluster cluster;
  private final Notes notes = new Notes();

  /** Writes down what it hears, and on which thread. */
  private static class Notes implements CallListener {
    final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    final BlockingQueue<String> threads = new LinkedBlockingQueue<>();

    @Override
    public void started(Call call) {
      note("started " + call.operation() + call.traceparent().map(t -> " in " + t).orElse(""));
    }

    @Override
    public void attempted(Call call, Attempt attempt) {
      note(
          "tried shard %s at node %s%s"
              .formatted(attempt.shardId(), attempt.nodeId(), suffix(attempt.failure())));
      assertThat(attempt.nanos()).isNotNegative();
    }

    @Override
    public void ended(Call call, End end) {
      note("ended after " + end.attempts() + suffix(end.failure()) + suffix(end.outcome()));
      assertThat(end.nanos()).isNotNegative();
    }

    private static String suffix(Optional<?> what) {
      return what.map(value -> " " + value).orElse("");
    }

    private void note(String event) {
      threads.add(Thread.currentThread().getName());
      heard.add(event);
    }

    String next() throws InterruptedException {
      return String.valueOf(heard.poll(Tests.PATIENCE_SECONDS, TimeUnit.SECONDS));
    }
  }

  @BeforeEach
  void start() throws IOException {
    cluster = new FakeCluster(1);
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void hearsOfCallsTheirTriesAndTheirEnd() throws Exception {
    try (FlotillaClient client = cluster.client().callListener(notes).build()) {
      client.kv().withTraceparent(TRACE).put("a", "1");
      assertThat(notes.next()).isEqualTo("started put in " + TRACE);
      assertThat(notes.next()).isEqualTo("tried shard 2 at node 1");
      assertThat(notes.next()).isEqualTo("ended after 1");
      Batch empty = Batch.empty().ifAbsent(key("b"));
      assertThat(failureOf(client.async().batch(empty)).code())
          .as("it never began")
          .isEqualTo(ErrorCode.INVALID_ARGUMENT);
      cluster.node(1).silent = request -> true;
      failureOf(client.async().withTimeout(Duration.ofMillis(300)).put(key("a"), value("2")));
      assertThat(notes.next()).isEqualTo("started put");
      assertThat(notes.next()).isEqualTo("tried shard 2 at node 1 DEADLINE_EXCEEDED");
      assertThat(notes.next()).isEqualTo("ended after 1 DEADLINE_EXCEEDED UNKNOWN");
      CompletableFuture<?> read = client.async().get(key("a"));
      assertThat(read.cancel(false)).isTrue();
      assertThat(notes.next()).isEqualTo("started get");
      assertThat(notes.next()).as("given up").isEqualTo("ended after 0 NOT_APPLIED");
      assertThat(notes.threads).allMatch(name -> name.contains("-listener-"));
      assertThat(client.droppedEvents()).isZero();
    }
  }

  @Test
  void itsFailuresHarmNobody() throws Exception {
    CallListener broken =
        new Notes() {
          @Override
          public void started(Call call) {
            throw new IllegalStateException("on purpose");
          }

          @Override
          public void ended(Call call, End end) {
            super.ended(call, end);
            throw new AssertionError("on purpose");
          }
        };
    try (FlotillaClient client = cluster.client().callListener(broken).build()) {
      for (int i = 0; i < 50; i++) {
        client.kv().put("a", "" + i);
      }
      Notes asNotes = (Notes) broken;
      for (int i = 0; i < 100; i++) {
        assertThat(asNotes.next()).isNotEqualTo("null");
      }
    }
  }

  @Test
  void itsSlownessHoldsUpNobody() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    CallListener slow =
        new CallListener() {
          @Override
          public void started(Call call) {
            try {
              Tests.await(gate);
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          }
        };
    try (FlotillaClient client = cluster.client().callListener(slow).build()) {
      int calls = CallEvents.MAX_WAITING / 2;
      for (int i = 0; i < calls; i++) {
        assertThat(await(client.async().get(key("a")))).isEmpty();
      }
      assertThat(client.droppedEvents()).isBetween(calls - 2L, 2L * calls);
      gate.countDown();
    }
  }

  @Test
  void theTraceGoesToTheNodes() {
    try (FlotillaClient client = cluster.client().build()) {
      client.kv().withTraceparent(TRACE).put("a", "1");
      client.kv().put("a", "2");
      assertThat(cluster.node(1).received.stream().filter(Request::hasPut))
          .extracting(request -> request.getContext().getTraceparent())
          .containsExactly(TRACE, "");
      for (String bad :
          new String[] {
            "",
            TRACE + "0",
            TRACE.toUpperCase(java.util.Locale.ROOT),
            "ff" + TRACE.substring(2),
            TRACE.replace("4bf92f3577b34da6a3ce929d0e0e4736", "0".repeat(32))
          }) {
        assertThatThrownBy(() -> client.kv().withTraceparent(bad))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("00-4bf9");
      }
    }
  }

  @Test
  void aHedgedReadAsksASecondReplica() throws Exception {
    try (FakeCluster three = new FakeCluster(3);
        FlotillaClient client = three.client().callListener(notes).build()) {
      client.kv().put("a", "1");
      three.node(3).silent = Request::hasGet;
      Kv kv = client.kv().withReads(ReadOptions.follower().hedged(Duration.ofMillis(30)));
      int reads = 0;
      while (three.node(3).count(Request::hasGet) == 0) {
        assertThat(kv.get("a")).isPresent();
        assertThat(++reads).isLessThan(200);
      }
      assertThat(three.node(1).count(Request::hasGet) + three.node(2).count(Request::hasGet))
          .as("whoever was asked first, one that answers was asked")
          .isEqualTo(reads);
    }
  }
}
