package io.flotilla.examples;

import io.flotilla.client.AsyncKv;
import io.flotilla.client.Batch;
import io.flotilla.client.BatchResult;
import io.flotilla.client.CallListener;
import io.flotilla.client.Counted;
import io.flotilla.client.DeletedRange;
import io.flotilla.client.Entry;
import io.flotilla.client.ErrorCode;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.FlotillaException;
import io.flotilla.client.Key;
import io.flotilla.client.KeyRange;
import io.flotilla.client.Kv;
import io.flotilla.client.Outcome;
import io.flotilla.client.Overflow;
import io.flotilla.client.Page;
import io.flotilla.client.PutAllResult;
import io.flotilla.client.ReadOptions;
import io.flotilla.client.Reading;
import io.flotilla.client.Scan;
import io.flotilla.client.Settlement;
import io.flotilla.client.Value;
import io.flotilla.client.WriteResult;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/** The Java of docs/tutorial.md, one method a chapter. */
final class Tutorial {
  private final PrintStream out;
  private final String[] endpoints;

  Tutorial(PrintStream out, String... endpoints) {
    this.out = out;
    this.endpoints = endpoints;
  }

  void run() {
    // tutorial
    FlotillaClient client =
        FlotillaClient.builder().endpoints(endpoints).timeout(Duration.ofSeconds(30)).build();
    Kv kv = client.kv();
    // end
    putAndGet(kv);
    revisions(kv);
    batches(kv);
    counters(kv);
    manyKeys(kv);
    scans(kv);
    futures(client);
    timesToLive(kv);
    consistency(kv);
    failures(kv);
    unknownOutcomes(kv);
    deadlines(kv);
    backPressure();
    listeners();
    end(client, kv);
  }

  private void putAndGet(Kv kv) {
    // tutorial
    kv.put("user/1", "Ada");

    Optional<Entry> ada = kv.get("user/1");
    out.println(ada.map(entry -> entry.value().text()).orElse("nobody"));

    Optional<Entry> none = kv.get("user/99");
    out.println(none.map(entry -> entry.value().text()).orElse("nobody"));

    // Keys and values are bytes; text is a convenience.
    kv.put(Key.of(new byte[] {0, 1, 2}), Value.of(new byte[1_000]));

    WriteResult gone = kv.getAndDelete(Key.of(new byte[] {0, 1, 2}));
    out.println("deleted " + gone.existing().orElseThrow().value().size() + " bytes");
    // end
  }

  private void revisions(Kv kv) {
    // tutorial
    Entry seen = kv.get("user/1").orElseThrow();

    WriteResult first = kv.compareAndSet("user/1", seen.revision(), "Ada Lovelace");
    WriteResult late = kv.compareAndSet("user/1", seen.revision(), "Ada Byron");
    out.println("first: " + first.applied() + ", late: " + late.applied());

    // The loser is told what is there, with the revision for the next try.
    Entry winner = late.existing().orElseThrow();
    out.println(winner.value().text() + ", newer: " + (winner.revision() > seen.revision()));

    // Revision 0 stands for "absent".
    out.println("created: " + kv.putIfAbsent("user/2", "Grace").applied());
    out.println("again: " + kv.putIfAbsent("user/2", "Grace").applied());
    // end
  }

  private void batches(Kv kv) {
    // tutorial
    Entry grace = kv.get("user/2").orElseThrow();
    Batch rename =
        Batch.empty()
            .ifRevision(grace.key(), grace.revision())
            .ifAbsent(Key.of("user/3"))
            .delete(grace.key())
            .put(Key.of("user/3"), grace.value());

    BatchResult done = kv.batch(rename);
    BatchResult again = kv.batch(rename);
    out.println("renamed: " + done.applied());
    out.println("again: " + again.applied() + ", condition " + again.failedCondition().getAsInt());
    // end
  }

  private void counters(Kv kv) {
    // tutorial
    Counted visits = kv.increment("visits", 1);
    visits = kv.increment("visits", 41);
    out.println("visits: " + visits.value());

    // An absent key counts as the third argument.
    out.println("ticket: " + kv.increment(Key.of("ticket"), 1, 1_000).value());
    // end
  }

  private void manyKeys(Kv kv) {
    // tutorial
    Map<Key, Value> events = new TreeMap<>();
    for (int i = 0; i < 10; i++) {
      events.put(Key.of("event/%02d".formatted(i)), Value.of("happened " + i));
    }
    PutAllResult written = kv.putAll(events);
    out.println("written: " + written.written().size() + ", failed: " + written.failed().size());

    Map<Key, Entry> some = kv.multiGet(List.of(Key.of("event/02"), Key.of("event/77")));
    out.println("found: " + some.size());
    // end
  }

  private void scans(Kv kv) {
    // tutorial
    try (Stream<Entry> last = kv.scan(Scan.prefix("event/").reversed().limit(3))) {
      last.forEach(event -> out.println(event.key().text() + ": " + event.value().text()));
    }
    // end
    // tutorial
    Optional<Scan> rest = Optional.of(Scan.prefix("event/").keysOnly().pageSize(4));
    while (rest.isPresent()) {
      Page page = kv.scanPage(rest.get());
      out.println("a page of " + page.entries().size());
      rest = page.next();
    }
    // end
  }

