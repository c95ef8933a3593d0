package io.flotilla.shard;

import io.flotilla.contract.v1.Context;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.Route;
import io.flotilla.contract.v1.TransferLeaderRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;

/**
 * Evens out the load of the nodes' leaders, and then how many shards each node leads. Works where
 * the system shard is led; confined to that loop, but for the answers it waits for.
 *
 * <p>A round moves a few leaders from those who have most to those who have least, as long as that
 * makes a difference; for the sake of their number none moves that would make the load uneven. Only
 * nodes that may lead are moved to, and a shard whose leader changed lately is left alone, whoever
 * changed it: operators and elections have the last word for a while.
 */
final class LeaderBalancer {
  static final int MAX_MOVES_PER_ROUND = 16;
  static final int COOLDOWN_TICKS = 600;
  private static final int TRANSFER_TIMEOUT_MILLIS = 2_000;

  /** Loads that differ by less, of what each node would have, count as even. */
  private static final double EVEN_SHARE = 0.1;

  /** Requests a second: two nodes that differ by less count as even. */
  private static final double EVEN_LOAD = 50;

  /** A move for the load's sake takes at least this of the difference away. */
  private static final double LEAST_GAIN = 0.25;

  /** Leadership of a shard is to go to a node. */
  record Move(long shardId, long toNode) {}

  private record Seen(long term, long changedTick) {}

  private record Candidate(Route route, long to, double gain) {}

  private final Function<Request, CompletableFuture<Reply>> cluster;
  private final Map<Long, Seen> seen = new TreeMap<>();
  private final AtomicInteger underWay = new AtomicInteger();

  LeaderBalancer(Function<Request, CompletableFuture<Reply>> cluster) {
    this.cluster = cluster;
  }

  /** One round, unless moves of the last one are under way. */
  void balance(
      List<Route> routes, Collection<Long> mayLead, ToDoubleFunction<Route> loadOf, long tick) {
    List<Move> moves = plan(routes, mayLead, loadOf, tick);
    if (underWay.get() > 0) {
      return;
    }
    for (Move move : moves) {
      underWay.incrementAndGet();
      var unused = transfer(move).whenComplete((reply, failure) -> underWay.decrementAndGet());
    }
  }

  /** What a round would move. Remembers which leaders are new. */
  List<Move> plan(
      List<Route> routes, Collection<Long> mayLead, ToDoubleFunction<Route> loadOf, long tick) {
    List<Route> movable = new ArrayList<>();
    for (Route route : routes) {
      if (settled(route, tick) && route.getLeaderNodeId() != 0) {
        movable.add(route);
      }
    }
    LeaderTally tally = new LeaderTally(routes, mayLead, loadOf);
    List<Move> moves = new ArrayList<>();
    while (moves.size() < MAX_MOVES_PER_ROUND) {
      Optional<Candidate> best =
          best(movable, mayLead, (route, to) -> loadGain(tally, route, to))
              .or(() -> best(movable, mayLead, (route, to) -> countGain(tally, route, to)));
      if (best.isEmpty()) {
        break;
      }
      Candidate move = best.get();
      movable.remove(move.route());
      tally.move(move.route(), move.to());
      moves.add(new Move(move.route().getShard().getShardId(), move.to()));
    }
    return moves;
  }

  private boolean settled(Route route, long tick) {
    long shardId = route.getShard().getShardId();
    Seen before = seen.get(shardId);
    if (before == null) {
      seen.put(shardId, new Seen(route.getLeaderTerm(), tick - COOLDOWN_TICKS));
      return true;
    }
    if (route.getLeaderTerm() > before.term()) {
      // From no leader to the first one is not a change.
      long changed = before.term() == 0 ? before.changedTick() : tick;
      seen.put(shardId, new Seen(route.getLeaderTerm(), changed));
      return before.term() == 0;
    }
    return tick - before.changedTick() >= COOLDOWN_TICKS;
  }

  private static Optional<Candidate> best(
      List<Route> movable, Collection<Long> mayLead, ToDoubleBiFunction<Route, Long> gain) {
    return movable.stream()
        .flatMap(
            route ->
                LeaderTally.voters(route).stream()
                    .filter(mayLead::contains)
                    .map(node -> new Candidate(route, node, gain.applyAsDouble(route, node))))
        .filter(candidate -> candidate.gain() > 0)
        .max(Comparator.comparingDouble(Candidate::gain));
  }

  /** By how much the loads of the two nodes come closer; 0: not worth a move. */
  private static double loadGain(LeaderTally tally, Route route, long to) {
    double apart = tally.load(route.getLeaderNodeId()) - tally.load(to);
    if (apart < Math.max(EVEN_LOAD, EVEN_SHARE * tally.meanLoad())) {
      return 0;
    }
    double gain = apart - Math.abs(apart - 2 * tally.loadOf(route));
    return gain < LEAST_GAIN * apart ? 0 : gain;
  }

  /** How many more the leader leads, if it is two or more and the load stays even; else 0. */
  private static double countGain(LeaderTally tally, Route route, long to) {
    long from = route.getLeaderNodeId();
    int more = tally.shards(from) - tally.shards(to);
    double after = tally.load(to) + tally.loadOf(route);
    double most = tally.meanLoad() * (1 + EVEN_SHARE / 2);
    return more >= 2 && after <= Math.max(tally.load(from), most) ? more : 0;
  }

  private CompletableFuture<Reply> transfer(Move move) {
    Request request =
        Request.newBuilder()
            .setContext(Context.newBuilder().setTimeoutMillis(TRANSFER_TIMEOUT_MILLIS))
            .setTransferLeader(
                TransferLeaderRequest.newBuilder()
                    .setShardId(move.shardId())
                    .setToNodeId(move.toNode()))
            .build();
    return cluster.apply(request);
  }
}
