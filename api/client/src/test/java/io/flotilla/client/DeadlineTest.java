package io.flotilla.client;

import static io.flotilla.client.Tests.failureOf;
import static io.flotilla.client.Tests.key;
import static io.flotilla.client.Tests.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.router.Failures;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Every call ends by its deadline and says what it left behind. */
class DeadlineTest {
  private static final Duration SHORT = Duration.ofMillis(500);

  /** A busy machine is late; the default deadline of 10 s would still be noticed. */
  private static final Duration LATE = Duration.ofSeconds(5);

  @Test
  void noServer() throws Exception {
    try (FlotillaClient client = client("127.0.0.1:" + closedPort())) {
      FlotillaException read = onTime(client.async().get(key("a")));
      assertThat(read.outcome()).isEqualTo(Outcome.NOT_APPLIED);
      assertThat(read.code()).isIn(ErrorCode.UNAVAILABLE, ErrorCode.DEADLINE_EXCEEDED);
      FlotillaException write = onTime(client.async().put(key("a"), value("1")));
      assertThat(write.outcome()).isEqualTo(Outcome.NOT_APPLIED);
      assertThat(write.getMessage()).contains("refused");
      onTime(client.async().scan(Scan.all()));
    }
  }

  @Test
  void noServerForOperators() throws Exception {
    try (FlotillaClient client = client("127.0.0.1:" + closedPort())) {
      FlotillaException failure = failureOf(() -> client.admin().listShards());
      assertThat(failure.code()).isIn(ErrorCode.UNAVAILABLE, ErrorCode.DEADLINE_EXCEEDED);
      assertThat(failureOf(() -> client.admin().status(1)).outcome())
          .isEqualTo(Outcome.NOT_APPLIED);
    }
  }

  @Test
  void aServerThatTakesConnectionsAndNeverAnswers() throws Exception {
    try (ServerSocket hole = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        FlotillaClient client = client("127.0.0.1:" + hole.getLocalPort())) {
      assertThat(onTime(client.async().get(key("a"))).outcome()).isEqualTo(Outcome.NOT_APPLIED);
      assertThat(onTime(client.async().put(key("a"), value("1"))).outcome())
          .isEqualTo(Outcome.NOT_APPLIED);
      onTime(CompletableFuture.supplyAsync(() -> failing(client)));
    }
  }

  private static Object failing(FlotillaClient client) {
    throw failureOf(() -> client.admin().listNodes());
  }

  @Test
  void aLeaderThatIsSilent() throws Exception {
    try (FakeCluster cluster = new FakeCluster(1);
        FlotillaClient client = cluster.client().timeout(SHORT).build()) {
      warmUp(client);
      cluster.node(1).silent = request -> true;
      FlotillaException write = onTime(client.async().put(key("a"), value("1")));
      assertThat(write.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
      assertThat(write.outcome()).isEqualTo(Outcome.UNKNOWN);
      assertThat(onTime(client.async().get(key("a"))).outcome()).isEqualTo(Outcome.NOT_APPLIED);
      assertThat(onTime(client.async().multiGet(List.of(key("a")))).outcome())
          .isEqualTo(Outcome.NOT_APPLIED);
    }
  }

  @Test
  void aServerThatIsOverloadedUntilTheEnd() throws Exception {
    try (FakeCluster cluster = new FakeCluster(1);
        FlotillaClient client = cluster.client().timeout(SHORT).build()) {
      warmUp(client);
      cluster.node(1).script = DeadlineTest::overloaded;
      FlotillaException write = onTime(client.async().put(key("a"), value("1")));
      assertThat(write.code()).isEqualTo(ErrorCode.OVERLOADED);
      assertThat(write.outcome()).isEqualTo(Outcome.NOT_APPLIED);
      assertThat(cluster.node(1).count(Request::hasPut)).isGreaterThan(1);
      assertThat(cluster.store.writes()).isZero();
    }
  }

  @Test
  void anotherDeadlineForSomeCalls() throws Exception {
    try (FakeCluster cluster = new FakeCluster(1);
        FlotillaClient client = cluster.client().build()) {
      warmUp(client);
      cluster.node(1).silent = request -> true;
      assertThat(onTime(client.async().withTimeout(SHORT).get(key("a"))).code())
          .isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
      assertThat(failureOf(() -> client.kv().withTimeout(SHORT).get("a")).code())
          .isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
    }
  }

  /** Learns the routes and connects, so that a short deadline is enough for what is tested. */
  private static void warmUp(FlotillaClient client) {
    assertThat(client.kv().withTimeout(Duration.ofSeconds(30)).get("warm up")).isEmpty();
  }

  private static Optional<Reply> overloaded(Request request) {
    return Optional.of(
        Failures.notApplied(
            io.flotilla.contract.v1.ErrorCode.ERROR_CODE_OVERLOADED,
            "no room for " + request.getOperationCase()));
  }

  private static FlotillaException onTime(CompletableFuture<?> call) throws Exception {
    long begun = System.nanoTime();
    FlotillaException failure = failureOf(call);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(SHORT.plus(LATE));
    return failure;
  }

  private static FlotillaClient client(String endpoint) {
    return FlotillaClient.builder().endpoints(endpoint).timeout(SHORT).build();
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