  private void futures(FlotillaClient client) {
    // tutorial
    AsyncKv async = client.async();
    CompletableFuture<WriteResult> copied =
        async
            .get(Key.of("user/1"))
            .thenCompose(user -> async.put(Key.of("copy/1"), user.orElseThrow().value()));
    out.println("copied: " + copied.join().applied());

    TenAtATime events = new TenAtATime();
    async.scanPublisher(Scan.prefix("event/")).subscribe(events);
    out.println("received: " + events.all.join().size());
    // end
  }

  // tutorial
  /** Takes ten entries, then asks for ten more. */
  static final class TenAtATime implements Flow.Subscriber<Entry> {
    final CompletableFuture<List<Entry>> all = new CompletableFuture<>();
    private final List<Entry> received = new ArrayList<>();
    private LongConsumer more = entries -> {};

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      more = subscription::request;
      more.accept(10);
    }

    @Override
    public void onNext(Entry entry) {
      received.add(entry);
      if (received.size() % 10 == 0) {
        more.accept(10);
      }
    }

    @Override
    public void onError(Throwable problem) {
      all.completeExceptionally(problem);
    }

    @Override
    public void onComplete() {
      all.complete(received);
    }
  }

  // end

  private void timesToLive(Kv kv) {
    // tutorial
    Key lock = Key.of("lock/report");
    Duration hold = Duration.ofMinutes(10);
    boolean mine = kv.putIfAbsent(lock, Value.of("worker 1"), hold).applied();
    WriteResult other = kv.putIfAbsent(lock, Value.of("worker 2"), hold);
    out.println("mine: " + mine + ", other: " + other.applied());
    out.println("ends by itself: " + kv.get(lock).orElseThrow().expiresAt().isPresent());
    // end
  }

  private void consistency(Kv kv) {
    // tutorial
    Key ada = Key.of("user/1");
    kv.get(ada); // the newest, from the leader
    kv.get(ada, ReadOptions.follower()); // as new, from any replica
    kv.get(ada, ReadOptions.stale(Duration.ofSeconds(5))); // at most five seconds old
    kv.get(ada, ReadOptions.follower().hedged(Duration.ofMillis(50))); // asks twice if slow

    Reading reading = kv.withReads(ReadOptions.stale()).inspect(ada);
    out.println("tells what it saw: " + reading.asOf().isPresent());

    Kv reports = kv.withReads(ReadOptions.follower());
    try (Stream<Entry> users = reports.scan(Scan.prefix("user/"))) {
      out.println("users: " + users.count());
    }
    // end
  }

  private void failures(Kv kv) {
    // tutorial
    try {
      kv.increment("user/1", 1);
    } catch (FlotillaException e) {
      out.println(e.code() + ", " + e.outcome());
    }
    // end
  }

  private void unknownOutcomes(Kv kv) {
    // tutorial
    Key order = Key.of("order/7");
    Value paid = Value.of("paid");
    try {
      kv.withTimeout(Duration.ofMillis(2)).put(order, paid); // much too short, on purpose
    } catch (FlotillaException e) {
      boolean written =
          switch (e.outcome()) {
            case NOT_APPLIED -> false;
            case UNKNOWN ->
                kv.settle(e.writeId().orElseThrow()).state() == Settlement.State.APPLIED;
            case REJECTED -> throw e;
          };
      if (!written) {
        kv.put(order, paid);
      }
    }
    out.println("order 7 is " + kv.get(order).orElseThrow().value().text());
    // end
  }

  private void deadlines(Kv kv) {
    // tutorial
    Kv quick = kv.withTimeout(Duration.ofSeconds(5));
    try {
      quick.get("user/1");
    } catch (FlotillaException e) {
      Duration pause = e.retryAfter(); // zero: nothing is known
      out.println("try again after " + pause);
    }
    // end
  }

  private void backPressure() {
    // tutorial
    LongAdder refused = new LongAdder();
    try (FlotillaClient small =
        FlotillaClient.builder()
            .endpoints(endpoints)
            .maxInFlightBytes(4 << 20)
            .overflow(Overflow.FAIL)
            .build()) {
      List<CompletableFuture<?>> puts = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        puts.add(
            small
                .async()
                .put(Key.of("big/" + i), Value.of(new byte[500_000]))
                .whenComplete(
                    (done, failure) -> {
                      if (failure instanceof FlotillaException e
                          && e.code() == ErrorCode.OVERLOADED
                          && e.outcome() == Outcome.NOT_APPLIED) {
                        refused.increment();
                      }
                    })
                .exceptionally(failure -> null));
      }
      puts.forEach(CompletableFuture::join);
    }
    out.println("some were refused: " + (refused.sum() > 0));
    // end
  }

  private void listeners() {
    // tutorial
    Map<String, LongAdder> calls = new ConcurrentHashMap<>();
    CallListener counting =
        new CallListener() {
          @Override
          public void ended(Call call, End end) {
            calls.computeIfAbsent(call.operation(), name -> new LongAdder()).increment();
          }
        };
    try (FlotillaClient measured =
        FlotillaClient.builder().endpoints(endpoints).callListener(counting).build()) {
      Kv traced =
          measured.kv().withTraceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
      traced.put("traced", "yes");
      traced.get("traced");
      traced.get("visits");
    }
    out.println("calls: " + new TreeMap<>(calls));
    // end
  }

  private void end(FlotillaClient client, Kv kv) {
    // tutorial
    DeletedRange events = kv.deleteRange(KeyRange.ofPrefix(Key.of("event/")));
    out.println("deleted: " + events.deleted());

    client.close();
    try {
      kv.get("user/1");
    } catch (FlotillaException e) {
      out.println(e.code() + ", " + e.outcome());
    }
    // end
  }
}
