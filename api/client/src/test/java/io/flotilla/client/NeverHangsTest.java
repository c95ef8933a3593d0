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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Servers that are there and do not answer, over real sockets: no call outlives its deadline, each
 * says what it left behind, and who asks another server notices nothing.
 */
class NeverHangsTest {
  private static final Duration DEADLINE = Duration.ofSeconds(2);

  /** A busy machine is late; a call without an end would still be noticed. */
  private static final Duration LATE = Duration.ofSeconds(10);

  private FakeCluster cluster;
  private final List<TestWire> wires = new ArrayList<>();

  /** Node 1 leads the keys before "m", node 2 the others; node 3 leads nothing. */
  @BeforeEach
  void start() throws IOException {
    cluster = new FakeCluster(3);
    for (int node = 1; node <= 3; node++) {
      wires.add(TestWire.before(cluster.node(node)));
    }
    cluster.split("m");
    cluster.lead(3, 2);
  }

  @AfterEach
  void stop() {
    wires.forEach(TestWire::close);
    cluster.close();
  }

  @Test
  void aPortThatTakesConnectionsAndReadsNothing() throws Exception {
    try (TestWire nowhere = new TestWire(0);
        FlotillaClient client =
            FlotillaClient.builder().endpoints(nowhere.address()).timeout(DEADLINE).build()) {
      for (CompletableFuture<?> call : allKinds(client.async())) {
        FlotillaException failure = onTime(call);
        assertThat(failure.code()).isIn(ErrorCode.UNAVAILABLE, ErrorCode.DEADLINE_EXCEEDED);
        assertThat(failure.outcome()).isEqualTo(Outcome.NOT_APPLIED);
      }
      assertThat(failureOf(() -> client.admin().listShards()).outcome())
          .isEqualTo(Outcome.NOT_APPLIED);
    }
  }

  @Test
  void aWireThatJamsUnderAStream() throws Exception {
    try (FlotillaClient client = warm(cluster.client().timeout(DEADLINE))) {
      wires.forEach(wire -> wire.jam(true));
      CompletableFuture<?> write = client.async().put(key("a"), value("1"));
      List<CompletableFuture<?>> reads =
          List.of(
              client.async().get(key("a")),
              client.async().multiGet(List.of(key("a"), key("z"))),
              client.async().scan(Scan.all()));
      for (CompletableFuture<?> read : reads) {
        assertThat(onTime(read).outcome()).isEqualTo(Outcome.NOT_APPLIED);
      }
      assertThat(onTime(write).code()).isIn(ErrorCode.DEADLINE_EXCEEDED, ErrorCode.UNAVAILABLE);
      assertThat(onTime(write).outcome()).as("it has left").isEqualTo(Outcome.UNKNOWN);
    }
  }

