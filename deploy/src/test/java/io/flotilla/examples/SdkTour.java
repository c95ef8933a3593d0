package io.flotilla.examples;

import io.flotilla.client.Batch;
import io.flotilla.client.Entry;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.Key;
import io.flotilla.client.Kv;
import io.flotilla.client.Scan;
import io.flotilla.client.Value;
import java.io.PrintStream;
import java.util.Optional;
import java.util.stream.Stream;

/** A first walk through the Java client. */
final class SdkTour {
  private SdkTour() {}

  static void run(PrintStream out, String... endpoints) {
    // README begins
    try (FlotillaClient client = FlotillaClient.connect(endpoints)) {
      Kv kv = client.kv();
      kv.put("user/1", "Ada");
      kv.put("user/2", "Grace");

      // Every read carries the revision of the write that made the value.
      Entry ada = kv.get("user/1").orElseThrow();
      out.println(ada.value().text() + " at revision " + ada.revision());

      // Write only if nobody wrote since: a lost race is an answer, not an exception.
      boolean won = kv.compareAndSet("user/1", ada.revision(), "Ada Lovelace").applied();
      boolean again = kv.compareAndSet("user/1", ada.revision(), "Ada Byron").applied();
      out.println("first: " + won + ", second: " + again);

      // All or nothing, for keys of one shard.
      Batch batch =
          Batch.empty()
              .ifAbsent(Key.of("user/3"))
              .put(Key.of("user/3"), Value.of("Edsger"))
              .delete(Key.of("user/2"));
      out.println("batch applied: " + kv.batch(batch).applied());

      // Scans go over any number of shards, forwards or backwards, a page at a time.
      try (Stream<Entry> users = kv.scan(Scan.prefix("user/").reversed())) {
        users.forEach(user -> out.println(user.key().text() + " = " + user.value().text()));
      }

      // The same with futures.
      Optional<Entry> found = client.async().get(Key.of("user/3")).join();
      out.println("found: " + found.isPresent());
    }
    // README ends
  }
}
