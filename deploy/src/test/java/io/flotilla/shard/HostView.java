package io.flotilla.shard;

import java.util.ArrayList;
import java.util.List;

/** The replicas of one node, as their loops know them. In the simulation's one thread. */
public final class HostView {
  private final List<ShardLoop> loops = new ArrayList<>();
  private final List<ReplicaView> replicas = new ArrayList<>();

  /** A view of the host, as long as it lives. */
  public HostView(ShardHost host) {
    for (long i = 0; !loops.contains(host.loopOf(i)); i++) {
      loops.add(host.loopOf(i));
    }
  }

  /** The replicas there now; one that stays has the same view each time. */
  public List<ReplicaView> replicas() {
    int at = 0;
    for (ShardLoop loop : loops) {
      for (Replica replica : loop.replicas()) {
        if (at >= replicas.size() || !replicas.get(at).shows(replica)) {
          return collect();
        }
        at++;
      }
    }
    return at == replicas.size() ? replicas : collect();
  }

  private List<ReplicaView> collect() {
    List<ReplicaView> before = List.copyOf(replicas);
    replicas.clear();
    for (ShardLoop loop : loops) {
      for (Replica replica : loop.replicas()) {
        replicas.add(
            before.stream()
                .filter(view -> view.shows(replica))
                .findFirst()
                .orElseGet(() -> new ReplicaView(replica)));
      }
    }
    return replicas;
  }
}
