package io.flotilla.sim;

import static io.flotilla.sim.SimCaller.bytes;
import static io.flotilla.sim.SimCaller.payload;

import io.flotilla.contract.v1.BatchRequest;
import io.flotilla.contract.v1.CompareAndSetRequest;
import io.flotilla.contract.v1.Condition;
import io.flotilla.contract.v1.Context;
import io.flotilla.contract.v1.DeleteRequest;
import io.flotilla.contract.v1.IncrementRequest;
import io.flotilla.contract.v1.Mutation;
import io.flotilla.contract.v1.Outcome;
import io.flotilla.contract.v1.PutRequest;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.history.History;
import io.flotilla.history.Operation.Kind;
import io.flotilla.sim.invariants.Oracle;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The writes of a client, each a call of the history and a number of the client's session. One
 * whose outcome is unknown is mostly sent again as it was, which must not do it a second time.
 */
final class SimWrites {
  /** Times that a write of unknown outcome is sent again. */
  private static final int RETRIES = 3;

  private final SimCaller caller;
  private final Runnable then;
  private final SplittableRandom random;
  private final History history;
  private final Coverage coverage;
  private final Oracle oracle;
  private int written;
  private boolean sentAgain;

  /**
   * Writes of one client.
   *
   * @param then what it does after each
   */
  SimWrites(SimCaller caller, Runnable then) {
    this.caller = caller;
    this.then = then;
    this.random = caller.random();
    this.history = caller.history();
    this.coverage = caller.coverage();
    this.oracle = caller.oracle();
  }

  void put(String key) {
    String value = value();
    write(
        request().setPut(PutRequest.newBuilder().setKey(bytes(key)).setValue(bytes(value))),
        new Write(begin(Kind.WRITE, key, value, -1), key, value));
  }

  void putIfAbsent(String key) {
    String value = value();
    write(
        request()
            .setPut(
                PutRequest.newBuilder()
                    .setKey(bytes(key))
                    .setValue(bytes(value))
                    .setIfAbsent(true)),
        new Write(begin(Kind.CAS, key, value, 0), key, value));
  }

  void delete(String key) {
    write(
        request().setDelete(DeleteRequest.newBuilder().setKey(bytes(key))),
        new Write(begin(Kind.DELETE, key, null, -1), key, null));
  }

  /** Writes the key if it has the revision seen last. */
  void compareAndSet(String key) {
    String value = value();
    long expected = caller.revisionSeen(key);
    write(
        request()
            .setCompareAndSet(
                CompareAndSetRequest.newBuilder()
                    .setKey(bytes(key))
                    .setExpectedRevision(expected)
                    .setValue(bytes(value))),
        new Write(begin(Kind.CAS, key, value, expected), key, value));
  }

  /** Adds one: a write that is done twice is seen. */
  void increment(String counter) {
    write(
        request().setIncrement(IncrementRequest.newBuilder().setKey(bytes(counter)).setDelta(1)),
        new Write(begin(Kind.ADD, counter, null, -1), counter, null));
  }

  /** An atomic batch: writes a key if it has the revision seen last, and the next one with it. */
  void putTwo(String key) {
    List<String> keys = caller.keys();
    String other = keys.get((keys.indexOf(key) + 1) % keys.size());
    long expected = caller.revisionSeen(key);
    String value = value();
    Request.Builder request = request();
    History.Call one = begin(Kind.CAS, key, value, expected);
    boolean deletes = random.nextInt(3) == 0;
    Kind kind = deletes ? Kind.DELETE : Kind.WRITE;
    String otherValue = deletes ? null : value;
    History.Call two = history.invoke(caller.nextProcess().get(), kind, other, otherValue, -1);
    Mutation.Builder second = Mutation.newBuilder().setKey(bytes(other));
    request.setBatch(
        BatchRequest.newBuilder()
            .addConditions(Condition.newBuilder().setKey(bytes(key)).setExpectedRevision(expected))
            .addMutations(Mutation.newBuilder().setKey(bytes(key)).setPut(bytes(value)))
            .addMutations(deletes ? second.setDelete(true) : second.setPut(bytes(value))));
    send(
        request.build(),
        RETRIES,
        reply -> {
          endOther(two, other, otherValue, reply);
          ended(new Write(one, key, value), reply);
        });
  }

