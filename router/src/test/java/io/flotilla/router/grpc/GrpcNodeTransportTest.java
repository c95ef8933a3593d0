package io.flotilla.router.grpc;

import static io.flotilla.router.TestRoutes.get;
import static io.flotilla.router.TestRoutes.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.ErrorDetail;
import io.flotilla.contract.v1.Outcome;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.router.Backoff;
import io.flotilla.router.NodeAddress;
import io.flotilla.router.RouterRuntime;
import io.flotilla.router.WheelScheduler;
import io.grpc.Context;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls over one stream per node, on loopback. */
class GrpcNodeTransportTest {
  private static final long MILLIS = 1_000_000;
  private static final long LONG = 30_000 * MILLIS;

  private final ExecutorService executor = Executors.newFixedThreadPool(2);
  private final WheelScheduler scheduler = new WheelScheduler("test-timer", executor);
  private final NetworkThreads threads = new NetworkThreads("test-", 1);
  private LoopbackNode node;

  @BeforeEach
  void start() throws Exception {
    node = new LoopbackNode(0);
  }

  @AfterEach
  void stop() {
    node.close();
    threads.close();
    scheduler.close();
    executor.shutdown();
  }

  private GrpcNodeTransport transport(TransportConfig config) {
    return new GrpcNodeTransport(
        config,
        ChannelFactory.create(
            executor, config.connectTimeoutMillis(), threads, ConnectionSecurity.plaintext()),
        new RouterRuntime(scheduler, new Backoff.Jitter(new Random(1))),
        executor);
  }

  private static TransportConfig config(long maxBytes, int maxCalls) {
    return new TransportConfig(maxBytes, maxCalls, 256 << 10, 256, 2_000);
  }

  private static TransportConfig patient() {
    return config(32 << 20, 16_384);
  }

  private CompletableFuture<Reply> call(GrpcNodeTransport transport, Request request) {
    return call(transport, node.address(), request, LONG);
  }

  private CompletableFuture<Reply> call(
      GrpcNodeTransport transport, NodeAddress to, Request request, long nanos) {
    return transport.call(to, request, scheduler.nanoTime() + nanos);
  }

  private static Reply await(CompletableFuture<Reply> reply) throws Exception {
    return reply.get(30, TimeUnit.SECONDS);
  }

  private static ErrorDetail error(CompletableFuture<Reply> reply) throws Exception {
    assertThat(await(reply).hasError()).isTrue();
    return await(reply).getError();
  }

  @Test
  void callsThatGatherLeaveAsFewFrames() throws Exception {
    try (GrpcNodeTransport transport = transport(patient())) {
      // They gather while the connection is being made.
      List<CompletableFuture<Reply>> replies = new ArrayList<>();
      for (int i = 0; i < 2_000; i++) {
        replies.add(call(transport, put("k" + i, 0)));
      }
      for (CompletableFuture<Reply> reply : replies) {
        assertThat(await(reply).hasPut()).isTrue();
      }
      assertThat(transport.callsSent()).isEqualTo(2_000);
      assertThat(transport.framesSent()).isBetween(8L, 1_000L);
      assertThat(node.stream().frame().getRequestsCount()).isLessThanOrEqualTo(256);
      assertThat(node.opened).isEmpty();
    }
  }

  @Test
  void theEndOfACallThatIsServedDoesNotEndTheStreamItOpened() throws Exception {
    try (GrpcNodeTransport transport = transport(patient())) {
      Context.CancellableContext served = Context.current().withCancellation();
      assertThat(await(served.call(() -> call(transport, put("a", 0)))).hasPut()).isTrue();
      served.cancel(null);
      assertThat(await(call(transport, put("b", 0))).hasPut()).isTrue();
      var unused = node.stream();
      assertThat(node.opened).as("streams after the first").isEmpty();
    }
  }

  @Test
  void whatIsKeptOfNodesThatAreGoneIsForgottenOnceNoCallIsOpen() throws Exception {
    node.answers = false;
    try (GrpcNodeTransport transport = transport(patient())) {
      CompletableFuture<Reply> open = call(transport, put("a", 0));
      LoopbackNode.Stream stream = node.stream();
      transport.retain(Set.of());
      assertThat(transport.size()).isOne();
      assertThat(open).isNotDone();
      stream.reply(LoopbackNode.put(stream.frame().getRequests(0)));
      assertThat(await(open).hasPut()).isTrue();
      transport.retain(Set.of());
      assertThat(transport.size()).isZero();
      node.answers = true;
      assertThat(await(call(transport, put("b", 0))).hasPut()).isTrue();
      transport.retain(Set.of(node.address()));
      assertThat(transport.size()).isOne();
    }
  }

