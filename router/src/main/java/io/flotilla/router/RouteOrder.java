package io.flotilla.router;

import io.flotilla.contract.v1.Epoch;
import io.flotilla.contract.v1.Replica;
import io.flotilla.contract.v1.Route;
import io.flotilla.contract.v1.ShardDescriptor;

/** Which of two routes is newer. */
final class RouteOrder {
  private RouteOrder() {}

  /** The newer descriptor of one shard with the newer leader that still holds a replica. */
  static Route newer(Route known, Route other) {
    Epoch knownEpoch = known.getShard().getEpoch();
    Epoch otherEpoch = other.getShard().getEpoch();
    boolean otherShard = compare(otherEpoch, knownEpoch) > 0;
    ShardDescriptor shard = otherShard ? other.getShard() : known.getShard();
    boolean otherLeads =
        other.getLeaderTerm() > known.getLeaderTerm()
            || (other.getLeaderTerm() == known.getLeaderTerm() && known.getLeaderNodeId() == 0);
    Route merged =
        otherShard || otherLeads
            ? (otherLeads ? other : known).toBuilder().setShard(shard).build()
            : known;
    return merged.getLeaderNodeId() == 0 || hasReplica(shard, merged.getLeaderNodeId())
        ? merged
        : merged.toBuilder().setLeaderNodeId(0).build();
  }

  /** Whether the route of another shard takes the place of this one where they overlap. */
  static boolean supersedes(Route route, Route other) {
    return compare(route.getShard().getEpoch(), other.getShard().getEpoch()) > 0;
  }

  static boolean hasReplica(ShardDescriptor shard, long nodeId) {
    for (Replica replica : shard.getReplicasList()) {
      if (replica.getNodeId() == nodeId) {
        return true;
      }
    }
    return false;
  }

  private static int compare(Epoch a, Epoch b) {
    int byRange = Long.compare(a.getRangeVersion(), b.getRangeVersion());
    return byRange != 0
        ? byRange
        : Long.compare(a.getMembershipVersion(), b.getMembershipVersion());
  }
}
