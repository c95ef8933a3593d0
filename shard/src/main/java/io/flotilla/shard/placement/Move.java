package io.flotilla.shard.placement;

import io.flotilla.contract.v1.OperationCause;

/**
 * One replica comes, goes, or both.
 *
 * @param shardId of which shard
 * @param fromNodeId loses its replica; 0: none does
 * @param toNodeId gets one; 0: none does
 * @param cause why
 */
public record Move(long shardId, long fromNodeId, long toNodeId, OperationCause cause) {

  /** Whether the node sends, receives or drops something. */
  boolean concerns(long nodeId) {
    return nodeId == fromNodeId || nodeId == toNodeId;
  }

  /** What happens, without the shard. */
  public String inWords() {
    if (toNodeId == 0) {
      return "removes its replica from node " + fromNodeId;
    }
    return fromNodeId == 0
        ? "gets a replica on node " + toNodeId
        : "moves its replica from node " + fromNodeId + " to node " + toNodeId;
  }
}
