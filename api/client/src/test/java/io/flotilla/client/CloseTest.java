package io.flotilla.client;

import static io.flotilla.client.Tests.await;
import static io.flotilla.client.Tests.failureOf;
import static io.flotilla.client.Tests.key;
import static io.flotilla.client.Tests.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.contract.v1.Request;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What closing a client does to its calls and threads. */
class CloseTest {
  private FakeCluster cluster;

  @BeforeEach
  void start() throws IOException {
    cluster = new FakeCluster(1);
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void endsCallsInFlight() throws Exception {
    FlotillaClient client = cluster.client().build();
    client.kv().put("a", "1");
    cluster.node(1).silent = request -> true;
    CompletableFuture<?> read = client.async().get(key("a"));
    CompletableFuture<?> scan = client.async().scan(Scan.all());
    CompletableFuture<?> multi = client.async().multiGet(List.of(key("a"), key("b")));
    CompletableFuture<?> write = client.async().put(key("a"), value("2"));
    while (cluster.node(1).count(Request::hasPut) < 2) {
      Thread.onSpinWait();
    }
    client.close();
    for (CompletableFuture<?> call : List.of(read, scan, multi)) {
      assertThat(failureOf(call).code()).isEqualTo(ErrorCode.CLOSED);
      assertThat(failureOf(call).outcome()).isEqualTo(Outcome.NOT_APPLIED);
    }
    assertThat(failureOf(write).code()).isEqualTo(ErrorCode.CLOSED);
    assertThat(failureOf(write).outcome()).isEqualTo(Outcome.UNKNOWN);
  }

  @Test
  void aWriteThatHasNotLeftIsNotApplied() throws Exception {
    try (ServerSocket hole = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      FlotillaClient client = FlotillaClient.connect("127.0.0.1:" + hole.getLocalPort());
      CompletableFuture<?> write = client.async().put(key("a"), value("1"));
      client.close();
      assertThat(failureOf(write).code()).isEqualTo(ErrorCode.CLOSED);
      assertThat(failureOf(write).outcome()).isEqualTo(Outcome.NOT_APPLIED);
    }
  }

  @Test
  void refusesCallsAfterwards() throws Exception {
    FlotillaClient client = cluster.client().build();
    client.close();
    client.close();
    assertThat(failureOf(client.async().get(key("a"))).code()).isEqualTo(ErrorCode.CLOSED);
    assertThat(failureOf(() -> client.kv().put("a", "1")).outcome()).isEqualTo(Outcome.NOT_APPLIED);
    assertThat(failureOf(() -> client.admin().listShards()).code()).isEqualTo(ErrorCode.CLOSED);
    assertThat(failureOf(() -> client.admin().splitShard(key("a"))).code())
        .isEqualTo(ErrorCode.CLOSED);
  }

  @Test
  void canBeCalledByACallback() throws Exception {
    FlotillaClient client = cluster.client().build();
    await(client.async().get(key("a")).thenRun(client::close));
    assertThat(failureOf(client.async().get(key("a"))).code()).isEqualTo(ErrorCode.CLOSED);
  }

  @Test
  void endsAQuestionOfAnOperator() throws Exception {
    FlotillaClient client = cluster.client().build();
    client.kv().put("a", "1");
    cluster.node(1).silent = request -> true;
    CompletableFuture<FlotillaException> failure =
        CompletableFuture.supplyAsync(() -> failureOf(() -> client.admin().listNodes()));
    while (cluster.node(1).count(Request::hasGetCatalog) == 0) {
      Thread.onSpinWait();
    }
    client.close();
    // What is known of the nodes may be answered, without their state; or the call is refused.
    FlotillaException ended = failure.handle((e, none) -> e).get();
    assertThat(ended == null || ended.code() == ErrorCode.CLOSED).isTrue();
  }

  @Test
  void leavesNoThread() throws Exception {
    Set<Thread> others = threads();
    Set<Thread> own;
    try (FlotillaClient client = cluster.client().build()) {
      WriteResult unused = await(client.async().put(key("a"), value("1")));
      own = threads();
      own.removeAll(others);
      assertThat(own).hasSizeGreaterThan(3).allMatch(Thread::isDaemon);
    }
    for (Thread thread : own) {
      thread.join(TimeUnit.SECONDS.toMillis(Tests.PATIENCE_SECONDS));
      assertThat(thread.isAlive()).as(thread.getName()).isFalse();
    }
  }

  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("flotilla-client-"))
        .collect(Collectors.toSet());
  }
}
