package io.flotilla.client;

import java.util.Objects;
import java.util.concurrent.Flow;

/** The entries of a scan, read anew for each subscriber. */
final class ScanPublisher implements Flow.Publisher<Entry> {
  private final AsyncKvImpl kv;
  private final Scan scan;

  ScanPublisher(AsyncKvImpl kv, Scan scan) {
    this.kv = kv;
    this.scan = scan;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super Entry> subscriber) {
    Objects.requireNonNull(subscriber, "subscriber");
    ScanSubscription subscription = new ScanSubscription(kv, scan, subscriber);
    subscriber.onSubscribe(subscription);
  }
}
