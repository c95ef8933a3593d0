package io.flotilla.router;

import io.flotilla.contract.v1.Context;
import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.ErrorDetail;
import io.flotilla.contract.v1.Outcome;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.Route;
import io.flotilla.router.TargetChooser.Target;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One call to one shard: tries nodes until one answers, the deadline passes or a repetition could
 * do harm.
 *
 * <p>Tries follow one after the other. Each wait (for a reply, a pause, a refresh) takes a ticket;
 * whoever presents the current ticket first goes on, all later ones are ignored. So a reply that
 * comes after its try timed out changes nothing, and the fields need no lock.
 */
final class ShardCall {
  /** What the word of a node that ran out of time may need to arrive, at most. */
  private static final int MAX_REFUSALS = 2;

  private static final long ON_THE_WAY_NANOS = 125_000_000;

  /** The same as a part of the time of a try. */
  private static final long ON_THE_WAY_PART = 8;

  private final Dispatcher dispatcher;
  private final Plan plan;
  private final Request original;
  private final CallTerms terms;
  private final long deadlineNanos;
  private final boolean repeatable;
  private final boolean anyReplica;
  private final CompletableFuture<Reply> result = new CompletableFuture<>();
  private final AtomicLong ticket = new AtomicLong();
  private final TargetChooser targets;
  private final Attempts attempts;

  private final AtomicBoolean waiting = new AtomicBoolean();

  private @Nullable Target proxy;
  private volatile @Nullable CompletableFuture<?> underWay;

  ShardCall(Dispatcher dispatcher, Plan plan, Request original, CallTerms terms) {
    this.dispatcher = dispatcher;
    this.plan = plan;
    this.original = original;
    this.terms = terms;
    this.deadlineNanos = terms.deadlineNanos();
    this.repeatable = Operations.isRepeatable(original);
    this.anyReplica = Operations.mayAnyReplicaAnswer(original);
    this.targets = dispatcher.newTargets();
    this.attempts =
        new Attempts(dispatcher.config(), dispatcher.runtime(), Operations.isRead(original));
  }

  CompletableFuture<Reply> start() {
    next();
    var unused = result.whenComplete((reply, cancelled) -> giveUpTry());
    return result;
  }

  /** Nobody waits for the answer any more, so it need not hold room on its connection. */
  private void giveUpTry() {
    CompletableFuture<?> open = underWay;
    if (open != null && result.isCancelled()) {
      open.cancel(false);
    }
  }

  /** Ends the call where it stands. */
  void abort(String why) {
    ticket.incrementAndGet();
    finish(attempts.giveUp(ErrorCode.ERROR_CODE_UNAVAILABLE, why));
  }

  private void next() {
    waitedEnough();
    if (result.isDone()) {
      return;
    }
    if (dispatcher.isClosed()) {
      finish(attempts.giveUp(ErrorCode.ERROR_CODE_UNAVAILABLE, "the client is closed"));
      return;
    }
    if (remaining() <= 0 || attempts.exhausted()) {
      finish(attempts.giveUp(ErrorCode.ERROR_CODE_DEADLINE_EXCEEDED, "the deadline passed"));
      return;
    }
    Plan.Aim aim = plan.aim(dispatcher.routes().table().snapshot());
    if (aim.crosses()) {
      finish(attempts.rejected(ErrorCode.ERROR_CODE_CROSSES_SHARDS, "keys of different shards"));
    } else if (aim.route() == null) {
      routeUnknown();
    } else {
      send(aim.route());
    }
  }

  private void send(Route route) {
    Target target = proxy;
    proxy = null;
    if (target == null) {
      target = targets.next(route, anyReplica);
    }
    if (target == null) {
      nobodyLeft(route);
      return;
    }
    long now = now();
    long until = repeatable ? Math.min(deadlineNanos, now + attempts.patience()) : deadlineNanos;
    long mine = ticket.incrementAndGet();
    if (target.address() == null) {
      askHere(mine, route, target, until);
    } else if (anyReplica && terms.hedgeAfterNanos() > 0 && !target.proxied()) {
      askTwice(mine, route, target, until);
    } else {
      CompletableFuture<Reply> answer = ask(route, target, until);
      underWay = answer;
      Target chosen = target;
      var unused = answer.thenAccept(reply -> replied(mine, route, chosen, reply));
    }
  }

  private CompletableFuture<Reply> ask(Route route, Target target, long until) {
    Request request = prepare(route, target, until);
    NodeAddress address = Objects.requireNonNull(target.address());
    long began = now();
    CompletableFuture<Reply> answer = dispatcher.transport().call(address, request, until);
    return terms.attempts() == AttemptListener.NONE
        ? answer
        : told(answer, target.nodeId(), request.getContext().getShardId(), began);
  }

  /**
   * The answer after the listener has heard of it. A future runs what depends on it in no certain
   * order, so what goes on with the call has to depend on this one.
   */
  private CompletableFuture<Reply> told(
      CompletableFuture<Reply> answer, long nodeId, long shardId, long began) {
    CompletableFuture<Reply> told =
        answer.thenApply(
            reply -> {
              terms.attempts().ended(nodeId, shardId, reply, now() - began);
              return reply;
            });
    var unused =
        told.whenComplete(
            (reply, failure) -> {
              if (told.isCancelled()) {
                answer.cancel(false);
              }
            });
    return told;
  }

