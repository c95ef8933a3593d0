package io.flotilla.shard.placement;

import io.flotilla.contract.v1.OperationCause;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Voters are spread over zones as evenly as the nodes allow. */
final class ZoneRule implements Rule {
  @Override
  public Optional<Decision> look(ShardView shard, Board board) {
    if (!board.view().rebalance()) {
      return Optional.empty();
    }
    Map<String, Integer> zones = board.zones(shard, 0);
    int most = zones.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    List<Long> crowded =
        shard.voterNodes().stream()
            .filter(n -> zones.getOrDefault(board.zone(n), 0) == most)
            .toList();
    return board.mostDispensable(shard, crowded).flatMap(node -> spread(shard, board, node));
  }

  private static Optional<Decision> spread(ShardView shard, Board board, long node) {
    Map<String, Integer> zones = board.zones(shard, 0);
    String crowdedZone = board.zone(node);
    return board.targets(shard, node).stream()
        .filter(to -> zones.getOrDefault(crowdedZone, 0) - zones.getOrDefault(to.zone(), 0) >= 2)
        .findFirst()
        .map(
            to ->
                Decision.of(
                    new Move(
                        shard.shardId(), node, to.nodeId(), OperationCause.OPERATION_CAUSE_ZONES),
                    "%d voters are in zone '%s', %d in zone '%s'"
                        .formatted(
                            zones.get(crowdedZone),
                            crowdedZone,
                            zones.getOrDefault(to.zone(), 0),
                            to.zone())));
  }
}
