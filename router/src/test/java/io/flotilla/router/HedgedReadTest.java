package io.flotilla.router;

import static io.flotilla.router.ScriptedNetwork.MILLIS;
import static io.flotilla.router.ScriptedNetwork.good;
import static io.flotilla.router.TestRoutes.get;
import static io.flotilla.router.TestRoutes.put;
import static io.flotilla.router.TestRoutes.route;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.contract.v1.Consistency;
import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A read that waits for a slow replica asks a second one, but not too often. */
class HedgedReadTest {
  private static final int TIMEOUT = 5_000;
  private static final long HEDGE = 20 * MILLIS;

  private final ScriptedNetwork network = new ScriptedNetwork(5);
  private final Router router = network.client(route(2, "", ""));
  private long first;

  /** The replica that is asked first is silent, the others answer. */
  private @Nullable Reply firstIsSilent(long node, Request request) {
    if (network.sent.size() == 1) {
      first = node;
    }
    return node == first ? null : good(request);
  }

  @Test
  void theSecondReplicaAnswersForASlowOne() {
    network.nodes = this::firstIsSilent;
    long begun = network.time.nanoTime();
    assertThat(network.time.await(hedged(read()), TIMEOUT * MILLIS).hasGet()).isTrue();
    assertThat(network.time.nanoTime() - begun).isEqualTo(HEDGE + MILLIS);
    assertThat(network.sent).hasSize(2).doesNotHaveDuplicates();
    assertThat(network.answers.get(0)).as("the slow one is given up").isCancelled();
  }

  @Test
  void aFastReplicaIsTheOnlyOneAsked() {
    for (int i = 0; i < 50; i++) {
      assertThat(network.time.await(hedged(read()), TIMEOUT * MILLIS).hasGet()).isTrue();
    }
    network.time.advance(TIMEOUT * MILLIS);
    assertThat(network.sent).hasSize(50);
  }

  @Test
  void onlyWhatAnyReplicaMayAnswerIsAskedTwice() {
    network.delayMillis = node -> 100;
    network.time.await(hedged(get("a", TIMEOUT)), TIMEOUT * MILLIS);
    network.time.await(hedged(put("a", TIMEOUT)), TIMEOUT * MILLIS);
    assertThat(network.sent).containsExactly("1/2", "1/2");
  }

  @Test
  void whenAllReplicasAreSlowFewAreAskedTwice() {
    network.delayMillis = node -> 100;
    int reads = 1_000;
    for (int i = 0; i < reads; i++) {
      network.time.await(hedged(read()), TIMEOUT * MILLIS);
    }
    assertThat(network.sent.size() - reads).isBetween(100, 100 + HedgeBudget.RESERVE);
  }

  @Test
  void aBadAnswerWaitsForTheOtherReplica() {
    network.delayMillis = node -> network.sent.size() == 1 ? 30 : 50;
    network.nodes = (node, request) -> network.sent.size() == 1 ? unavailable() : good(request);
    long begun = network.time.nanoTime();
    assertThat(network.time.await(hedged(read()), TIMEOUT * MILLIS).hasGet()).isTrue();
    assertThat(network.time.nanoTime() - begun).isEqualTo(HEDGE + 50 * MILLIS);
    assertThat(network.sent).hasSize(2);
  }

  @Test
  void twoBadAnswersAreFollowedByTheThirdReplica() {
    network.delayMillis = node -> 30;
    network.nodes = (node, request) -> network.sent.size() <= 2 ? unavailable() : good(request);
    assertThat(network.time.await(hedged(read()), TIMEOUT * MILLIS).hasGet()).isTrue();
    assertThat(network.sent).hasSize(3).doesNotHaveDuplicates();
  }

  @Test
  void whoGivesUpGivesUpBoth() {
    network.nodes = (node, request) -> null;
    CompletableFuture<Reply> read = hedged(read());
    network.time.advance(2 * HEDGE);
    assertThat(network.answers).hasSize(2).noneMatch(CompletableFuture::isDone);
    assertThat(read.cancel(false)).isTrue();
    assertThat(network.answers).allMatch(CompletableFuture::isCancelled);
  }

  @Test
  void aReplicaWhoseAnswersAreNeverWaitedForIsLeftAloneInTheEnd() {
    network.nodes = (node, request) -> node == 3 ? null : good(request);
    List<Long> asked = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      network.time.await(hedged(read()), TIMEOUT * MILLIS);
      network.time.advance(10 * MILLIS);
      asked.add(network.sent.stream().filter(to -> to.startsWith("3")).count());
    }
    assertThat(asked.get(199)).as("calls to the silent replica").isLessThan(40);
  }

  private static Reply unavailable() {
    return Failures.notApplied(ErrorCode.ERROR_CODE_UNAVAILABLE, "refused");
  }

  private static Request read() {
    Request get = get("a", TIMEOUT);
    return get.toBuilder()
        .setContext(get.getContext().toBuilder().setConsistency(Consistency.CONSISTENCY_FOLLOWER))
        .build();
  }

  private CompletableFuture<Reply> hedged(Request request) {
    long deadline = network.time.nanoTime() + TIMEOUT * MILLIS;
    return router
        .dispatcher()
        .dispatch(request, new CallTerms(deadline, HEDGE, AttemptListener.NONE));
  }
}