  @Test
  void aNodeThatStopsReadingWhileMuchIsWritten() throws Exception {
    try (FlotillaClient client =
        warm(
            cluster.client().timeout(DEADLINE).maxInFlightBytes(8 << 20).overflow(Overflow.FAIL))) {
      wires.get(0).jam(true);
      List<CompletableFuture<WriteResult>> writes = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        writes.add(client.async().put(key("a" + i), Value.of(new byte[500_000])));
      }
      List<FlotillaException> failures = new ArrayList<>();
      for (CompletableFuture<WriteResult> write : writes) {
        // Once the node is left alone another one passes a write on, and it succeeds.
        settled(write).ifPresent(failures::add);
      }
      assertThat(failures)
          .as("three quarters of the room were given to that node")
          .filteredOn(failure -> failure.code() == ErrorCode.OVERLOADED)
          .hasSizeBetween(20, 30)
          .allMatch(failure -> failure.outcome() == Outcome.NOT_APPLIED);
      assertThat(failures)
          .as("what fits into the buffers of the way may have arrived, all else has not left")
          .filteredOn(failure -> failure.code() != ErrorCode.OVERLOADED)
          .extracting(FlotillaException::outcome)
          .contains(Outcome.UNKNOWN, Outcome.NOT_APPLIED);
      assertThat(cluster.store.writes()).isLessThan(40);
    }
  }

  @Test
  void callsToOtherNodesGoOnWhileOneIsSilent() throws Exception {
    try (FlotillaClient client =
        warm(cluster.client().maxInFlightBytes(8 << 20).overflow(Overflow.FAIL))) {
      wires.get(0).jam(true);
      List<CompletableFuture<WriteResult>> stuck = new ArrayList<>();
      for (int round = 0; round < 50; round++) {
        for (int i = 0; i < 5; i++) {
          stuck.add(client.async().put(key("a" + i), Value.of(new byte[500_000])));
        }
        for (int i = 0; i < 200; i++) {
          stuck.add(client.async().put(key("a" + i), value("small")));
        }
        assertThat(await(client.async().put(key("z"), value("" + round))).applied()).isTrue();
        assertThat(await(client.async().get(key("z")))).isPresent();
      }
      assertThat(stuck).as("the node is still silent").anyMatch(call -> !call.isDone());
      assertThat(cluster.node(2).count(Request::hasPut)).isGreaterThanOrEqualTo(50);
    }
  }

  @Test
  void aNodeThatIsBackIsUsedAgain() throws Exception {
    try (FlotillaClient client = warm(cluster.client().timeout(DEADLINE))) {
      wires.get(0).jam(true);
      List<CompletableFuture<WriteResult>> lost = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        lost.add(client.async().put(key("a" + i), value("1")));
      }
      for (CompletableFuture<WriteResult> call : lost) {
        onTime(call);
      }
      wires.get(0).jam(false);
      long before = cluster.node(1).count(Request::hasGet);
      long until = System.nanoTime() + LATE.toNanos();
      while (cluster.node(1).count(Request::hasGet) == before) {
        assertThat(await(client.async().get(key("a")))).isNotNull();
        assertThat(System.nanoTime()).as("it is asked again").isLessThan(until);
      }
    }
  }

  @Test
  void aConnectionThatIsCutUnderACall() throws Exception {
    try (FlotillaClient client = warm(cluster.client().timeout(DEADLINE).exactlyOnce(false))) {
      cluster.node(1).silent = request -> true;
      CompletableFuture<?> write = client.async().put(key("a"), value("1"));
      CompletableFuture<?> read = client.async().get(key("a"));
      while (cluster.node(1).received.size() < 3) {
        Thread.onSpinWait();
      }
      cluster.node(1).silent = request -> false;
      wires.get(0).cut();
      FlotillaException failure = onTime(write);
      assertThat(failure.code()).isEqualTo(ErrorCode.UNAVAILABLE);
      assertThat(failure.outcome()).isEqualTo(Outcome.UNKNOWN);
      assertThat(await(read)).as("a read is asked again").isNotNull();
    }
  }

  @Test
  void aServerThatIsStoppedUnderACall() throws Exception {
    try (FlotillaClient client = warm(cluster.client().timeout(DEADLINE))) {
      cluster.node(1).silent = request -> true;
      CompletableFuture<WriteResult> write = client.async().put(key("a"), value("1"));
      while (cluster.node(1).count(Request::hasPut) < 1) {
        Thread.onSpinWait();
      }
      cluster.node(1).close();
      assertThat(await(write).applied()).as("by way of another node").isTrue();
      assertThat(cluster.store.writes()).isEqualTo(1);
      assertThat(await(client.async().put(key("z"), value("3"))).applied()).isTrue();
    }
  }

  @Test
  void aClientThatIsClosedUnderCallsThatAreStuck() throws Exception {
    FlotillaClient client = warm(cluster.client());
    wires.forEach(wire -> wire.jam(true));
    List<CompletableFuture<?>> calls = new ArrayList<>(allKinds(client.async()));
    for (int i = 0; i < 8; i++) {
      calls.add(client.async().put(key("a" + i), Value.of(new byte[1 << 20])));
    }
    client.close();
    for (CompletableFuture<?> call : calls) {
      assertThat(onTime(call).code()).isEqualTo(ErrorCode.CLOSED);
    }
  }

  private static List<CompletableFuture<?>> allKinds(AsyncKv kv) {
    return List.of(
        kv.get(key("a")),
        kv.multiGet(Set.of(key("a"), key("z"))),
        kv.scan(Scan.all()),
        kv.put(key("a"), value("1")),
        kv.compareAndSet(key("z"), 1, value("1")),
        kv.increment(key("n"), 1),
        kv.batch(Batch.empty().put(key("a"), value("1"))));
  }

  /** Knows the routes and is connected, so that a short deadline is enough for what is tested. */
  private static FlotillaClient warm(FlotillaClient.Builder settings) {
    FlotillaClient client = settings.build();
    Kv patient = client.kv().withTimeout(Duration.ofSeconds(30));
    assertThat(patient.get("a")).isEmpty();
    assertThat(patient.get("z")).isEmpty();
    return client;
  }

  /** The failure of a call that ends in time; empty: it succeeded. */
  private static Optional<FlotillaException> settled(CompletableFuture<?> call) throws Exception {
    long begun = System.nanoTime();
    boolean failed = Tests.await(call.handle((result, failure) -> failure != null));
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(DEADLINE.plus(LATE));
    return failed ? Optional.of(failureOf(call)) : Optional.empty();
  }

  private static FlotillaException onTime(CompletableFuture<?> call) throws Exception {
    long begun = System.nanoTime();
    FlotillaException failure = failureOf(call);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(DEADLINE.plus(LATE));
    return failure;
  }
}