  private void endOther(History.Call call, String key, @Nullable String value, Reply reply) {
    if (reply.hasError()) {
      String error = reply.getError().getCode().name();
      if (mayHaveHappened(reply)) {
        call.info(error);
      } else {
        call.fail(error);
      }
    } else if (reply.getBatch().getApplied()) {
      long revision = reply.getBatch().getRevision();
      call.ok(value, revision);
      // Whether the deletion of a batch met a row is not told.
      oracle.acknowledged(
          caller.session(), caller.sequence(), payload(key), value == null ? 0 : revision);
    } else {
      call.fail("CONDITION_FAILED");
    }
  }

  private record Write(History.Call call, String key, @Nullable String value) {}

  private String value() {
    return caller.historyProcess() + "-" + ++written;
  }

  private Request.Builder request() {
    long sequence = caller.nextSequence();
    sentAgain = false;
    return Request.newBuilder()
        .setContext(
            Context.newBuilder()
                .setTimeoutMillis(SimCaller.TIMEOUT_MILLIS)
                .setSessionId(caller.session())
                .setSequence(sequence)
                .setAcknowledgedSequence(sequence - 1));
  }

  private History.Call begin(Kind kind, String key, @Nullable String value, long expected) {
    return history.invoke(
        caller.historyProcess(),
        kind,
        key,
        value,
        expected,
        new long[] {caller.session(), caller.sequence()});
  }

  private void write(Request.Builder request, Write write) {
    send(request.build(), RETRIES, reply -> ended(write, reply));
  }

  private void send(Request request, int retries, Consumer<Reply> end) {
    caller.call(
        request.toBuilder(),
        reply -> {
          if (isUnknown(reply) && retries > 0 && random.nextInt(4) != 0) {
            coverage.count("writes sent again");
            sentAgain = true;
            send(request, retries - 1, end);
          } else {
            end.accept(reply);
            then.run();
          }
        });
  }

  private static boolean isUnknown(Reply reply) {
    return reply.hasError() && reply.getError().getOutcome() == Outcome.OUTCOME_UNKNOWN;
  }

  /** An error of a later try says nothing of the earlier ones. */
  private boolean mayHaveHappened(Reply reply) {
    return sentAgain || isUnknown(reply);
  }

  private void ended(Write write, Reply reply) {
    if (reply.hasError()) {
      failed(write.call(), reply);
      return;
    }
    coverage.count("writes");
    long revision = writtenRevision(reply);
    oracle.acknowledged(caller.session(), caller.sequence(), payload(write.key()), revision);
    if (reply.hasDelete()) {
      write.call().ok(null, revision == 0 ? -1 : revision);
    } else if (reply.hasIncrement()) {
      coverage.count("increments");
      write.call().ok(Long.toString(reply.getIncrement().getValue()), revision);
    } else if (revision == 0) {
      coverage.count("writes refused by what is there");
      write.call().mismatch();
    } else {
      switch (reply.getResultCase()) {
        case COMPARE_AND_SET -> coverage.count("compare-and-sets applied");
        case BATCH -> coverage.count("batches applied");
        default -> coverage.count("puts applied");
      }
      write.call().ok(write.value(), revision);
    }
  }

  private void failed(History.Call call, Reply reply) {
    String error = reply.getError().getCode().name();
    if (mayHaveHappened(reply)) {
      coverage.count("writes unknown");
      call.info(error);
      caller.renew(); // its sequence must never be used for another write
    } else {
      coverage.count("writes failed");
      call.fail(error);
    }
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
}
