package io.flotilla.shard;

import io.flotilla.contract.v1.ReplicaRole;
import io.flotilla.contract.v1.Route;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * How many shards each node leads, and what load they bring, as it will be when the moves of a plan
 * are done.
 */
final class LeaderTally {
  private final ToDoubleFunction<Route> loadOf;
  private final Map<Long, Integer> shards = new TreeMap<>();
  private final Map<Long, Double> load = new TreeMap<>();
  private final double mean;

  /**
   * The routes as they are.
   *
   * @param mayLead nodes that share the load
   * @param loadOf requests a second of a shard
   */
  LeaderTally(List<Route> routes, Collection<Long> mayLead, ToDoubleFunction<Route> loadOf) {
    this.loadOf = loadOf;
    for (Route route : routes) {
      if (route.getLeaderNodeId() != 0) {
        add(route.getLeaderNodeId(), 1, loadOf.applyAsDouble(route));
      }
    }
    double all = load.values().stream().mapToDouble(Double::doubleValue).sum();
    this.mean = all / Math.max(1, mayLead.size());
  }

  private void add(long node, int count, double requests) {
    shards.merge(node, count, Integer::sum);
    load.merge(node, requests, Double::sum);
  }

  void move(Route route, long to) {
    add(route.getLeaderNodeId(), -1, -loadOf.applyAsDouble(route));
    add(to, 1, loadOf.applyAsDouble(route));
  }

  int shards(long node) {
    return shards.getOrDefault(node, 0);
  }

  /** Requests a second of all that the node leads. */
  double load(long node) {
    return load.getOrDefault(node, 0.0);
  }

  double loadOf(Route route) {
    return loadOf.applyAsDouble(route);
  }

  /** What each node would have if all had the same. */
  double meanLoad() {
    return mean;
  }

  static List<Long> voters(Route route) {
    return route.getShard().getReplicasList().stream()
        .filter(replica -> replica.getRole() == ReplicaRole.REPLICA_ROLE_VOTER)
        .map(io.flotilla.contract.v1.Replica::getNodeId)
        .toList();
  }
}
