package io.flotilla.cli.bench;

import io.flotilla.client.AsyncKv;
import io.flotilla.client.Entry;
import io.flotilla.client.Key;
import io.flotilla.client.Page;
import io.flotilla.client.Scan;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** Issues the operations of a workload, and verifies what they read. Thread-safe. */
final class Operations {
  private static final int MAX_SCANNED = 100;

  private final KeySet keys;
  private final Values values;
  private final Ledger ledger;
  private final AtomicLong inserted;

  Operations(KeySet keys, Values values, Ledger ledger) {
    this.keys = keys;
    this.values = values;
    this.ledger = ledger;
    this.inserted = new AtomicLong(keys.count());
  }

  /** Keys that are there, or are being inserted. */
  long count() {
    return inserted.get();
  }

  /** Issues one operation on a key that the chooser likes. */
  CompletableFuture<?> issue(
      OperationKind kind, KeyChooser chooser, AsyncKv kv, SplittableRandom random) {
    return switch (kind) {
      case READ -> read(kv, chooser.next(random));
      case UPDATE -> write(kv, chooser.next(random));
      case INSERT -> write(kv, inserted.getAndIncrement());
      case SCAN -> scan(kv, keys.key(chooser.next(random)), 1 + random.nextInt(MAX_SCANNED));
      case READ_MODIFY_WRITE -> {
        long number = chooser.next(random);
        yield read(kv, number).thenCompose(done -> write(kv, number));
      }
    };
  }

  CompletableFuture<?> write(AsyncKv kv, long number) {
    Key key = keys.key(number);
    return kv.put(key, values.of(key, ledger.nextVersion()))
        .thenAccept(result -> ledger.acknowledge(number, result.revision()));
  }

  private CompletableFuture<Void> read(AsyncKv kv, long number) {
    Key key = keys.key(number);
    long acknowledged = ledger.acknowledged(number);
    return kv.get(key)
        .thenAccept(
            found ->
                found.ifPresentOrElse(
                    entry -> ledger.found(entry, acknowledged),
                    () -> ledger.absent(key, acknowledged)));
  }

  private CompletableFuture<Void> scan(AsyncKv kv, Key start, int limit) {
    return kv.scan(Scan.range(keys.from(start)).limit(limit))
        .thenCompose(page -> rest(kv, page, start, limit));
  }

  /** A scan can go over several pages; its keys ascend. */
  private CompletableFuture<Void> rest(AsyncKv kv, Page page, Key from, int limit) {
    Key last = from;
    for (Entry entry : page.entries()) {
      if (entry.key().compareTo(last) < 0) {
        ledger.wrong(entry.key(), "out of the order of the scan");
      }
      last = entry.key();
      ledger.found(entry, 0);
    }
    int left = limit - page.entries().size();
    if (left <= 0 || page.next().isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    Key after = last;
    return kv.scan(page.next().get()).thenCompose(next -> rest(kv, next, after, left));
  }
}
