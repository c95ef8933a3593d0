package io.flotilla.router.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.contract.v1.GetCatalogReply;
import io.flotilla.router.RouteFeed;
import io.flotilla.router.WheelScheduler;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Route maps over loopback. */
class GrpcRouteFeedTest {
  private static final long SECOND = 1_000_000_000;

  private final ExecutorService executor = Executors.newFixedThreadPool(2);
  private final WheelScheduler scheduler = new WheelScheduler("test-timer", executor);
  private final NetworkThreads threads = new NetworkThreads("test-", 1);
  private final GrpcRouteFeed feed =
      new GrpcRouteFeed(
          ChannelFactory.create(executor, 2_000, threads, ConnectionSecurity.plaintext()),
          scheduler);
  private LoopbackNode node;

  @BeforeEach
  void start() throws Exception {
    node = new LoopbackNode(0);
  }

  @AfterEach
  void stop() {
    feed.close();
    node.close();
    threads.close();
    scheduler.close();
    executor.shutdown();
  }

  @Test
  void fetchesAMap() throws Exception {
    RouteFeed.Answer answer = fetch(30 * SECOND);
    assertThat(answer.catalog()).isEqualTo(GetCatalogReply.newBuilder().setVersion(7).build());
    assertThat(answer.problem()).isEmpty();
  }

  @Test
  void aFetchEndsAtItsDeadline() throws Exception {
    node.answers = false;
    RouteFeed.Answer answer = fetch(SECOND / 20);
    assertThat(answer.catalog()).isNull();
    assertThat(answer.problem()).isNotEmpty();
  }

  @Test
  void aNodeThatIsDownIsAProblemOfTheAnswer() throws Exception {
    node.close();
    assertThat(fetch(30 * SECOND).problem()).contains("refused");
  }

  @Test
  void aClosedFeedAnswersNothing() throws Exception {
    feed.close();
    assertThat(fetch(30 * SECOND).catalog()).isNull();
  }

  @Test
  void aSubscriptionBringsEachMapAndItsEnd() throws Exception {
    BlockingQueue<Long> versions = new LinkedBlockingQueue<>();
    CompletableFuture<String> end = new CompletableFuture<>();
    RouteFeed.Subscription unused =
        feed.watch(node.address(), 7, map -> versions.add(map.getVersion()), end::complete);
    assertThat(versions.poll(30, TimeUnit.SECONDS)).isEqualTo(8);
    var watcher = node.watchers.element();
    watcher.onNext(GetCatalogReply.newBuilder().setVersion(9).build());
    assertThat(versions.poll(30, TimeUnit.SECONDS)).isEqualTo(9);
    watcher.onCompleted();
    assertThat(end.get(30, TimeUnit.SECONDS)).isNotEmpty();
  }

  @Test
  void aCancelledSubscriptionIsSilent() throws Exception {
    BlockingQueue<Long> versions = new LinkedBlockingQueue<>();
    CompletableFuture<String> end = new CompletableFuture<>();
    RouteFeed.Subscription subscription =
        feed.watch(node.address(), 7, map -> versions.add(map.getVersion()), end::complete);
    assertThat(versions.poll(30, TimeUnit.SECONDS)).isEqualTo(8);
    subscription.cancel();
    subscription.cancel();
    // Another question and its answer: by then the end of the first would have come, too.
    assertThat(fetch(30 * SECOND).catalog()).isNotNull();
    assertThat(end).isNotDone();
  }

  private RouteFeed.Answer fetch(long nanos) throws Exception {
    return feed.fetch(node.address(), 0, scheduler.nanoTime() + nanos).get(30, TimeUnit.SECONDS);
  }
}
