package io.flotilla.shard.placement;

import io.flotilla.contract.v1.NodeMode;
import io.flotilla.contract.v1.OperationCause;
import java.util.List;
import java.util.Optional;

/** A shard leaves nodes that are dead, and nodes that drain, one replica after the other. */
final class LeaveRule implements Rule {
  @Override
  public Optional<Decision> look(ShardView shard, Board board) {
    Optional<Long> dead =
        shard.descriptor().replicas().stream()
            .map(replica -> replica.nodeId())
            .filter(board::isGone)
            .findFirst();
    if (dead.isPresent()) {
      long node = dead.get();
      return Optional.of(
          leave(shard, board, node, OperationCause.OPERATION_CAUSE_DEAD_NODE, "is dead"));
    }
    return shard.descriptor().replicas().stream()
        .map(replica -> replica.nodeId())
        .filter(node -> isDraining(board, node))
        .findFirst()
        .map(n -> leave(shard, board, n, OperationCause.OPERATION_CAUSE_DRAIN, "drains"));
  }

  private static boolean isDraining(Board board, long node) {
    return board.node(node).filter(n -> n.mode() == NodeMode.NODE_MODE_DRAINING).isPresent();
  }

  private static Decision leave(
      ShardView shard, Board board, long node, OperationCause cause, String why) {
    boolean dispensable =
        !shard.voterNodes().contains(node) || shard.voterNodes().size() > shard.wanted();
    if (dispensable) {
      return Decision.of(new Move(shard.shardId(), node, 0, cause), "node " + node + " " + why);
    }
    List<NodeView> targets = board.targets(shard, node);
    if (targets.isEmpty()) {
      return Decision.stuck(
          "should leave node %d, which %s, but no other node can take it: %s"
              .formatted(node, why, board.whyNobody(shard)));
    }
    return Decision.of(
        new Move(shard.shardId(), node, targets.get(0).nodeId(), cause),
        "node " + node + " " + why);
  }
}
