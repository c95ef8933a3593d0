package io.flotilla.shard.placement;

import io.flotilla.contract.v1.OperationCause;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A shard has as many voters as it should. */
final class CountRule implements Rule {
  @Override
  public Optional<Decision> look(ShardView shard, Board board) {
    Set<Long> voters = shard.voterNodes();
    if (voters.size() < board.possible(shard.wanted())) {
      return Optional.of(more(shard, board));
    }
    return voters.size() > shard.wanted() ? Optional.of(fewer(shard, board)) : Optional.empty();
  }

  private static Decision more(ShardView shard, Board board) {
    String why = "it has %d of %d voters".formatted(shard.voterNodes().size(), shard.wanted());
    List<NodeView> targets = board.targets(shard, 0);
    return targets.isEmpty()
        ? Decision.stuck(why + ", and no node can take another: " + board.whyNobody(shard))
        : Decision.of(
            new Move(
                shard.shardId(),
                0,
                targets.get(0).nodeId(),
                OperationCause.OPERATION_CAUSE_TOO_FEW),
            why);
  }

  /** Only while all the others answer: a voter too many may be the one that is needed. */
  private static Decision fewer(ShardView shard, Board board) {
    String why = "it has %d voters, not %d".formatted(shard.voterNodes().size(), shard.wanted());
    List<Long> silent = shard.voterNodes().stream().filter(node -> !board.isUp(node)).toList();
    if (!silent.isEmpty()) {
      return Decision.none(why + ", but not all of them answer: " + Board.list(silent));
    }
    long node = board.mostDispensable(shard, shard.voterNodes()).orElseThrow();
    return Decision.of(
        new Move(shard.shardId(), node, 0, OperationCause.OPERATION_CAUSE_TOO_MANY), why);
  }
}
