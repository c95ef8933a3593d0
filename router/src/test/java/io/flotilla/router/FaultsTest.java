package io.flotilla.router;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.MultiGetRequest;
import io.flotilla.contract.v1.Outcome;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.Row;
import io.flotilla.contract.v1.ScanRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What holds whatever the network, the leaders and the shards do. Each test takes a seed, which is
 * in its name; to replay one, give it to {@code -Dflotilla.seed=N}.
 */
class FaultsTest {
  private static final long MILLIS = VirtualScheduler.MILLIS;

  static LongStream seeds() {
    return seeds(25);
  }

  static LongStream manySeeds() {
    return seeds(150);
  }

  private static LongStream seeds(int number) {
    Long one = Long.getLong("flotilla.seed");
    return one == null ? LongStream.rangeClosed(1, number) : LongStream.of(one);
  }

  private record Call(Request request, CompletableFuture<Reply> reply) {}

  @ParameterizedTest
  @MethodSource("manySeeds")
  void callsEndInTimeAndSayWhatTheyLeftBehind(long seed) {
    SimCluster cluster = new SimCluster(seed);
    cluster.faults = cluster.below(60);
    Router router = cluster.client();
    router.start();
    long end = cluster.time.nanoTime() + 8_000 * MILLIS;
    cluster.disturb(end, 400);
    List<Call> calls = new ArrayList<>();
    List<Long> delays = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      Request request = request(cluster, i);
      long deadline = cluster.time.nanoTime() + request.getContext().getTimeoutMillis() * MILLIS;
      CompletableFuture<Reply> reply = router.dispatcher().dispatch(request);
      CompletableFuture<Boolean> unused =
          reply.thenApply(value -> delays.add(cluster.time.nanoTime() - deadline));
      calls.add(new Call(request, reply));
      cluster.time.advance(cluster.below(60) * MILLIS);
    }
    cluster.time.advance(20_000 * MILLIS);
    assertThat(delays).hasSize(calls.size()).allMatch(delay -> delay <= 0);
    assertThat(cluster.sentTwice).as("repeated although perhaps applied").isEmpty();
    for (Call call : calls) {
      checkOutcome(cluster, call);
    }
    router.close();
  }

  private static Request request(SimCluster cluster, int number) {
    int timeout = 20 + cluster.below(4_000);
    String key = "k%03d".formatted(cluster.below(1_000));
    return switch (cluster.below(4)) {
      case 0 -> TestRoutes.get(key, timeout);
      case 1 -> TestRoutes.numbered(TestRoutes.put(key + "/" + number, timeout), number + 1);
      default -> TestRoutes.put(key + "/" + number, timeout);
    };
  }

  private static void checkOutcome(SimCluster cluster, Call call) {
    Outcome outcome = call.reply().join().getError().getOutcome();
    if (call.request().hasGet()) {
      assertThat(outcome).isNotEqualTo(Outcome.OUTCOME_UNKNOWN);
      return;
    }
    int times = cluster.executed.getOrDefault(call.request().getPut().getKey(), 0);
    switch (outcome) {
      case OUTCOME_UNSPECIFIED -> assertThat(times).isEqualTo(1);
      case OUTCOME_UNKNOWN -> assertThat(times).isLessThanOrEqualTo(1);
      default -> assertThat(times).as("%s", call.reply().join()).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aScanGivesEachKeyOnce(long seed) {
    SimCluster cluster = filled(seed);
    Router router = cluster.client();
    boolean reverse = seed % 2 == 0;
    List<ByteString> found = new ArrayList<>();
    ScanRequest rest =
        ScanRequest.newBuilder().setReverse(reverse).setLimit(cluster.below(40)).build();
    cluster.disturb(cluster.time.nanoTime() + 5_000 * MILLIS, 5);
    for (boolean more = true; more; ) {
      Reply page = read(cluster, router, Request.newBuilder().setScan(rest).build());
      assertThat(page.hasScan()).as("%s", page).isTrue();
      page.getScan().getRowsList().stream().map(Row::getKey).forEach(found::add);
      more = page.getScan().hasNext();
      rest = rest.toBuilder().setRange(page.getScan().getNext()).build();
    }
    Comparator<ByteString> order = RouteMap.KEY_ORDER;
    assertThat(found)
        .isSortedAccordingTo(reverse ? order.reversed() : order)
        .containsExactlyInAnyOrderElementsOf(cluster.keys);
    router.close();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aMultiGetIsPutTogetherAgain(long seed) {
    SimCluster cluster = filled(seed);
    Router router = cluster.client();
    cluster.disturb(cluster.time.nanoTime() + 1_000 * MILLIS, 4);
    for (int round = 0; round < 5; round++) {
      MultiGetRequest.Builder wanted = MultiGetRequest.newBuilder();
      for (int i = 0; i < 150; i++) {
        wanted.addKeys(TestRoutes.bytes("k%03d".formatted(cluster.below(1_000))));
      }
      Reply reply = read(cluster, router, Request.newBuilder().setMultiGet(wanted).build());
      assertThat(reply.hasMultiGet()).as("%s", reply).isTrue();
      for (int i = 0; i < wanted.getKeysCount(); i++) {
        assertThat(reply.getMultiGet().getValues(i).getValue()).isEqualTo(wanted.getKeys(i));
        assertThat(reply.getMultiGet().getValues(i).getFound())
            .isEqualTo(cluster.keys.contains(wanted.getKeys(i)));
      }
    }
    router.close();
  }

  private static SimCluster filled(long seed) {
    SimCluster cluster = new SimCluster(seed);
    cluster.faults = cluster.below(20);
    for (int i = 0; i < 300; i++) {
      cluster.keys.add(TestRoutes.bytes("k%03d".formatted(cluster.below(1_000))));
    }
    for (int i = cluster.below(10); i > 0; i--) {
      cluster.split("k%03d".formatted(cluster.below(1_000)));
    }
    return cluster;
  }

  /** As a caller does: what was not applied is tried again. */
  private static Reply read(SimCluster cluster, Router router, Request request) {
    Reply reply = Reply.getDefaultInstance();
    for (int tries = 0; tries < 10; tries++) {
      reply = cluster.time.await(router.dispatcher().dispatch(request), 20_000 * MILLIS);
      if (reply.getError().getOutcome() != Outcome.OUTCOME_NOT_APPLIED) {
        break;
      }
    }
    return reply;
  }
}
