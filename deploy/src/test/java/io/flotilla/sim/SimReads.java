package io.flotilla.sim;

import static io.flotilla.sim.SimCaller.bytes;
import static io.flotilla.sim.SimCaller.payload;
import static io.flotilla.sim.SimCaller.revision;
import static io.flotilla.sim.SimCaller.text;

import io.flotilla.contract.v1.Consistency;
import io.flotilla.contract.v1.Context;
import io.flotilla.contract.v1.GetReply;
import io.flotilla.contract.v1.GetRequest;
import io.flotilla.contract.v1.KeyRange;
import io.flotilla.contract.v1.MultiGetRequest;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.Row;
import io.flotilla.contract.v1.ScanReply;
import io.flotilla.contract.v1.ScanRequest;
import io.flotilla.history.History;
import io.flotilla.history.Operation.Kind;
import io.flotilla.sim.invariants.Oracle;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** The reads of a client, each a call of the history; what comes then is told with each. */
final class SimReads {
  private static final int LOOSEST_BOUND_MILLIS = 1_000;

  private final SimCaller caller;
  private final SplittableRandom random;
  private final History history;
  private final Coverage coverage;
  private final Oracle oracle;
  private final List<String> keys;

  SimReads(SimCaller caller) {
    this.caller = caller;
    this.random = caller.random();
    this.history = caller.history();
    this.coverage = caller.coverage();
    this.oracle = caller.oracle();
    this.keys = caller.keys();
  }

  /** Reads one key, from the leader or from any replica. */
  void read(String key, boolean leader, Runnable then) {
    String kind = leader ? "reads" : "follower reads";
    History.Call call = history.invoke(caller.historyProcess(), Kind.READ, key, null, -1);
    long floor = oracle.readBegins(payload(key));
    Context.Builder context =
        Context.newBuilder()
            .setConsistency(
                leader ? Consistency.CONSISTENCY_LINEARIZABLE : Consistency.CONSISTENCY_FOLLOWER);
    get(
        key,
        context,
        reply -> {
          if (reply.hasError()) {
            coverage.count(kind + " failed");
            call.fail(reply.getError().getCode().name());
          } else {
            coverage.count(kind);
            oracle.readEnds(payload(key), floor, Math.max(0, revision(reply.getGet())));
            caller.saw(key, reply.getGet().getRevision());
            call.ok(text(reply.getGet()), revision(reply.getGet()));
          }
          then.run();
        });
  }

  /** Reads what may be old, mostly within a bound. */
  void readStale(String key, Runnable then) {
    int bound = random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(LOOSEST_BOUND_MILLIS);
    History.Call call =
        history.invokeStaleRead(
            caller.historyProcess(), key, bound == 0 ? Long.MAX_VALUE : bound * World.MILLIS);
    Context.Builder context =
        Context.newBuilder()
            .setConsistency(Consistency.CONSISTENCY_STALE)
            .setMaxStalenessMillis(bound);
    get(
        key,
        context,
        reply -> {
          if (reply.hasError()) {
            coverage.count("stale reads failed");
            call.fail(reply.getError().getCode().name());
          } else {
            coverage.count("stale reads");
            call.ok(text(reply.getGet()), revision(reply.getGet()));
          }
          then.run();
        });
  }

  private void get(String key, Context.Builder context, Consumer<Reply> then) {
    caller.call(
        Request.newBuilder()
            .setContext(context.setTimeoutMillis(SimCaller.TIMEOUT_MILLIS))
            .setGet(GetRequest.newBuilder().setKey(bytes(key))),
        reply -> {
          if (reply.getGet().hasAsOf()) {
            oracle.answered(payload(key), reply.getGet().getAsOf());
          }
          then.accept(reply);
        });
  }

  /** Several keys at once, wherever they are. */
  void multiGet(Runnable then) {
    int first = random.nextInt(keys.size());
    int step = 1 + random.nextInt(3);
    List<String> some =
        IntStream.rangeClosed(0, 2)
            .mapToObj(i -> keys.get((first + i * step) % keys.size()))
            .distinct()
            .toList();
    KeyReads reads = new KeyReads(history, oracle, caller.nextProcess(), some);
    MultiGetRequest.Builder request = MultiGetRequest.newBuilder();
    some.forEach(key -> request.addKeys(bytes(key)));
    caller.call(
        reading().setMultiGet(request),
        reply -> {
          if (!reply.hasError()) {
            coverage.count("multi-gets");
            List<GetReply> values = reply.getMultiGet().getValuesList();
            for (int i = 0; i < some.size(); i++) {
              reads.saw(some.get(i), text(values.get(i)), revision(values.get(i)));
            }
          }
          reads.endRest(reply.getError().getCode().name());
          then.run();
        });
  }

  /** One page, over as many shards as it goes. */
  void scan(Runnable then) {
    KeyReads reads = new KeyReads(history, oracle, caller.nextProcess(), keys);
    boolean reverse = random.nextBoolean();
    ScanRequest.Builder request =
        ScanRequest.newBuilder()
            .setRange(KeyRange.newBuilder().setStart(bytes(keys.get(0))))
            .setReverse(reverse)
            .setLimit(1 + random.nextInt(2 * keys.size()));
    caller.call(
        reading().setScan(request),
        reply -> {
          if (!reply.hasError()) {
            coverage.count("scans");
            sawPage(reads, reply.getScan(), reverse);
          }
          reads.endRest(reply.hasError() ? reply.getError().getCode().name() : "ON_ANOTHER_PAGE");
          then.run();
        });
  }

  private void sawPage(KeyReads reads, ScanReply page, boolean reverse) {
    Map<String, Row> rows = new TreeMap<>();
    page.getRowsList().forEach(row -> rows.put(row.getKey().toStringUtf8(), row));
    if (rows.size() < page.getRowsCount()) {
      caller.world().fault("a page has a key twice: " + page);
    }
    for (String key : keys) {
      KeyRange left = page.getNext();
      boolean isLeft =
          page.hasNext()
              && (reverse
                  ? left.getEnd().isEmpty() || key.compareTo(left.getEnd().toStringUtf8()) < 0
                  : key.compareTo(left.getStart().toStringUtf8()) >= 0);
      Row row = rows.remove(key);
      if (row != null) {
        reads.saw(key, row.getValue().toStringUtf8(), row.getRevision());
      } else if (!isLeft) {
        reads.saw(key, null, -1);
      }
    }
    SimClient.COUNTERS.forEach(rows::remove);
    if (!rows.isEmpty()) {
      caller.world().fault("a page has keys that nobody wrote: " + rows.keySet());
    }
  }

  private Request.Builder reading() {
    Consistency consistency =
        random.nextBoolean()
            ? Consistency.CONSISTENCY_LINEARIZABLE
            : Consistency.CONSISTENCY_FOLLOWER;
    return Request.newBuilder()
        .setContext(
            Context.newBuilder()
                .setTimeoutMillis(SimCaller.TIMEOUT_MILLIS)
                .setConsistency(consistency));
  }
}
