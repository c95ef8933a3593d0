package io.flotilla.router.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OpenRequestsTest {
  private final OpenRequests open = new OpenRequests();
  private final AtomicInteger asked = new AtomicInteger();
  private final Runnable stream = asked::incrementAndGet;

  @Test
  void nothingUnderWay_isDrainedAtOnce() {
    open.began();
    open.ended();
    assertThat(open.drain()).isCompleted();
  }

  @Test
  void drain_waitsForRequestsAndStreams() {
    open.began();
    open.opened(stream);
    CompletableFuture<Void> drained = open.drain();
    assertThat(asked).hasValue(1);
    open.ended();
    assertThat(drained).isNotDone();
    open.closed(stream);
    open.closed(stream);
    assertThat(drained).isCompleted();
    assertThat(open.drain()).isSameAs(drained);
  }

  @Test
  void streamThatComesWhileDraining_isAskedToEndAtOnce() {
    open.began();
    CompletableFuture<Void> drained = open.drain();
    open.opened(stream);
    assertThat(asked).hasValue(1);
    open.ended();
    assertThat(drained).isNotDone();
    open.closed(stream);
    assertThat(drained).isCompleted();
  }
}
