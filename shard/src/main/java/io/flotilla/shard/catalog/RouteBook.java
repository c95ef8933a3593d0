package io.flotilla.shard.catalog;

import io.flotilla.contract.v1.Route;
import io.flotilla.raft.Payload;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.KeyRange;
import io.flotilla.storage.ReplicaState;
import io.flotilla.storage.Table;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * What leaders reported of their shards, and what readers are shown of it. Rows: {@code S} + shard
 * id → the newest Route, {@code V} + shard id → a Route that is shown and hides newer ones.
 *
 * <p>The halves of a split are reported by whoever leads them: one may come long before the other,
 * and a later split before an earlier one. The routes shown tile the key space all the same: an old
 * one stays until the newest ones cover all of its range. As a shard keeps its first key for ever,
 * the ends of shards lead from each to the next.
 */
final class RouteBook {
  static final char NEWEST = 'S';
  static final char HIDING = 'V';

  private final ReplicaState rows;
  private final NavigableMap<Payload, Route> newest = new TreeMap<>();
  private final NavigableMap<Payload, Route> shown = new TreeMap<>();
  private final Set<Payload> hiding = new HashSet<>();

  RouteBook(ReplicaState rows) {
    this.rows = rows;
  }

  /** Writes the route of a new cluster's shard. */
  static void seed(ReplicaState rows, Route route) {
    rows.put(Table.DATA, row(NEWEST, route), CatalogStateMachine.encode(route));
  }

  void loadNewest(Route route) {
    newest.put(range(route).start(), route);
  }

  void loadHiding(Route route) {
    shown.put(range(route).start(), route);
    hiding.add(range(route).start());
  }

  /** All rows were read. */
  void loaded() {
    List<Route> old = List.copyOf(shown.values());
    for (Map.Entry<Payload, Route> entry : newest.entrySet()) {
      if (old.stream().noneMatch(route -> range(route).contains(entry.getKey()))) {
        shown.put(entry.getKey(), entry.getValue());
      }
    }
  }

  /** Routes that tile the key space, in key order. */
  List<Route> shown() {
    return List.copyOf(shown.values());
  }

  /** The newest routes of certain shards. */
  List<Route> newestOf(Set<Long> shardIds) {
    return newest.values().stream()
        .filter(route -> shardIds.contains(route.getShard().getShardId()))
        .toList();
  }

  /** Ids of the shards that have a replica on the node, as reported last. */
  List<Long> shardsOn(long nodeId) {
    return newest.values().stream()
        .map(Route::getShard)
        .filter(shard -> Descriptors.fromProto(shard).replicaOn(nodeId).isPresent())
        .map(shard -> shard.getShardId())
        .toList();
  }

  /** Takes the route over if it is newer than what is known of its shard. */
  void report(Route route) {
    Payload start = range(route).start();
    Route known = newest.get(start);
    if (known != null && !isNewer(route, known)) {
      return;
    }
    newest.put(start, route);
    rows.put(Table.DATA, row(NEWEST, route), CatalogStateMachine.encode(route));
    Map.Entry<Payload, Route> before = shown.floorEntry(start);
    Route cover =
        before != null && range(before.getValue()).contains(start) ? before.getValue() : route;
    shown.remove(range(cover).start());
    parts(cover).forEach(this::show);
  }

  /** The newest routes that cover exactly this one, or itself while some are missing. */
  private List<Route> parts(Route cover) {
    List<Route> parts = new ArrayList<>();
    Payload end = range(cover).end();
    Payload at = range(cover).start();
    do {
      Route part = newest.get(at);
      if (part == null) {
        return List.of(cover);
      }
      parts.add(part);
      at = range(part).end();
    } while (!at.equals(end) && !at.isEmpty());
    return at.equals(end) ? parts : List.of(cover);
  }

  private void show(Route route) {
    KeyRange range = range(route);
    shown.put(range.start(), route);
    Payload next = newest.higherKey(range.start());
    boolean hides =
        !route.equals(newest.get(range.start())) || (next != null && range.contains(next));
    if (hides) {
      hiding.add(range.start());
      rows.put(Table.DATA, row(HIDING, route), CatalogStateMachine.encode(route));
    } else if (hiding.remove(range.start())) {
      rows.delete(Table.DATA, row(HIDING, route));
    }
  }

  /** By epoch first, then by term (M17). */
  private static boolean isNewer(Route route, Route known) {
    var epoch = route.getShard().getEpoch();
    var knownEpoch = known.getShard().getEpoch();
    if (epoch.getRangeVersion() != knownEpoch.getRangeVersion()) {
      return epoch.getRangeVersion() > knownEpoch.getRangeVersion();
    }
    if (epoch.getMembershipVersion() != knownEpoch.getMembershipVersion()) {
      return epoch.getMembershipVersion() > knownEpoch.getMembershipVersion();
    }
    return route.getLeaderTerm() > known.getLeaderTerm();
  }

  private static KeyRange range(Route route) {
    return Descriptors.fromProto(route.getShard().getRange());
  }

  private static Payload row(char kind, Route route) {
    return CatalogStateMachine.row(kind, route.getShard().getShardId());
  }
}
