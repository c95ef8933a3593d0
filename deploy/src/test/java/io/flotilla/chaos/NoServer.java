package io.flotilla.chaos;

import io.flotilla.cli.HostPort;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.FlotillaException;
import io.flotilla.client.Key;
import io.flotilla.client.Kv;
import io.flotilla.client.Outcome;
import io.flotilla.client.Value;
import io.flotilla.server.local.JavaCommand;
import io.flotilla.server.local.NodeProcess;
import io.flotilla.server.local.NodeSpec;
import io.flotilla.server.local.Ports;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;

/** What a client says that was there before its server, call by call. */
final class NoServer {
  private static final int ANSWERED_CALLS = 5;
  private static final int MOST_CALLS = 200;
  private static final Duration SLACK = Duration.ofMillis(500);

  /**
   * What is done.
   *
   * @param deadline of each call
   * @param serverAfter the server is started after this time
   */
  record Plan(Duration deadline, Duration serverAfter) {}

  /**
   * A call.
   *
   * @param beganNanos since the client was made
   * @param tookNanos how long it took
   * @param call its name
   * @param said how it ended
   * @param answered whether it ended well
   * @param uncertain whether a write may have happened
   */
  record Row(
      long beganNanos,
      long tookNanos,
      String call,
      String said,
      boolean answered,
      boolean uncertain) {}

  /**
   * All of it.
   *
   * @param startedNanos when the process of the server was started, since the client was made
   */
  record Result(Plan plan, long startedNanos, List<Row> rows) {
    /** Calls end by their deadline, none is uncertain before a server, and at last they succeed. */
    boolean holds() {
      long longest = plan.deadline().plus(SLACK).toNanos();
      boolean inTime = rows.stream().allMatch(row -> row.tookNanos() <= longest);
      boolean certain =
          rows.stream()
              .noneMatch(
                  row -> row.uncertain() && row.beganNanos() + row.tookNanos() < startedNanos);
      long answered = rows.stream().filter(Row::answered).count();
      boolean refused = rows.stream().anyMatch(row -> !row.answered());
      return inTime && certain && refused && answered == ANSWERED_CALLS;
    }
  }

  private final Plan plan;
  private final LongSupplier nanoClock;
  private final NodeProcess node;
  private final List<Row> rows = new ArrayList<>();

  NoServer(Plan plan, JavaCommand java, Path directory, LongSupplier nanoClock) {
    this.plan = plan;
    this.nanoClock = nanoClock;
    HostPort address = new HostPort("127.0.0.1", Ports.free(1).get(0));
    NodeSpec spec = new NodeSpec("node1", address, directory, List.of(), Map.of());
    this.node = new NodeProcess(spec, java, ended -> {});
  }

  Result run() throws InterruptedException {
    long started = Long.MAX_VALUE;
    try (FlotillaClient client =
        FlotillaClient.builder()
            .endpoints(node.spec().address().toString())
            .timeout(plan.deadline())
            .build()) {
      long begin = nanoClock.getAsLong();
      int answered = 0;
      for (int i = 0; answered < ANSWERED_CALLS && i < MOST_CALLS; i++) {
        if (!node.alive() && nanoClock.getAsLong() - begin >= plan.serverAfter().toNanos()) {
          started = nanoClock.getAsLong() - begin;
          node.start();
        }
        Row row = call(client.kv(), i, begin);
        rows.add(row);
        answered += row.answered() ? 1 : 0;
      }
      return new Result(plan, started, List.copyOf(rows));
    } finally {
      node.kill();
    }
  }

  private Row call(Kv kv, int number, long begin) {
    long start = nanoClock.getAsLong();
    boolean write = number % 2 == 0;
    String call = write ? "put" : "get";
    try {
      if (write) {
        var unused = kv.put(Key.of("greeting"), Value.of("hello " + number));
      } else {
        var unused = kv.get(Key.of("greeting"));
      }
      return new Row(start - begin, nanoClock.getAsLong() - start, call, "answered", true, false);
    } catch (FlotillaException e) {
      String said = "%s, %s: %s".formatted(e.code(), e.outcome(), e.getMessage());
      return new Row(
          start - begin,
          nanoClock.getAsLong() - start,
          call,
          said,
          false,
          e.outcome() == Outcome.UNKNOWN);
    }
  }

  /** For people. */
  static String text(Result result) {
    StringBuilder out =
        new StringBuilder(
            String.format(Locale.ROOT, "%8s  %-4s %8s  %s%n", "BEGAN s", "CALL", "TOOK s", "SAID"));
    boolean told = false;
    for (Row row : result.rows()) {
      if (!told && row.beganNanos() >= result.startedNanos()) {
        out.append(
            String.format(
                Locale.ROOT, "%8.2f  a server is started%n", result.startedNanos() / 1e9));
        told = true;
      }
      out.append(
          String.format(
              Locale.ROOT,
              "%8.2f  %-4s %8.2f  %s%n",
              row.beganNanos() / 1e9,
              row.call(),
              row.tookNanos() / 1e9,
              row.said()));
    }
    return out.toString();
  }
}
