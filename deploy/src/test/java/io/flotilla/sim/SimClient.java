package io.flotilla.sim;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.CompareAndSetRequest;
import io.flotilla.contract.v1.Consistency;
import io.flotilla.contract.v1.Context;
import io.flotilla.contract.v1.DeleteRequest;
import io.flotilla.contract.v1.GetReply;
import io.flotilla.contract.v1.GetRequest;
import io.flotilla.contract.v1.Outcome;
import io.flotilla.contract.v1.PutRequest;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.history.History;
import io.flotilla.history.Operation.Kind;
import io.flotilla.router.NodeAddress;
import io.flotilla.router.Router;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A client that makes one call after the other, through the router that the Java client uses. */
final class SimClient {
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
   * @param nodes who serves at a place
   * @param seeds places to begin with
   */
  record Parts(
      History history,
      Coverage coverage,
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
    switch (random.nextInt(10)) {
      case 0, 1, 2 -> read(key, true);
      case 3 -> readStale(key);
      case 4 -> write(Kind.DELETE, key, null, -1);
      case 5, 6 -> write(Kind.CAS, key, value(), revisions.getOrDefault(key, 0L));
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
    Request request =
        Request.newBuilder()
            .setContext(context.setTimeoutMillis(TIMEOUT_MILLIS))
            .setGet(GetRequest.newBuilder().setKey(bytes(key)))
            .build();
    var unused =
        router
            .dispatcher()
            .dispatch(request)
            .thenAccept(
                reply -> {
                  busy = false;
                  then.accept(reply);
                });
  }

  private void write(Kind kind, String key, @Nullable String value, long expected) {
    busy = true;
    sequence++;
    History.Call call =
        history.invoke(historyProcess, kind, key, value, expected, new long[] {session, sequence});
    Request.Builder request =
        Request.newBuilder()
            .setContext(
                Context.newBuilder()
                    .setTimeoutMillis(TIMEOUT_MILLIS)
                    .setSessionId(session)
                    .setSequence(sequence)
                    .setAcknowledgedSequence(sequence - 1));
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
    var unused =
        router
            .dispatcher()
            .dispatch(request.build())
            .thenAccept(
                reply -> {
                  busy = false;
                  ended(call, value, reply);
                  work();
                });
  }

  private void ended(History.Call call, @Nullable String value, Reply reply) {
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
    switch (reply.getResultCase()) {
      case COMPARE_AND_SET -> {
        if (reply.getCompareAndSet().getApplied()) {
          coverage.count("compare-and-sets applied");
          call.ok(value, reply.getCompareAndSet().getRevision());
        } else {
          call.mismatch();
        }
      }
      case DELETE ->
          call.ok(null, reply.getDelete().getApplied() ? reply.getDelete().getRevision() : -1);
      default -> call.ok(value, reply.getPut().getRevision());
    }
  }

  private static @Nullable String text(GetReply reply) {
    return reply.getFound() ? reply.getValue().toStringUtf8() : null;
  }

  private static long revision(GetReply reply) {
    return reply.getFound() ? reply.getRevision() : -1;
  }

  private static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }
}
