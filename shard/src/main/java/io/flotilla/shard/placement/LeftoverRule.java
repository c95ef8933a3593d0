package io.flotilla.shard.placement;

import io.flotilla.contract.v1.OperationCause;
import java.util.Optional;

/**
 * A copy without a vote that no operation uses goes: one that was taken back late, or that a split
 * made of one on its way.
 */
final class LeftoverRule implements Rule {
  @Override
  public Optional<Decision> look(ShardView shard, Board board) {
    if (!board.view().rebalance()) {
      return Optional.empty();
    }
    return shard.learnerNodes().stream()
        .findFirst()
        .map(
            node ->
                Decision.of(
                    new Move(shard.shardId(), node, 0, OperationCause.OPERATION_CAUSE_LEFTOVER),
                    "no operation uses the copy without a vote"));
  }
}