  @Test
  void repliesMayComeInAnyOrder() throws Exception {
    node.answers = false;
    try (GrpcNodeTransport transport = transport(patient())) {
      CompletableFuture<Reply> first = call(transport, put("a", 0));
      CompletableFuture<Reply> second = call(transport, put("b", 0));
      LoopbackNode.Stream stream = node.stream();
      List<Request> got = new ArrayList<>();
      while (got.size() < 2) {
        got.addAll(stream.frame().getRequestsList());
      }
      assertThat(got.get(0).getId()).isNotEqualTo(got.get(1).getId());
      stream.reply(LoopbackNode.put(got.get(1)));
      assertThat(await(second).hasPut()).isTrue();
      assertThat(first).isNotDone();
      stream.reply(LoopbackNode.put(got.get(0)));
      assertThat(await(first).hasPut()).isTrue();
    }
  }

  @Test
  void aBrokenStreamEndsWhatItCarried() throws Exception {
    node.answers = false;
    try (GrpcNodeTransport transport = transport(patient())) {
      CompletableFuture<Reply> write = call(transport, put("a", 0));
      CompletableFuture<Reply> read = call(transport, get("a", 0));
      LoopbackNode.Stream stream = node.stream();
      for (int got = 0; got < 2; ) {
        got += stream.frame().getRequestsCount();
      }
      stream.drop();
      assertThat(error(write).getOutcome()).isEqualTo(Outcome.OUTCOME_UNKNOWN);
      assertThat(error(write).getCode()).isEqualTo(ErrorCode.ERROR_CODE_UNAVAILABLE);
      assertThat(error(write).getMessage()).contains("dropped");
      assertThat(error(read).getOutcome()).isEqualTo(Outcome.OUTCOME_NOT_APPLIED);
    }
  }

  @Test
  void whatHasNotLeftIsNotApplied() throws Exception {
    try (ServerSocket hole = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      GrpcNodeTransport transport = transport(patient());
      NodeAddress silent = new NodeAddress("127.0.0.1", hole.getLocalPort());
      CompletableFuture<Reply> hurried = call(transport, silent, put("a", 0), 50 * MILLIS);
      CompletableFuture<Reply> patient = call(transport, silent, put("a", 0), LONG);
      assertThat(error(hurried).getCode()).isEqualTo(ErrorCode.ERROR_CODE_DEADLINE_EXCEEDED);
      assertThat(error(hurried).getOutcome()).isEqualTo(Outcome.OUTCOME_NOT_APPLIED);
      transport.close();
      assertThat(error(patient).getOutcome()).isEqualTo(Outcome.OUTCOME_NOT_APPLIED);
    }
  }

  @Test
  void aSentWriteWithoutAnAnswerIsUnknownAtItsDeadline() throws Exception {
    node.answers = false;
    try (GrpcNodeTransport transport = transport(patient())) {
      CompletableFuture<Reply> warm = call(transport, put("warm up", 0));
      LoopbackNode.Stream stream = node.stream();
      stream.reply(LoopbackNode.put(stream.frame().getRequests(0)));
      assertThat(await(warm).hasPut()).isTrue();
      CompletableFuture<Reply> write = call(transport, node.address(), put("a", 0), 300 * MILLIS);
      Request sent = stream.frame().getRequests(0);
      assertThat(error(write).getCode()).isEqualTo(ErrorCode.ERROR_CODE_DEADLINE_EXCEEDED);
      assertThat(error(write).getOutcome()).isEqualTo(Outcome.OUTCOME_UNKNOWN);
      // A late answer finds nobody and harms nobody.
      stream.reply(LoopbackNode.put(sent));
      CompletableFuture<Reply> next = call(transport, put("b", 0));
      stream.reply(LoopbackNode.put(stream.frame().getRequests(0)));
      assertThat(await(next).hasPut()).isTrue();
    }
  }

