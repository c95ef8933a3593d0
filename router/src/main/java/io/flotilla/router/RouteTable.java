package io.flotilla.router;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.Route;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The newest known {@link RouteMap}. Thread-safe: readers take a snapshot without a lock, changes
 * swap it. Routes are ordered by their epochs and terms, so the order in which they arrive does not
 * matter.
 */
public final class RouteTable {
  private volatile RouteMap current = RouteMap.EMPTY;

  /** All that is known now. */
  public RouteMap snapshot() {
    return current;
  }

  /** The shard that holds the key; null: not known. */
  public @Nullable Route lookup(ByteString key) {
    return snapshot().lookup(key);
  }

  /** Takes over what is newer; returns whether anything was. */
  public synchronized boolean merge(Collection<Route> routes) {
    RouteMap before = current;
    RouteMap after = before.merge(routes);
    current = after;
    return after != before;
  }

  /**
   * Notes whom an answer named as the leader, 0: nobody. A hint has no term, so it changes only the
   * route it was given for, and any route of a higher term corrects it.
   */
  synchronized void leaderHint(Route seen, long leaderNodeId) {
    RouteMap before = current;
    Route known = before.shard(RouteMap.id(seen));
    if (known != null
        && known.getLeaderTerm() == seen.getLeaderTerm()
        && known.getLeaderNodeId() != leaderNodeId
        && known.getShard().equals(seen.getShard())) {
      current = before.replace(known.toBuilder().setLeaderNodeId(leaderNodeId).build());
    }
  }

  /** All shards, the system shard first, the others in key order. */
  public List<Route> routes() {
    return snapshot().allRoutes();
  }
}
