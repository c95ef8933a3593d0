package io.flotilla.shard.placement;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Finds what is to be moved. Pure. */
public final class Planner {
  private static final List<Rule> RULES =
      List.of(
          new LeaveRule(), new CountRule(), new LeftoverRule(), new ZoneRule(), new BalanceRule());

  /**
   * Rounds of a whole plan: each moves one replica of each shard at most, and a shard has no more
   * than 7, each of which moves once at most before it is where it should be.
   */
  private static final int MAX_ROUNDS = 16;

  private Planner() {}

  /**
   * Moves, and what stands in the way of others.
   *
   * @param moves in the order in which they are to begin
   * @param stuck by shard, why it should move and cannot
   */
  public record Plan(List<Move> moves, Map<Long, String> stuck) {}

  /** What becomes of one shard. */
  public static Decision decide(ClusterView view, ShardView shard) {
    return decide(shard, new Board(view));
  }

  /** What is to begin now, within the limits. */
  public static Plan next(ClusterView view) {
    Board board = new Board(view);
    List<Move> moves = new ArrayList<>();
    Map<Long, String> stuck = new TreeMap<>();
    for (ShardView shard : view.shards()) {
      Decision decision = decide(shard, board);
      decision.move().ifPresent(moves::add);
      decision.move().ifPresent(board::add);
      if (decision.stuck()) {
        stuck.put(shard.shardId(), decision.text());
      }
    }
    return new Plan(moves, stuck);
  }

  /** All that is to be done until nothing is left, limits aside. Moves under way count as done. */
  public static Plan whole(ClusterView view) {
    List<Move> all = new ArrayList<>();
    ClusterView now = Outcome.of(view.with(ClusterView.Limits.NONE), view.underWay());
    Plan step = next(now);
    for (int i = 0; i < MAX_ROUNDS && !step.moves().isEmpty(); i++) {
      all.addAll(step.moves());
      now = Outcome.of(now, step.moves());
      step = next(now);
    }
    return new Plan(all, step.stuck());
  }

  private static Decision decide(ShardView shard, Board board) {
    Optional<Move> underWay = board.moveOf(shard.shardId());
    if (underWay.isPresent()) {
      return Decision.none(underWay.get().inWords() + ": under way");
    }
    if (shard.descriptor().isJoint()) {
      return Decision.none("its membership is being changed");
    }
    for (Rule rule : RULES) {
      Optional<Decision> decision = rule.look(shard, board);
      if (decision.isPresent()) {
        return withinLimits(decision.get(), board);
      }
    }
    return Decision.none(
        "%d voters on nodes %s, as it should be%s"
            .formatted(
                shard.voterNodes().size(),
                Board.list(shard.voterNodes()),
                board.view().rebalance() ? "" : "; rebalancing is off"));
  }

  private static Decision withinLimits(Decision decision, Board board) {
    String wait = decision.move().map(board::whyNotNow).orElse("");
    return wait.isEmpty()
        ? decision
        : Decision.none(decision.text() + "; it waits, because " + wait);
  }
}
