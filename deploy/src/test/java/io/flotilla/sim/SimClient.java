package io.flotilla.sim;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.BatchRequest;
import io.flotilla.contract.v1.CompareAndSetRequest;
import io.flotilla.contract.v1.Condition;
import io.flotilla.contract.v1.Consistency;
import io.flotilla.contract.v1.Context;
import io.flotilla.contract.v1.DeleteRequest;
import io.flotilla.contract.v1.GetReply;
import io.flotilla.contract.v1.GetRequest;
import io.flotilla.contract.v1.IncrementRequest;
import io.flotilla.contract.v1.KeyRange;
import io.flotilla.contract.v1.MultiGetRequest;
import io.flotilla.contract.v1.Mutation;
import io.flotilla.contract.v1.Outcome;
import io.flotilla.contract.v1.PutRequest;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.Row;
import io.flotilla.contract.v1.ScanReply;
import io.flotilla.contract.v1.ScanRequest;
import io.flotilla.history.History;
import io.flotilla.history.Operation.Kind;
import io.flotilla.raft.Payload;
import io.flotilla.router.NodeAddress;
import io.flotilla.router.Router;
import io.flotilla.sim.invariants.Oracle;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A client that makes one call after the other, through the router that the Java client uses. */
final class SimClient {
  /** Keys that are only added to, among the others. */
  static final List<String> COUNTERS = List.of("k0+", "k5+");

  private static final int TIMEOUT_MILLIS = 4_000;
  private static final long LONGEST_PAUSE_NANOS = 30 * World.MILLIS;
  private static final int LOOSEST_BOUND_MILLIS = 1_000;
  private static final int SESSION_RANDOM_BITS = 22;

  private final World world;
  private final SimProcess process;
  private final SplittableRandom random;
  private final Router router;
  private final History history;
  private final Coverage coverage;
  private final Oracle oracle;
  private final List<String> keys;
  private final Supplier<Integer> nextProcess;
  private final Map<String, Long> revisions = new HashMap<>();
  private int historyProcess;
  private long session;
  private long sequence;
  private int written;
  private boolean working = true;
  private boolean busy;

  SimClient(
      int place,
      World world,
      SimNetwork network,
      Parts parts,
      List<String> keys,
      Supplier<Integer> nextProcess) {
    this.world = world;
    this.process = new SimProcess(world, "c" + place);
    this.random = process.random();
    this.history = parts.history();
    this.coverage = parts.coverage();
    this.oracle = parts.oracle();
    this.keys = keys;
    this.nextProcess = nextProcess;
    this.router =
        Router.forClient(
            new SimRouting(place, process, network, parts.nodes()).parts(),
            parts.seeds().stream().map(SimRouting::address).map(NodeAddress::parse).toList());
    router.start();
    renew();
  }

  /**
   * What clients share.
   *
   * @param history of calls that must be linearizable
   * @param oracle sees what they are told
   * @param nodes who serves at a place
   * @param seeds places to begin with
   */
  record Parts(
      History history,
      Coverage coverage,
      Oracle oracle,
      java.util.function.IntFunction<java.util.Optional<SimNode.Serving>> nodes,
      List<Integer> seeds) {}

  private void renew() {
    historyProcess = nextProcess.get();
    session =
        ((1_780_000_000_000L + world.now() / World.MILLIS) << SESSION_RANDOM_BITS)
            | random.nextInt(1 << SESSION_RANDOM_BITS);
    sequence = 0;
  }

  Router router() {
    return router;
  }

  /** No more calls after the one that is open. */
  void stop() {
    working = false;
  }

  boolean isIdle() {
    return !busy && !working;
  }

  void work() {
    process.after(random.nextLong(LONGEST_PAUSE_NANOS), "think", this::next);
  }

  private void next() {
    if (!working) {
      return;
    }
    String key = keys.get(random.nextInt(keys.size()));
    switch (random.nextInt(17)) {
      case 0, 1, 2 -> read(key, true);
      case 3 -> readStale(key);
      case 4 -> write(Kind.DELETE, key, null, -1);
      case 5, 6 -> write(Kind.CAS, key, value(), revisions.getOrDefault(key, 0L));
      case 7 -> writeIfAbsent(key);
      case 8 -> multiGet();
      case 9 -> scan();
      case 10 -> writeTwo(key);
      case 11, 12 -> count(COUNTERS.get(random.nextInt(COUNTERS.size())));
      case 13 -> read(COUNTERS.get(random.nextInt(COUNTERS.size())), true);
      default -> write(Kind.WRITE, key, value(), -1);
    }
  }

  private String value() {
    return historyProcess + "-" + ++written;
  }