  private void askTwice(long mine, Route route, Target first, long until) {
    dispatcher.hedges().earn();
    HedgedTry tries =
        new HedgedTry(
            target -> ask(route, target, until),
            () -> {
              targets.avoid(first.nodeId());
              Target second = targets.next(route, true);
              boolean may = second != null && second.address() != null;
              return may && dispatcher.hedges().spend() ? second : null;
            });
    CompletableFuture<HedgedTry.Answer> answer =
        tries.start(first, dispatcher.runtime().scheduler(), terms.hedgeAfterNanos());
    underWay = answer;
    var unused = answer.thenAccept(by -> replied(mine, route, by.target(), by.reply()));
  }

  private void askHere(long mine, Route route, Target target, long until) {
    Request request = prepare(route, target, until);
    Scheduler.Timer guard =
        dispatcher
            .runtime()
            .scheduler()
            .schedule(until - now(), () -> replied(mine, route, target, attempts.late(target)));
    var unused =
        dispatcher
            .localNode()
            .execute(request)
            .thenAccept(
                reply -> {
                  guard.cancel();
                  replied(mine, route, target, reply);
                });
  }

  private Request prepare(Route route, Target target, long until) {
    if (attempts.sent(target.proxied() ? 0 : RouteMap.id(route), target) > 1) {
      dispatcher.retried();
    }
    // A node that can only say that it ran out of time must not be taken for one that is gone.
    long told = until - Math.min(ON_THE_WAY_NANOS, (until - now()) / ON_THE_WAY_PART);
    return address(plan.request(target.proxied() ? null : route), route, target, told);
  }

  /** Perhaps an election, perhaps the replicas have moved, perhaps no node can be reached. */
  private void nobodyLeft(Route route) {
    targets.newRound();
    dispatcher.refreshSoon(original);
    int retryAfterMillis = targets.retryAfterMillis(route, anyReplica);
    if (retryAfterMillis > 0) {
      attempts.leftAlone(RouteMap.id(route), retryAfterMillis);
      if (!dispatcher.mayWait()) {
        finish(attempts.giveUp(ErrorCode.ERROR_CODE_UNAVAILABLE, "no node can be reached"));
        return;
      }
      waiting.set(true);
    }
    pause(attempts.backoffNanos(retryAfterMillis));
  }

  private void waitedEnough() {
    if (waiting.compareAndSet(true, false)) {
      dispatcher.waitedEnough();
    }
  }

  private Request address(Request operation, Route route, Target target, long until) {
    Context.Builder context =
        original.getContext().toBuilder()
            .setTimeoutMillis((int) Math.max(1, (until - now()) / 1_000_000))
            .setForwarded(dispatcher.isNode())
            .clearShardId()
            .clearEpoch();
    if (!target.proxied()) {
      context.setShardId(RouteMap.id(route)).setEpoch(route.getShard().getEpoch());
    }
    return operation.toBuilder().setContext(context).build();
  }

  private void replied(long held, Route route, Target target, Reply reply) {
    if (!ticket.compareAndSet(held, held + 1)) {
      return;
    }
    if (!reply.hasError()) {
      dispatcher.learn(route, target, original, reply);
      finish(reply);
      return;
    }
    ErrorDetail error = reply.getError();
    attempts.failed(target, error);
    dispatcher.routes().table().merge(error.getRoutesList());
    if (error.getOutcome() == Outcome.OUTCOME_UNKNOWN && !repeatable) {
      finish(Failures.of(error));
      return;
    }
    switch (error.getCode()) {
      case ERROR_CODE_NOT_LEADER -> notLeader(route, target, error);
      case ERROR_CODE_STALE_ROUTE -> staleRoute(route, target);
      case ERROR_CODE_NOT_FOUND -> notFound(route, target, error);
      case ERROR_CODE_OVERLOADED -> pause(attempts.backoffNanos(error.getRetryAfterMillis()));
      case ERROR_CODE_UNAVAILABLE, ERROR_CODE_DEADLINE_EXCEEDED, ERROR_CODE_LEADERSHIP_LOST ->
          noAnswer(route, target, error);
      case ERROR_CODE_INTERNAL -> defect(error);
      default -> finish(attempts.surfaced(error));
    }
  }

  private void notLeader(Route route, Target target, ErrorDetail error) {
    targets.avoid(target.nodeId());
    long hint = error.getLeaderNodeId();
    if (route.getLeaderNodeId() == target.nodeId() || hint != 0) {
      dispatcher.routes().table().leaderHint(route, hint == target.nodeId() ? 0 : hint);
    }
    if (hint != 0 && targets.isUnreachable(hint) && !dispatcher.isNode()) {
      // That node reaches a leader which this one cannot reach: let it pass the request on.
      proxy = targets.proxy(target.nodeId());
    }
    if (proxy == null && hint != 0 && targets.isAvoided(hint)) {
      targets.newRound();
      pause(attempts.backoffNanos(error.getRetryAfterMillis()));
      return;
    }
    soon(error);
  }

