package io.flotilla.shard.placement;

import io.flotilla.contract.v1.OperationCause;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Nodes hold equally many replicas, to within one. */
final class BalanceRule implements Rule {
  private record Candidate(long from, NodeView to, int gain) {}

  @Override
  public Optional<Decision> look(ShardView shard, Board board) {
    if (!board.view().rebalance()) {
      return Optional.empty();
    }
    return shard.voterNodes().stream()
        .filter(board::isUp)
        .flatMap(from -> candidates(shard, board, from))
        .filter(candidate -> candidate.gain() >= 2)
        .max(
            Comparator.comparingInt(Candidate::gain)
                .thenComparingInt(c -> c.from() == shard.leaderNodeId() ? 0 : 1)
                .thenComparing(Candidate::from, Comparator.reverseOrder())
                .thenComparing(c -> c.to().nodeId(), Comparator.reverseOrder()))
        .map(best -> decision(shard, board, best));
  }

  private static Stream<Candidate> candidates(ShardView shard, Board board, long from) {
    Map<String, Integer> zones = board.zones(shard, from);
    int ownZone = zones.getOrDefault(board.zone(from), 0);
    return board.targets(shard, from).stream()
        .filter(to -> zones.getOrDefault(to.zone(), 0) <= ownZone)
        .map(to -> new Candidate(from, to, board.replicasOn(from) - board.replicasOn(to.nodeId())));
  }

  private static Decision decision(ShardView shard, Board board, Candidate best) {
    return Decision.of(
        new Move(
            shard.shardId(),
            best.from(),
            best.to().nodeId(),
            OperationCause.OPERATION_CAUSE_BALANCE),
        "node %d holds %d replicas, node %d holds %d"
            .formatted(
                best.from(),
                board.replicasOn(best.from()),
                best.to().nodeId(),
                board.replicasOn(best.to().nodeId())));
  }
}
