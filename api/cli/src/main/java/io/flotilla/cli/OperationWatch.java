package io.flotilla.cli;

import io.flotilla.client.Operation;
import io.flotilla.client.OperationState;
import io.flotilla.client.ReplicaStatus.FollowerStatus;
import io.flotilla.client.ShardInfo;
import java.util.Locale;
import java.util.Optional;

/** Says how far operations are. */
final class OperationWatch {
  private OperationWatch() {}

  /** How far an operation is; empty when it has ended. */
  static String progress(Cluster cluster, long operationId) {
    Optional<Operation> operation = cluster.placement().operation(operationId);
    if (operation.isEmpty() || operation.get().state().hasEnded()) {
      return "";
    }
    return "operation "
        + operationId
        + (operation.get().state() == OperationState.CANCELLING ? " is being taken back" : "")
        + behind(cluster, operation.get());
  }

  /** How far the new replica is behind, if the shard's leader knows of one. */
  private static String behind(Cluster cluster, Operation operation) {
    Optional<ShardInfo> shard = cluster.admin().shard(operation.shardId());
    return shard.flatMap(ShardTables::leader).stream()
        .flatMap(leader -> leader.followers().stream())
        .filter(follower -> follower.nodeId() == operation.toNodeId())
        .map(OperationWatch::words)
        .findFirst()
        .orElse(": begins");
  }

  private static String words(FollowerStatus follower) {
    return String.format(
        Locale.ROOT,
        ": node %d is catching up (%s, at index %d)",
        follower.nodeId(),
        follower.state(),
        follower.matchIndex());
  }

  /** How many replicas a node still has; empty when it has none. */
  static String remaining(Cluster cluster, long nodeId) {
    long held =
        cluster.admin().listShards(true).shards().stream()
            .filter(shard -> shard.replicas().stream().anyMatch(r -> r.nodeId() == nodeId))
            .count();
    return held == 0
        ? ""
        : "node %d still has replicas of %d shards, %d operations are under way"
            .formatted(nodeId, held, cluster.placement().operations(false).size());
  }

  /** Fails if an operation did not end as it should. */
  static Operation ended(Cluster cluster, long operationId) {
    Operation operation =
        cluster
            .placement()
            .operation(operationId)
            .orElseThrow(
                () -> new CommandFailure("NOT_FOUND", "operation " + operationId + " is gone"));
    if (operation.state() == OperationState.CANCELLED) {
      throw new CommandFailure(
          "CANCELLED", "operation " + operationId + " was taken back: " + operation.note());
    }
    return operation;
  }
}
