package io.flotilla.shard;

import io.flotilla.contract.v1.OperationCause;
import io.flotilla.contract.v1.OperationState;
import java.util.List;

/**
 * A node's replicas at about one moment.
 *
 * @param replicas in the order of their shards
 * @param mailboxes calls and messages that wait for each loop
 * @param operations of the catalog, where the system shard is led; empty elsewhere
 */
public record HostStats(
    List<ReplicaStats> replicas, List<Integer> mailboxes, List<Operations> operations) {

  /** How many operations there are of a cause in a state. */
  public record Operations(OperationCause cause, OperationState state, int count) {}

  /** Shards led here of which another voter is silent or far behind. */
  public int degraded() {
    return (int) replicas.stream().filter(replica -> replica.health().degraded()).count();
  }
}
