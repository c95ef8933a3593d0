package io.flotilla.server.health;

import io.flotilla.contract.v1.NodeState;
import io.flotilla.contract.v1.NodeStatusReply;
import java.util.ArrayList;
import java.util.List;

/**
 * What the nodes say of the shards that they lead, taken together.
 *
 * @param shards of the cluster, the system shard among them
 * @param ledShards whose leader answered
 * @param degradedShards of these, those of which another voter is silent or far behind
 * @param silentNodes that did not answer, by id
 */
public record ClusterHealth(int shards, int ledShards, int degradedShards, List<Long> silentNodes) {

  /**
   * Puts answers together.
   *
   * @param shards that the cluster has
   */
  static ClusterHealth of(int shards, List<NodeState> nodes) {
    int led = 0;
    int degraded = 0;
    List<Long> silent = new ArrayList<>();
    for (NodeState node : nodes) {
      NodeStatusReply status = node.getStatus();
      led += status.getLeadersTotal();
      degraded += status.getDegradedShards();
      if (!node.getReachable()) {
        silent.add(node.getNode().getNodeId());
      }
    }
    return new ClusterHealth(shards, led, degraded, List.copyOf(silent));
  }

  /** Whether any one node could be stopped and no shard would be without a majority. */
  public boolean isWhole() {
    return problems().isEmpty();
  }

  /** Why not; empty if it is whole. A silent node that no shard needs is none. */
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    String silent = silentNodes.isEmpty() ? "" : "; silent nodes: " + silentNodes;
    if (ledShards < shards) {
      problems.add(
          "%d of %d shards have no leader that answers%s"
              .formatted(shards - ledShards, shards, silent));
    }
    if (degradedShards > 0) {
      problems.add(
          "%d of %d shards have a voter that is silent or has not caught up%s"
              .formatted(degradedShards, shards, silent));
    }
    return List.copyOf(problems);
  }
}
