package io.flotilla.client;

import static io.flotilla.client.Tests.await;
import static io.flotilla.client.Tests.key;
import static io.flotilla.client.Tests.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.contract.v1.Request;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The rules of Reactive Streams 1.0.4 that a publisher must keep, by their numbers. */
class ScanPublisherTest {
  private static final int KEYS = 95;

  private FakeCluster cluster;
  private FlotillaClient client;

  @BeforeEach
  void start() throws IOException {
    cluster = new FakeCluster(1);
    cluster.split("k50");
    client = cluster.client().build();
    for (int i = 0; i < KEYS; i++) {
      client.kv().put("k" + (100 + i), "" + i);
    }
  }

  @AfterEach
  void stop() {
    client.close();
    cluster.close();
  }

  /** Notes what it gets; requests only what it is told to. */
  private static class Probe implements Flow.Subscriber<Entry> {
    final BlockingQueue<String> got = new LinkedBlockingQueue<>();
    final CompletableFuture<String> end = new CompletableFuture<>();
    Flow.@Nullable Subscription subscription;

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
    }

    @Override
    public void onNext(Entry entry) {
      got.add(entry.key().text());
    }

    @Override
    public void onError(Throwable failure) {
      end.complete(failure.getClass().getSimpleName() + ": " + failure.getMessage());
    }

    @Override
    public void onComplete() {
      end.complete("complete");
    }

    void request(long number) {
      if (subscription == null) {
        throw new AssertionError("§1.9: onSubscribe comes first");
      }
      subscription.request(number);
    }

    void cancel() {
      if (subscription != null) {
        subscription.cancel();
      }
    }

    List<String> take(int number) throws InterruptedException {
      List<String> taken = new ArrayList<>();
      for (int i = 0; i < number; i++) {
        String next = got.poll(Tests.PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(next).as("entry %s", i).isNotNull();
        taken.add(next);
      }
      return taken;
    }
  }

  private Probe subscribe(Scan scan) {
    Probe probe = new Probe();
    client.async().scanPublisher(scan).subscribe(probe);
    return probe;
  }

  @Test
  void givesEveryKeyOnceOverTheEndsOfPagesAndShards() throws Exception {
    for (int pageSize : new int[] {1, 7, 19, 1_000}) {
      Probe probe = subscribe(Scan.all().pageSize(pageSize));
      probe.request(Long.MAX_VALUE);
      probe.request(Long.MAX_VALUE);
      assertThat(await(probe.end)).as("§3.17").isEqualTo("complete");
      assertThat(probe.got).containsExactlyElementsOf(keys(0, KEYS));
    }
  }

  @Test
  void givesNoMoreThanWasRequested() throws Exception {
    Probe probe = subscribe(Scan.all().pageSize(10));
    probe.request(3);
    assertThat(probe.take(3)).isEqualTo(keys(0, 3));
    probe.request(1);
    probe.request(2);
    assertThat(probe.take(3)).isEqualTo(keys(3, 6));
    settle();
    assertThat(probe.got).as("§1.1").isEmpty();
    assertThat(probe.end).isNotDone();
    assertThat(scans()).as("one page ahead at most").isLessThanOrEqualTo(2);
    probe.request(KEYS);
    assertThat(await(probe.end)).isEqualTo("complete");
    assertThat(probe.take(KEYS - 6)).isEqualTo(keys(6, KEYS));
  }

  @Test
  void readsNothingBeforeItIsAsked() {
    Probe probe = subscribe(Scan.all());
    settle();
    assertThat(scans()).isZero();
    assertThat(probe.end).isNotDone();
  }

  @Test
  void completesOfItselfWithTheLastEntry() throws Exception {
    Probe exact = subscribe(Scan.all().limit(5));
    exact.request(5);
    assertThat(await(exact.end)).as("§1.5").isEqualTo("complete");
    assertThat(exact.got).hasSize(5);
    Probe empty = subscribe(Scan.prefix("nothing"));
    empty.request(1);
    assertThat(await(empty.end)).isEqualTo("complete");
    assertThat(empty.got).isEmpty();
  }

