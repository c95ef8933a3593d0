package io.flotilla.cli;

import io.flotilla.cli.format.KeyValue;
import io.flotilla.cli.format.MalformedRecordException;
import io.flotilla.cli.format.RecordReader;
import io.flotilla.client.AsyncKv;
import io.flotilla.client.Key;
import io.flotilla.client.Value;
import io.flotilla.client.WriteResult;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the records of a file with many puts under way. A put that was acknowledged is durable;
 * running the import again does no harm.
 */
final class Importer {
  private static final int MAX_RECORDS_IN_FLIGHT = 2_048;
  private static final long MAX_BYTES_IN_FLIGHT = 16L << 20;

  private final AsyncKv kv;
  private final boolean stopOnError;
  private final Problems problems;
  private final InFlight inFlight = new InFlight(MAX_RECORDS_IN_FLIGHT, MAX_BYTES_IN_FLIGHT);
  private final AtomicLong written = new AtomicLong();
  private final AtomicLong malformed = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();

  /**
   * An importer for one file.
   *
   * @param stopOnError whether the first problem ends it
   * @param problems hears of each line that was left out
   */
  Importer(AsyncKv kv, boolean stopOnError, Problems problems) {
    this.kv = kv;
    this.stopOnError = stopOnError;
    this.problems = problems;
  }

  /** Hears of lines that were left out; thread-safe. */
  @FunctionalInterface
  interface Problems {
    /** A line was left out. */
    void report(long line, String reason);
  }

  /**
   * What an import did.
   *
   * @param written records that were acknowledged
   * @param malformed lines that held no record
   * @param failed records whose put failed
   */
  record Summary(long written, long malformed, long failed) {
    boolean complete() {
      return malformed == 0 && failed == 0;
    }
  }

  /** Reads to the end, or to the first problem; then waits for what is under way. */
  Summary run(RecordReader reader, LongConsumer progress) throws IOException, InterruptedException {
    try {
      boolean more = true;
      while (more && !stopped()) {
        more = next(reader);
        progress.accept(written.get());
      }
    } finally {
      inFlight.awaitEmpty();
    }
    return new Summary(written.get(), malformed.get(), failed.get());
  }

  private boolean stopped() {
    return stopOnError && (malformed.get() > 0 || failed.get() > 0);
  }

  private boolean next(RecordReader reader) throws IOException, InterruptedException {
    try {
      KeyValue record = reader.next();
      if (record == null) {
        return false;
      }
      put(record, reader.line());
    } catch (MalformedRecordException e) {
      malformed.incrementAndGet();
      problems.report(e.line(), String.valueOf(e.getMessage()));
    }
    return true;
  }

  private void put(KeyValue record, long line) throws InterruptedException {
    Key key = Key.of(record.key().toByteArray());
    Value value = Value.of(record.value().toByteArray());
    long size = (long) key.size() + value.size();
    inFlight.enter(key, size);
    CompletableFuture<?> unused =
        send(key, value)
            .whenComplete(
                (result, failure) -> {
                  count(line, failure);
                  inFlight.leave(key, size);
                });
  }

  /** A put that cannot even be sent fails like any other, so that what it took is given back. */
  private CompletableFuture<WriteResult> send(Key key, Value value) {
    try {
      return kv.put(key, value);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void count(long line, @Nullable Throwable failure) {
    if (failure == null) {
      written.incrementAndGet();
      return;
    }
    failed.incrementAndGet();
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    problems.report(line, "could not be written: " + cause.getMessage());
  }
}
