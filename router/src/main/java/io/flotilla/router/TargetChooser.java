package io.flotilla.router;

import io.flotilla.contract.v1.Replica;
import io.flotilla.contract.v1.ReplicaRole;
import io.flotilla.contract.v1.Route;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Picks the node for each try of one call: the leader, then the other voters, each once a round,
 * and none that is left alone because it does not answer anybody. What any replica may answer goes
 * to the own node if it has one, else to the replicas in an order drawn for each try, so that the
 * load is spread over all of them. Confined to its call.
 */
final class TargetChooser {
  /** Nodes that cannot answer in this round. */
  private final Set<Long> avoided = new LinkedHashSet<>();

  /** Nodes that could not be reached in this call. */
  private final Set<Long> unreachable = new LinkedHashSet<>();

  private final @Nullable LocalNode local;
  private final RouteCache cache;
  private final GuardedTransport transport;
  private final Backoff.Jitter jitter;

  TargetChooser(
      @Nullable LocalNode local,
      RouteCache cache,
      GuardedTransport transport,
      Backoff.Jitter jitter) {
    this.local = local;
    this.cache = cache;
    this.transport = transport;
    this.jitter = jitter;
  }

  /**
   * Where a try goes.
   *
   * @param nodeId 0: not known, an address only
   * @param address null: the local node
   * @param proxied the node finds the shard itself and passes the request on
   */
  record Target(long nodeId, @Nullable NodeAddress address, boolean proxied) {
    @Override
    public String toString() {
      String node = nodeId == 0 ? "" : "node " + nodeId;
      return address == null ? node : node.isEmpty() ? address.toString() : node + " at " + address;
    }
  }

  /**
   * The next node of the round; null: all have been asked.
   *
   * @param anyReplica whether any replica may answer, be it a follower or a learner
   */
  @Nullable Target next(Route route, boolean anyReplica) {
    for (long nodeId : candidates(route, anyReplica)) {
      if (avoided.contains(nodeId)) {
        continue;
      }
      if (local != null && local.nodeId() == nodeId) {
        return new Target(nodeId, null, false);
      }
      NodeAddress address = cache.directory().address(nodeId);
      if (address == null) {
        continue;
      }
      if (transport.retryAfterMillis(address) == 0) {
        return new Target(nodeId, address, false);
      }
      unreachable(nodeId);
    }
    return null;
  }

  /**
   * After how many milliseconds one of the nodes may be asked again; 0: at least one of them
   * answers, if only that it is not the leader.
   */
  int retryAfterMillis(Route route, boolean anyReplica) {
    int least = Integer.MAX_VALUE;
    for (long nodeId : candidates(route, anyReplica)) {
      NodeAddress address = cache.directory().address(nodeId);
      if (local != null && local.nodeId() == nodeId) {
        return 0;
      }
      if (address != null) {
        least = Math.min(least, transport.retryAfterMillis(address));
      }
    }
    return least == Integer.MAX_VALUE ? 0 : least;
  }

  /**
   * Any node that can pass a request on, rather one that was reached in this call; only for callers
   * that are no node themselves.
   */
  @Nullable Target proxy(long preferredNodeId) {
    NodeAddress preferred = cache.directory().address(preferredNodeId);
    if (preferred != null
        && !unreachable.contains(preferredNodeId)
        && transport.retryAfterMillis(preferred) == 0) {
      return new Target(preferredNodeId, preferred, true);
    }
    List<NodeAddress> contacts = cache.contacts();
    List<NodeAddress> hopeful = new ArrayList<>(contacts);
    for (long nodeId : unreachable) {
      hopeful.remove(cache.directory().address(nodeId));
    }
    hopeful.removeIf(address -> transport.retryAfterMillis(address) > 0);
    List<NodeAddress> choice = hopeful.isEmpty() ? contacts : hopeful;
    return choice.isEmpty() ? null : new Target(0, choice.get(jitter.below(choice.size())), true);
  }

  /** The node cannot answer in this round. */
  void avoid(long nodeId) {
    avoided.add(nodeId);
  }

  /** The node did not answer. */
  void unreachable(long nodeId) {
    avoided.add(nodeId);
    unreachable.add(nodeId);
  }

  boolean isUnreachable(long nodeId) {
    if (unreachable.contains(nodeId)) {
      return true;
    }
    NodeAddress address = cache.directory().address(nodeId);
    return address != null && transport.retryAfterMillis(address) > 0;
  }

  boolean isAvoided(long nodeId) {
    return avoided.contains(nodeId);
  }

  /** Begins a round. */
  void newRound() {
    avoided.clear();
  }

  private List<Long> candidates(Route route, boolean anyReplica) {
    List<Long> nodes = new ArrayList<>(route.getShard().getReplicasCount() + 1);
    for (Replica replica : route.getShard().getReplicasList()) {
      if (anyReplica || replica.getRole() != ReplicaRole.REPLICA_ROLE_LEARNER) {
        nodes.add(replica.getNodeId());
      }
    }
    if (nodes.size() > 1) {
      Collections.rotate(nodes, jitter.below(nodes.size()));
    }
    if (local != null && nodes.remove(local.nodeId())) {
      nodes.add(0, local.nodeId());
    }
    if (!anyReplica && route.getLeaderNodeId() != 0) {
      nodes.remove(route.getLeaderNodeId());
      nodes.add(0, route.getLeaderNodeId());
    }
    return nodes;
  }
}