  private void staleRoute(Route route, Target target) {
    Plan.Aim aim = plan.aim(dispatcher.routes().table().snapshot());
    if (aim.crosses() || (aim.route() != null && !sameShard(route, aim.route()))) {
      targets.newRound();
      next();
      return;
    }
    // It said no more than that: ask the other replicas, and for the whole map.
    targets.avoid(target.nodeId());
    dispatcher.refreshSoon(original);
    pause(attempts.backoffNanos(0));
  }

  private static boolean sameShard(Route a, Route b) {
    return a.getShard().equals(b.getShard());
  }

  private void notFound(Route route, Target target, ErrorDetail error) {
    // Nodes say otherwise that they have no such replica: of a whole shard, the catalog's among
    // them, this is the answer itself.
    if (plan instanceof Plan.OfShard) {
      finish(attempts.surfaced(error));
    } else {
      staleRoute(route, target);
    }
  }

  private void noAnswer(Route route, Target target, ErrorDetail error) {
    boolean leader = route.getLeaderNodeId() == target.nodeId();
    if (error.getNodeId() == 0 && target.nodeId() != 0) {
      // The network's word, not the node's.
      targets.unreachable(target.nodeId());
      if (leader && error.getCode() == ErrorCode.ERROR_CODE_UNAVAILABLE) {
        dispatcher.routes().table().leaderHint(route, 0);
      }
    } else {
      targets.avoid(target.nodeId());
    }
    if (target.proxied()) {
      pause(attempts.backoffNanos(error.getRetryAfterMillis()));
    } else if (error.getNodeId() == 0) {
      // When to come back to that node; the others may be asked now.
      next();
    } else {
      soon(error);
    }
  }

  private void defect(ErrorDetail error) {
    if (attempts.mayTryDefectAgain()) {
      pause(attempts.backoffNanos(error.getRetryAfterMillis()));
    } else {
      finish(attempts.surfaced(error));
    }
  }

  private void soon(ErrorDetail error) {
    if (error.getRetryAfterMillis() > 0) {
      pause(attempts.backoffNanos(error.getRetryAfterMillis()));
    } else {
      next();
    }
  }

  private void routeUnknown() {
    boolean system = plan instanceof Plan.OfShard of && of.shardId() == RouteMap.SYSTEM_SHARD_ID;
    if (system && original.hasGetCatalog()) {
      // The refresh itself asks for the catalog: it must not wait for a refresh.
      finish(attempts.giveUp(ErrorCode.ERROR_CODE_UNAVAILABLE, "no route to the system shard"));
      return;
    }
    String lastProblem = dispatcher.refresher().lastProblem();
    if (!lastProblem.isEmpty()) {
      attempts.noRoute(
          lastProblem, isRefused()); // the deadline may pass before there is another answer
    }
    long mine = ticket.incrementAndGet();
    Scheduler.Timer guard =
        dispatcher.runtime().scheduler().schedule(remaining(), () -> wake(mine));
    var unused =
        dispatcher
            .refresher()
            .refresh()
            .thenAccept(
                problem -> {
                  guard.cancel();
                  if (ticket.compareAndSet(mine, mine + 1)) {
                    refreshed(problem);
                  }
                });
  }

  private void refreshed(String problem) {
    Plan.Aim aim = plan.aim(dispatcher.routes().table().snapshot());
    if (aim.route() != null || aim.crosses()) {
      next();
      return;
    }
    if (problem.isEmpty() && plan instanceof Plan.OfShard of) {
      finish(attempts.rejected(ErrorCode.ERROR_CODE_NOT_FOUND, "no shard " + of.shardId()));
      return;
    }
    attempts.noRoute(problem, isRefused());
    if (isRefused()) {
      finish(attempts.giveUp(ErrorCode.ERROR_CODE_UNAUTHENTICATED, "no node lets this client in"));
      return;
    }
    Target any = problem.isEmpty() && !dispatcher.isNode() ? targets.proxy(0) : null;
    if (any == null) {
      pause(attempts.backoffNanos(0));
    } else {
      proxy = any;
      send(Route.getDefaultInstance());
    }
  }

  /** One refusal may be of a moment in which certificates change. */
  private boolean isRefused() {
    return !dispatcher.isNode() && dispatcher.refresher().refusals() >= MAX_REFUSALS;
  }

  private void pause(long nanos) {
    if (nanos >= remaining()) {
      finish(attempts.giveUp(ErrorCode.ERROR_CODE_DEADLINE_EXCEEDED, "the deadline passed"));
      return;
    }
    long mine = ticket.incrementAndGet();
    dispatcher.runtime().scheduler().schedule(nanos, () -> wake(mine));
  }

  private void wake(long held) {
    if (ticket.compareAndSet(held, held + 1)) {
      next();
    }
  }

  private void finish(Reply reply) {
    waitedEnough();
    result.complete(reply);
  }

  private long remaining() {
    return deadlineNanos - now();
  }

  private long now() {
    return dispatcher.runtime().scheduler().nanoTime();
  }
}