  @Test
  void aFullQueueRefusesAtOnce() throws Exception {
    node.answers = false;
    try (GrpcNodeTransport transport = transport(config(1 << 20, 2))) {
      CompletableFuture<Reply> first = call(transport, put("a", 0));
      CompletableFuture<Reply> second = call(transport, put("b", 0));
      ErrorDetail refused = error(call(transport, put("c", 0)));
      assertThat(refused.getCode()).isEqualTo(ErrorCode.ERROR_CODE_OVERLOADED);
      assertThat(refused.getOutcome()).isEqualTo(Outcome.OUTCOME_NOT_APPLIED);
      LoopbackNode.Stream stream = node.stream();
      stream.reply(LoopbackNode.put(stream.frame().getRequests(0)));
      assertThat(await(first).hasPut()).isTrue();
      CompletableFuture<Reply> next = call(transport, put("d", 0));
      assertThat(next).isNotDone();
      assertThat(error(call(transport, put("e", 0))).getCode())
          .isEqualTo(ErrorCode.ERROR_CODE_OVERLOADED);
      assertThat(second.cancel(false)).isTrue();
      assertThat(call(transport, put("f", 0))).as("who gives up gives room back").isNotDone();
    }
  }

  @Test
  void aQueueThatIsFullOfBytesRefusesToo() throws Exception {
    node.answers = false;
    try (GrpcNodeTransport transport = transport(config(10, 100))) {
      CompletableFuture<Reply> large = call(transport, put("larger than the bound", 0));
      assertThat(error(call(transport, put("b", 0))).getCode())
          .isEqualTo(ErrorCode.ERROR_CODE_OVERLOADED);
      assertThat(large).isNotDone();
    }
  }

  @Test
  void aNodeThatRefusesConnectionsIsUnavailableAtOnce() throws Exception {
    node.close();
    try (GrpcNodeTransport transport = transport(patient())) {
      for (int i = 0; i < 3; i++) {
        ErrorDetail error = error(call(transport, put("a", 0)));
        assertThat(error.getCode()).isEqualTo(ErrorCode.ERROR_CODE_UNAVAILABLE);
        assertThat(error.getOutcome()).isEqualTo(Outcome.OUTCOME_NOT_APPLIED);
      }
    }
  }

  @Test
  void aSilentStreamIsReplacedWhenItIsGivenUp() throws Exception {
    node.answers = false;
    try (GrpcNodeTransport transport = transport(patient())) {
      long begun = scheduler.nanoTime();
      assertThat(transport.heardSince(node.address(), begun)).isFalse();
      transport.reconnect(node.address());
      CompletableFuture<Reply> write = call(transport, put("a", 0));
      CompletableFuture<Reply> read = call(transport, get("a", 0));
      LoopbackNode.Stream stream = node.stream();
      for (int got = 0; got < 2; ) {
        got += stream.frame().getRequestsCount();
      }
      transport.reconnect(node.address());
      assertThat(error(write).getOutcome()).isEqualTo(Outcome.OUTCOME_UNKNOWN);
      assertThat(error(read).getOutcome()).isEqualTo(Outcome.OUTCOME_NOT_APPLIED);
      assertThat(transport.heardSince(node.address(), begun)).isFalse();
      node.answers = true;
      assertThat(await(call(transport, put("b", 0))).hasPut()).isTrue();
      assertThat(node.stream().frame().getRequestsCount()).isEqualTo(1);
      assertThat(transport.heardSince(node.address(), begun)).isTrue();
    }
  }

  @Test
  void aNodeThatComesBackIsFoundAgain() throws Exception {
    try (GrpcNodeTransport transport = transport(config(1 << 20, 100))) {
      assertThat(await(call(transport, put("a", 0))).hasPut()).isTrue();
      int port = node.address().port();
      node.close();
      assertThat(error(call(transport, put("b", 0))).getCode())
          .isEqualTo(ErrorCode.ERROR_CODE_UNAVAILABLE);
      node = new LoopbackNode(port);
      long deadline = System.nanoTime() + LONG;
      while (!await(call(transport, put("c", 0))).hasPut()) {
        assertThat(System.nanoTime()).isLessThan(deadline);
      }
    }
  }

  @Test
  void aClosedTransportRefuses() throws Exception {
    GrpcNodeTransport transport = transport(patient());
    assertThat(await(call(transport, put("a", 0))).hasPut()).isTrue();
    transport.close();
    transport.close();
    assertThat(error(call(transport, put("a", 0))).getOutcome())
        .isEqualTo(Outcome.OUTCOME_NOT_APPLIED);
    NodeAddress other = new NodeAddress("127.0.0.1", 1);
    assertThat(error(call(transport, other, put("a", 0), LONG)).getCode())
        .isEqualTo(ErrorCode.ERROR_CODE_UNAVAILABLE);
  }
}
