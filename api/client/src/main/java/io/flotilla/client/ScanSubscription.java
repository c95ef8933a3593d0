package io.flotilla.client;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One subscriber of a scan, by the rules of Reactive Streams 1.0.4 (cited as §). Nothing is read
 * before something is requested; then one page is read ahead of the one that is handed out.
 *
 * <p>All signals come from one loop, which runs on the executor of callbacks and never twice at a
 * time (§1.3); whoever has news for it only rings. So {@code request} neither blocks (§3.4) nor
 * recurs (§3.3).
 */
final class ScanSubscription implements Flow.Subscription {
  private static final Logger LOG = LoggerFactory.getLogger(ScanSubscription.class);

  private final AsyncKvImpl kv;
  private final AtomicLong demand = new AtomicLong();
  private final AtomicInteger rings = new AtomicInteger();

  private volatile boolean ended;
  private volatile boolean badRequest;

  /** The page that is being read; the loop begins the next one only when this one was taken. */
  private volatile @Nullable CompletableFuture<Page> reading;

  // Of the loop alone.
  private Flow.@Nullable Subscriber<? super Entry> subscriber;
  private Optional<Scan> rest;
  private final ArrayDeque<Entry> page = new ArrayDeque<>();

  ScanSubscription(AsyncKvImpl kv, Scan scan, Flow.Subscriber<? super Entry> subscriber) {
    this.kv = kv;
    this.rest = Optional.of(scan);
    this.subscriber = subscriber;
  }

  @Override
  public void request(long number) {
    if (number <= 0) {
      badRequest = true;
    } else {
      demand.accumulateAndGet(number, ScanSubscription::capped);
    }
    ring();
  }

  /** So much that it never ends (§3.17). */
  private static long capped(long a, long b) {
    long sum = a + b;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }

  @Override
  public void cancel() {
    ended = true;
    CompletableFuture<Page> open = reading;
    if (open != null) {
      open.cancel(false);
    }
    ring();
  }

  private void ring() {
    if (rings.getAndIncrement() == 0) {
      kv.handOut(this::loop);
    }
  }

  private void loop() {
    int seen = 1;
    do {
      try {
        handOn();
      } catch (RuntimeException e) {
        // A subscriber that throws has broken §2.13: it is as if it had cancelled.
        LOG.warn("The subscriber of a scan failed; it gets no more entries", e);
        ended = true;
      }
      if (ended) {
        // Let go of it (§3.13).
        subscriber = null;
        page.clear();
        rest = Optional.empty();
      }
      seen = rings.addAndGet(-seen);
    } while (seen > 0);
  }

  private void handOn() {
    Flow.Subscriber<? super Entry> to = subscriber;
    while (!ended && to != null) {
      if (badRequest) {
        ended = true;
        to.onError(new IllegalArgumentException("§3.9: more than 0 entries must be requested"));
        return;
      }
      if (demand.get() == 0) {
        return;
      }
      if (reading == null && rest.isPresent()) {
        read(rest.get());
      }
      if (!page.isEmpty()) {
        to.onNext(page.remove());
        if (demand.get() != Long.MAX_VALUE) {
          demand.decrementAndGet();
        }
        endIfDone(to);
      } else if (!takePage(to)) {
        return;
      }
    }
  }

  private void read(Scan scan) {
    CompletableFuture<Page> answer = kv.scan(scan);
    reading = answer;
    if (ended) {
      answer.cancel(false);
    }
    var unused = answer.whenComplete((value, failure) -> ring());
  }

  /** False: nothing to go on with. */
  private boolean takePage(Flow.Subscriber<? super Entry> to) {
    CompletableFuture<Page> open = reading;
    if (open == null) {
      endIfDone(to);
      return false;
    }
    if (!open.isDone()) {
      return false;
    }
    Page read;
    try {
      read = open.join();
    } catch (CompletionException e) {
      ended = true;
      to.onError(e.getCause() == null ? e : e.getCause());
      return false;
    }
    reading = null;
    page.addAll(read.entries());
    rest = read.next();
    endIfDone(to);
    return true;
  }

  private void endIfDone(Flow.Subscriber<? super Entry> to) {
    if (!ended && page.isEmpty() && reading == null && rest.isEmpty()) {
      ended = true;
      to.onComplete();
    }
  }
}