  /** Reads one key as part of the history; then goes on working, if asked to. */
  void read(String key, boolean goOn) {
    busy = true;
    boolean leader = !goOn || random.nextBoolean();
    String kind = leader ? "reads" : "follower reads";
    History.Call call = history.invoke(historyProcess, Kind.READ, key, null, -1);
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
            revisions.put(key, reply.getGet().getRevision());
            call.ok(text(reply.getGet()), revision(reply.getGet()));
          }
          if (goOn) {
            work();
          }
        });
  }

  /** Reads what may be old, mostly within a bound. */
  private void readStale(String key) {
    busy = true;
    int bound = random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(LOOSEST_BOUND_MILLIS);
    History.Call call =
        history.invokeStaleRead(
            historyProcess, key, bound == 0 ? Long.MAX_VALUE : bound * World.MILLIS);
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
          work();
        });
  }

  private void get(String key, Context.Builder context, Consumer<Reply> then) {
    call(
        Request.newBuilder()
            .setContext(context.setTimeoutMillis(TIMEOUT_MILLIS))
            .setGet(GetRequest.newBuilder().setKey(bytes(key))),
        reply -> {
          if (reply.getGet().hasAsOf()) {
            oracle.answered(payload(key), reply.getGet().getAsOf());
          }
          then.accept(reply);
        });
  }

  private void call(Request.Builder request, Consumer<Reply> then) {
    busy = true;
    var unused =
        router
            .dispatcher()
            .dispatch(request.build())
            .thenAccept(
                reply -> {
                  busy = false;
                  then.accept(reply);
                });
  }

  /** Several keys at once, wherever they are. */
  private void multiGet() {
    int first = random.nextInt(keys.size());
    int step = 1 + random.nextInt(3);
    List<String> some =
        IntStream.rangeClosed(0, 2)
            .mapToObj(i -> keys.get((first + i * step) % keys.size()))
            .distinct()
            .toList();
    KeyReads reads = new KeyReads(history, oracle, nextProcess, some);
    MultiGetRequest.Builder request = MultiGetRequest.newBuilder();
    some.forEach(key -> request.addKeys(bytes(key)));
    call(
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
          work();
        });
  }

  /** One page, over as many shards as it goes. */
  private void scan() {
    KeyReads reads = new KeyReads(history, oracle, nextProcess, keys);
    boolean reverse = random.nextBoolean();
    ScanRequest.Builder request =
        ScanRequest.newBuilder()
            .setRange(KeyRange.newBuilder().setStart(bytes(keys.get(0))))
            .setReverse(reverse)
            .setLimit(1 + random.nextInt(2 * keys.size()));
    call(
        reading().setScan(request),
        reply -> {
          if (!reply.hasError()) {
            coverage.count("scans");
            sawPage(reads, reply.getScan(), reverse);
          }
          reads.endRest(reply.hasError() ? reply.getError().getCode().name() : "ON_ANOTHER_PAGE");
          work();
        });
  }

  private void sawPage(KeyReads reads, ScanReply page, boolean reverse) {
    Map<String, Row> rows = new TreeMap<>();
    page.getRowsList().forEach(row -> rows.put(row.getKey().toStringUtf8(), row));
    if (rows.size() < page.getRowsCount()) {
      world.fault("a page has a key twice: " + page);
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
    COUNTERS.forEach(rows::remove);
    if (!rows.isEmpty()) {
      world.fault("a page has keys that nobody wrote: " + rows.keySet());
    }
  }

  private Request.Builder reading() {
    Consistency consistency =
        random.nextBoolean()
            ? Consistency.CONSISTENCY_LINEARIZABLE
            : Consistency.CONSISTENCY_FOLLOWER;
    return Request.newBuilder()
        .setContext(
            Context.newBuilder().setTimeoutMillis(TIMEOUT_MILLIS).setConsistency(consistency));
  }

  private Request.Builder writing() {
    sequence++;
    return Request.newBuilder()
        .setContext(
            Context.newBuilder()
                .setTimeoutMillis(TIMEOUT_MILLIS)
                .setSessionId(session)
                .setSequence(sequence)
                .setAcknowledgedSequence(sequence - 1));
  }

  /** An atomic batch: writes a key if it has the revision seen last, and the next one with it. */
  private void writeTwo(String key) {
    String other = keys.get((keys.indexOf(key) + 1) % keys.size());
    long expected = revisions.getOrDefault(key, 0L);
    String value = value();
    Request.Builder request = writing();
    History.Call one =
        history.invoke(
            historyProcess, Kind.CAS, key, value, expected, new long[] {session, sequence});
    boolean deletes = random.nextInt(3) == 0;
    Kind kind = deletes ? Kind.DELETE : Kind.WRITE;
    History.Call two = history.invoke(nextProcess.get(), kind, other, deletes ? null : value, -1);
    Mutation.Builder second = Mutation.newBuilder().setKey(bytes(other));
    request.setBatch(
        BatchRequest.newBuilder()
            .addConditions(Condition.newBuilder().setKey(bytes(key)).setExpectedRevision(expected))
            .addMutations(Mutation.newBuilder().setKey(bytes(key)).setPut(bytes(value)))
            .addMutations(deletes ? second.setDelete(true) : second.setPut(bytes(value))));
    call(
        request,
        reply -> {
          if (reply.hasError()) {
            String error = reply.getError().getCode().name();
            if (reply.getError().getOutcome() == Outcome.OUTCOME_UNKNOWN) {
              two.info(error);
            } else {
              two.fail(error);
            }
          } else if (reply.getBatch().getApplied()) {
            long revision = reply.getBatch().getRevision();
            two.ok(deletes ? null : value, revision);
            // Whether the deletion of a batch met a row is not told.
            oracle.acknowledged(session, sequence, payload(other), deletes ? 0 : revision);
          } else {
            two.fail("CONDITION_FAILED");
          }
          ended(one, key, value, reply);
          work();
        });
  }

  /** Adds one: a write that is done twice is seen. */
  private void count(String counter) {
    Request.Builder request = writing();
    History.Call call =
        history.invoke(historyProcess, Kind.ADD, counter, null, -1, new long[] {session, sequence});
    call(
        request.setIncrement(IncrementRequest.newBuilder().setKey(bytes(counter)).setDelta(1)),
        reply -> {
          ended(call, counter, Long.toString(reply.getIncrement().getValue()), reply);
          work();
        });
  }

  private void writeIfAbsent(String key) {
    String value = value();
    Request.Builder request = writing();
    History.Call call =
        history.invoke(historyProcess, Kind.CAS, key, value, 0, new long[] {session, sequence});
    request.setPut(
        PutRequest.newBuilder().setKey(bytes(key)).setValue(bytes(value)).setIfAbsent(true));
    call(
        request,
        reply -> {
          ended(call, key, value, reply);
          work();
        });
  }

  private void write(Kind kind, String key, @Nullable String value, long expected) {
    Request.Builder request = writing();
    History.Call call =
        history.invoke(historyProcess, kind, key, value, expected, new long[] {session, sequence});
    switch (kind) {
      case DELETE -> request.setDelete(DeleteRequest.newBuilder().setKey(bytes(key)));
      case CAS ->
          request.setCompareAndSet(
              CompareAndSetRequest.newBuilder()
                  .setKey(bytes(key))
                  .setExpectedRevision(expected)
                  .setValue(bytes(String.valueOf(value))));
      default ->
          request.setPut(
              PutRequest.newBuilder().setKey(bytes(key)).setValue(bytes(String.valueOf(value))));
    }
    call(
        request,
        reply -> {
          ended(call, key, value, reply);
          work();
        });
  }

  private void ended(History.Call call, String key, @Nullable String value, Reply reply) {
    if (reply.hasError()) {
      String error = reply.getError().getCode().name();
      if (reply.getError().getOutcome() == Outcome.OUTCOME_UNKNOWN) {
        coverage.count("writes unknown");
        call.info(error);
        renew(); // its sequence must never be used for another write
      } else {
        coverage.count("writes failed");
        call.fail(error);
      }
      return;
    }
    coverage.count("writes");
    oracle.acknowledged(session, sequence, payload(key), writtenRevision(reply));
    switch (reply.getResultCase()) {
      case COMPARE_AND_SET -> {
        if (reply.getCompareAndSet().getApplied()) {
          coverage.count("compare-and-sets applied");
          call.ok(value, reply.getCompareAndSet().getRevision());
        } else {
          call.mismatch();
        }
      }
      case INCREMENT -> {
        coverage.count("increments");
        call.ok(value, reply.getIncrement().getRevision());
      }
      case BATCH -> {
        if (reply.getBatch().getApplied()) {
          coverage.count("batches applied");
          call.ok(value, reply.getBatch().getRevision());
        } else {
          call.mismatch();
        }
      }
      case DELETE ->
          call.ok(null, reply.getDelete().getApplied() ? reply.getDelete().getRevision() : -1);
      default -> {
        if (reply.getPut().getApplied()) {
          call.ok(value, reply.getPut().getRevision());
        } else {
          coverage.count("puts refused by what is there");
          call.mismatch();
        }
      }
    }
  }

  private static @Nullable String text(GetReply reply) {
    return reply.getFound() ? reply.getValue().toStringUtf8() : null;
  }

  private static long revision(GetReply reply) {
    return reply.getFound() ? reply.getRevision() : -1;
  }

  /** Of the row as the write left it; 0 if the write changed nothing. */
  private static long writtenRevision(Reply reply) {
    return switch (reply.getResultCase()) {
      case COMPARE_AND_SET ->
          reply.getCompareAndSet().getApplied() ? reply.getCompareAndSet().getRevision() : 0;
      case DELETE -> reply.getDelete().getApplied() ? reply.getDelete().getRevision() : 0;
      case INCREMENT -> reply.getIncrement().getRevision();
      case BATCH -> reply.getBatch().getApplied() ? reply.getBatch().getRevision() : 0;
      default -> reply.getPut().getApplied() ? reply.getPut().getRevision() : 0;
    };
  }

  private static Payload payload(String text) {
    return Payload.utf8(text);
  }

  private static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }
}
