package io.flotilla.shard;

import io.flotilla.contract.v1.AsOf;
import io.flotilla.contract.v1.Consistency;
import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.raft.ReadResult;
import io.flotilla.raft.ReadState;
import io.flotilla.shard.kv.Failures;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The reads of clients to one replica, from arrival to answer. Confined to the loop.
 *
 * <p>A read needs an index: a commit index of the leader from after the read came (thesis 6.4); it
 * is served once that is applied here. All reads of a turn share one. A follower asks its leader;
 * since question and answer may be lost it asks again, each time under a new context (R25).
 *
 * <p>How old the state here may be is known from the same questions: when the index of a round is
 * applied, everything acknowledged before the round began is seen. Nothing else would do: the age
 * of a message that came unasked is unknown, since it may have been under way for any time.
 */
final class Readers {
  /** Questions to the leader without an answer; what comes meanwhile waits for the next one. */
  private static final int MAX_QUESTIONS = 64;

  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Replica replica;
  private final Applier applier;
  private final HostParts parts;
  private final long patienceNanos;
  private final ReadTracker tracker = new ReadTracker();
  private List<Call> waiting = new ArrayList<>();

  /** Counts from a random number: an answer to an earlier life of this replica is no answer. */
  private long nextContext;

  private boolean ageKnown;

  /** Everything acknowledged before this is seen here; meaningless before the first round. */
  private long seenUpToNanos;

  Readers(Replica replica, Applier applier, HostParts parts, long firstContext) {
    this.replica = replica;
    this.applier = applier;
    this.parts = parts;
    this.nextContext = firstContext;
    this.patienceNanos =
        TimeUnit.MILLISECONDS.toNanos(
            (long) parts.config().tickMillis() * parts.config().heartbeatTicks());
  }

  /** Whether what is applied here is good enough for the read. */
  boolean canServeNow(Request request) {
    if (request.getContext().getConsistency() != Consistency.CONSISTENCY_STALE) {
      return false;
    }
    long millis = Integer.toUnsignedLong(request.getContext().getMaxStalenessMillis());
    return millis == 0
        || (ageKnown && !applier.isAtBarrier() && ageNanos() <= millis * NANOS_PER_MILLI);
  }

  private long ageNanos() {
    return parts.clock().nanos() - seenUpToNanos;
  }

  /** It needs an index. */
  void add(Call call) {
    waiting.add(call);
  }

  /** The end of a turn: all that came in it, and that waited for this, asks for one index. */
  void begin() {
    if (waiting.isEmpty()) {
      return;
    }
    replica.catchUpWithClock();
    boolean leader = replica.node().isLeader();
    if (!leader) {
      refuseThoseForTheLeader();
    }
    if (waiting.isEmpty() || (!leader && tracker.open() >= MAX_QUESTIONS)) {
      return;
    }
    long now = parts.clock().nanos();
    ReadResult result = replica.node().readIndex(nextContext);
    switch (result) {
      case ACCEPTED -> {
        tracker.awaitIndex(nextContext++, now, waiting);
        waiting = new ArrayList<>();
      }
      case NOT_READY,
          BUSY -> {} // they wait for the first commit of the term, at most to their deadline
      case NOT_LEADER -> {
        waiting.forEach(call -> call.reply(nobodyToAsk(call)));
        waiting = new ArrayList<>();
      }
    }
  }

  private void refuseThoseForTheLeader() {
    waiting.removeIf(
        call -> {
          boolean refused = !Keys.mayAnyReplicaAnswer(call.request());
          if (refused) {
            call.reply(replica.notLeader());
          }
          return refused;
        });
  }

  private Reply nobodyToAsk(Call call) {
    int bound = call.request().getContext().getMaxStalenessMillis();
    return bound == 0
        ? replica.notLeader()
        : Failures.notApplied(
            ErrorCode.ERROR_CODE_UNAVAILABLE,
            "what this node has of shard "
                + replica.shardId()
                + " may be older than "
                + Integer.toUnsignedString(bound)
                + " ms, and it knows no leader to ask: try again, or accept older state");
  }

  void confirmed(ReadState read) {
    tracker.confirmed(read);
    serve();
  }

  /** More is applied, or confirmed. */
  void serve() {
    if (!applier.isAtBarrier()) {
      tracker.serve(applier.appliedIndex(), this::serve);
    }
  }

  private void serve(ReadTracker.Round round) {
    if (!ageKnown || round.begunNanos() - seenUpToNanos > 0) {
      ageKnown = true;
      seenUpToNanos = round.begunNanos();
    }
    round.calls().forEach(this::answer);
  }

  /** Answers from what is applied. */
  void answer(Call call) {
    Reply reply = applier.read(call.request());
    boolean tellsState =
        Keys.mayAnyReplicaAnswer(call.request()) && !reply.hasError() && !reply.hasGetCatalog();
    call.reply(tellsState ? with(asOf(), reply.toBuilder()) : reply);
  }

  private AsOf asOf() {
    AsOf.Builder asOf =
        AsOf.newBuilder()
            .setShardId(replica.shardId())
            .setNodeId(parts.nodeId())
            .setAppliedIndex(applier.appliedIndex())
            .setRevision(applier.machine().lastRevision());
    if (ageKnown) {
      asOf.setAgeMillis((ageNanos() + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI);
    }
    return asOf.build();
  }

  private static Reply with(AsOf asOf, Reply.Builder reply) {
    switch (reply.getResultCase()) {
      case GET -> reply.getGetBuilder().setAsOf(asOf);
      case MULTI_GET -> reply.getMultiGetBuilder().addAsOf(asOf);
      case SCAN -> reply.getScanBuilder().addAsOf(asOf);
      default -> throw new IllegalStateException("not a read: " + reply.getResultCase());
    }
    return reply.build();
  }

  /** Whoever was asked may not lead any more: what has no index yet asks anew. */
  void roleChanged() {
    waiting.addAll(tracker.takeUnconfirmed());
    if (!replica.node().isLeader()) {
      refuseThoseForTheLeader();
    }
  }

  /** Asks again where no answer came, and answers what is too late. */
  void tick() {
    long now = parts.clock().nanos();
    tracker.expire(now, this::notConfirmed, this::notApplied);
    for (Iterator<Call> it = waiting.iterator(); it.hasNext(); ) {
      Call call = it.next();
      if (call.isExpired(now)) {
        notConfirmed(call);
        it.remove();
      }
    }
    if (!replica.node().isLeader()) {
      tracker.overdue(now, patienceNanos).forEach(round -> askAgain(round, now));
    }
  }

  private void askAgain(ReadTracker.Round round, long now) {
    if (replica.node().readIndex(nextContext) == ReadResult.ACCEPTED) {
      tracker.askedAgain(nextContext++, now, round);
    }
  }

  private void notConfirmed(Call call) {
    call.reply(
        late("the leader of shard " + replica.shardId() + " did not confirm the read in time"));
  }

  private void notApplied(Call call) {
    call.reply(
        late(
            "this node's replica of shard "
                + replica.shardId()
                + " is behind: it did not apply in time what the read must see"));
  }

  private static Reply late(String message) {
    return Failures.notApplied(ErrorCode.ERROR_CODE_DEADLINE_EXCEEDED, message);
  }
}