  @Test
  void stopsAtACancel() throws Exception {
    Probe probe =
        new Probe() {
          private int entries;

          @Override
          public void onNext(Entry entry) {
            super.onNext(entry);
            if (++entries == 4) {
              cancel();
              cancel();
              request(10);
              request(-1);
            }
          }
        };
    client.async().scanPublisher(Scan.all().pageSize(2)).subscribe(probe);
    probe.request(50);
    assertThat(probe.take(4)).isEqualTo(keys(0, 4));
    settle();
    assertThat(probe.got).as("§1.8, §3.5 to §3.7").isEmpty();
    assertThat(probe.end).isNotDone();
    assertThat(scans()).isLessThan(5);
  }

  @Test
  void refusesARequestOfNothing() throws Exception {
    for (long number : new long[] {0, -1, Long.MIN_VALUE}) {
      Probe probe = subscribe(Scan.all());
      probe.request(number);
      assertThat(await(probe.end)).startsWith("IllegalArgumentException: §3.9");
      probe.request(1);
      settle();
      assertThat(probe.got).as("§1.7").isEmpty();
    }
  }

  @Test
  void requestsFromOnNextDoNotRecur() throws Exception {
    Probe probe =
        new Probe() {
          private boolean inside;

          @Override
          public void onNext(Entry entry) {
            assertThat(inside).as("§1.3, §3.3").isFalse();
            inside = true;
            super.onNext(entry);
            request(1);
            inside = false;
          }
        };
    client.async().scanPublisher(Scan.all().pageSize(10)).subscribe(probe);
    probe.request(1);
    assertThat(await(probe.end)).isEqualTo("complete");
    assertThat(probe.got).hasSize(KEYS);
  }

  @Test
  void aFailureEndsIt() throws Exception {
    Probe probe = subscribe(Scan.all().pageSize(10));
    probe.request(1);
    assertThat(probe.take(1)).hasSize(1);
    client.close();
    probe.request(KEYS);
    assertThat(await(probe.end)).as("§1.4").startsWith("FlotillaException: ");
  }

  @Test
  void eachSubscriberGetsAScanOfItsOwn() throws Exception {
    Flow.Publisher<Entry> publisher = client.async().scanPublisher(Scan.all());
    Probe first = new Probe();
    Probe second = new Probe();
    publisher.subscribe(first);
    publisher.subscribe(second);
    first.request(Long.MAX_VALUE);
    assertThat(await(first.end)).isEqualTo("complete");
    client.kv().put("k999", "new");
    second.request(Long.MAX_VALUE);
    assertThat(await(second.end)).isEqualTo("complete");
    assertThat(second.got).hasSize(first.got.size() + 1);
    assertThatThrownBy(() -> publisher.subscribe(null))
        .as("§1.9")
        .isInstanceOf(NullPointerException.class);
  }

  @Test
  void aSubscriberThatThrowsGetsNoMore() throws Exception {
    CompletableFuture<Void> thrown = new CompletableFuture<>();
    Probe probe =
        new Probe() {
          @Override
          public void onNext(Entry entry) {
            super.onNext(entry);
            thrown.complete(null);
            throw new IllegalStateException("on purpose");
          }
        };
    client.async().scanPublisher(Scan.all()).subscribe(probe);
    probe.request(10);
    await(thrown);
    settle();
    assertThat(probe.got).hasSize(1);
  }

  /** What was rung before has been heard: a read that comes after it has ended. */
  private void settle() {
    for (int i = 0; i < 20; i++) {
      assertThat(client.async().get(key("k100")).thenApply(entry -> value("heard")).join())
          .isNotNull();
    }
  }

  private long scans() {
    return cluster.node(1).count(Request::hasScan);
  }

  private static List<String> keys(int from, int to) {
    List<String> keys = new ArrayList<>();
    for (int i = from; i < to; i++) {
      keys.add("k" + (100 + i));
    }
    return keys;
  }
}
