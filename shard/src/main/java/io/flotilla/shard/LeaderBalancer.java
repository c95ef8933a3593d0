package io.flotilla.shard;

import io.flotilla.contract.v1.Context;
import io.flotilla.contract.v1.ReplicaRole;
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

/**
 * Evens out how many shards each node leads. Works where the system shard is led; confined to that
 * loop, but for the answers it waits for.
 *
 * <p>A round moves a few leaders from those who lead most to those who lead least, as long as that
 * makes a difference. Only nodes that may lead are moved to, and a shard whose leader changed
 * lately is left alone, whoever changed it: operators and elections have the last word for a while.
 */
final class LeaderBalancer {
  static final int MAX_MOVES_PER_ROUND = 16;
  static final int COOLDOWN_TICKS = 600;
  private static final int TRANSFER_TIMEOUT_MILLIS = 2_000;

  /** Leadership of a shard is to go to a node. */
  record Move(long shardId, long toNode) {}

  private record Seen(long term, long changedTick) {}

  private final Function<Request, CompletableFuture<Reply>> cluster;
  private final Map<Long, Seen> seen = new TreeMap<>();
  private final AtomicInteger underWay = new AtomicInteger();

  LeaderBalancer(Function<Request, CompletableFuture<Reply>> cluster) {
    this.cluster = cluster;
  }

  /** One round, unless moves of the last one are under way. */
  void balance(List<Route> routes, Collection<Long> mayLead, long tick) {
    List<Move> moves = plan(routes, mayLead, tick);
    if (underWay.get() > 0) {
      return;
    }
    for (Move move : moves) {
      underWay.incrementAndGet();
      var unused = transfer(move).whenComplete((reply, failure) -> underWay.decrementAndGet());
    }
  }

  /** What a round would move. Remembers which leaders are new. */
  List<Move> plan(List<Route> routes, Collection<Long> mayLead, long tick) {
    Map<Long, Integer> leads = new TreeMap<>();
    List<Route> movable = new ArrayList<>();
    for (Route route : routes) {
      voters(route).forEach(node -> leads.putIfAbsent(node, 0));
      boolean settled = settled(route, tick);
      if (route.getLeaderNodeId() != 0) {
        leads.merge(route.getLeaderNodeId(), 1, Integer::sum);
        if (settled) {
          movable.add(route);
        }
      }
    }
    List<Move> moves = new ArrayList<>();
    while (moves.size() < MAX_MOVES_PER_ROUND) {
      Optional<Move> move = best(movable, leads, mayLead);
      if (move.isEmpty()) {
        break;
      }
      Route moved =
          movable.stream()
              .filter(route -> route.getShard().getShardId() == move.get().shardId())
              .findFirst()
              .orElseThrow();
      movable.remove(moved);
      leads.merge(moved.getLeaderNodeId(), -1, Integer::sum);
      leads.merge(move.get().toNode(), 1, Integer::sum);
      moves.add(move.get());
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

  /** The move from whoever leads most to whoever leads least, if that evens them out. */
  private static Optional<Move> best(
      List<Route> movable, Map<Long, Integer> leads, Collection<Long> mayLead) {
    record Candidate(Move move, int gain) {}
    return movable.stream()
        .flatMap(
            route ->
                voters(route).stream()
                    .filter(mayLead::contains)
                    .map(
                        node ->
                            new Candidate(
                                new Move(route.getShard().getShardId(), node),
                                leads.getOrDefault(route.getLeaderNodeId(), 0)
                                    - leads.getOrDefault(node, 0))))
        .filter(candidate -> candidate.gain() >= 2)
        .max(Comparator.comparingInt(Candidate::gain))
        .map(Candidate::move);
  }

  private static List<Long> voters(Route route) {
    return route.getShard().getReplicasList().stream()
        .filter(replica -> replica.getRole() == ReplicaRole.REPLICA_ROLE_VOTER)
        .map(io.flotilla.contract.v1.Replica::getNodeId)
        .toList();
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
