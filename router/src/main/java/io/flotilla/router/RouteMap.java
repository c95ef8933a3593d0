package io.flotilla.router;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.KeyRange;
import io.flotilla.contract.v1.Route;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which shard holds which keys, and who leads it, at one time. Immutable. Ranges do not overlap;
 * there may be holes where nothing is known yet. The system shard is found by its id only, because
 * its range is not part of the users' key space.
 */
public final class RouteMap {
  /** Id of the shard that holds the catalog. */
  public static final long SYSTEM_SHARD_ID = 1;

  static final Comparator<ByteString> KEY_ORDER = ByteString.unsignedLexicographicalComparator();

  static final RouteMap EMPTY = new RouteMap(new Route[0], new Route[0]);

  /** User shards by start key. */
  private final Route[] byStart;

  /** All shards by id. */
  private final Route[] byId;

  private RouteMap(Route[] byStart, Route[] byId) {
    this.byStart = byStart;
    this.byId = byId;
  }

  /** The shard that holds the key; null: not known. */
  public @Nullable Route lookup(ByteString key) {
    int index = floor(key);
    return index >= 0 && contains(range(byStart[index]), key) ? byStart[index] : null;
  }

  /**
   * The shard that holds the last keys before {@code end}; null: not known.
   *
   * @param end empty: after the last possible key
   */
  public @Nullable Route lookupBefore(ByteString end) {
    int index = end.isEmpty() ? byStart.length - 1 : lower(end);
    if (index < 0) {
      return null;
    }
    ByteString rangeEnd = range(byStart[index]).getEnd();
    boolean reaches =
        rangeEnd.isEmpty() || (!end.isEmpty() && KEY_ORDER.compare(rangeEnd, end) >= 0);
    return reaches ? byStart[index] : null;
  }

  /** The shard with the id; null: not known. */
  public @Nullable Route shard(long shardId) {
    int index = idIndex(shardId);
    return index >= 0 ? byId[index] : null;
  }

  /** User shards in key order. */
  public List<Route> userRoutes() {
    return List.of(byStart);
  }

  /** All shards, the system shard first, the others in key order. */
  public List<Route> allRoutes() {
    List<Route> all = new ArrayList<>(byStart.length + 1);
    Route system = shard(SYSTEM_SHARD_ID);
    if (system != null) {
      all.add(system);
    }
    all.addAll(Arrays.asList(byStart));
    return all;
  }

  /** User shards that overlap the range, in key order. */
  public List<Route> overlapping(KeyRange range) {
    List<Route> found = new ArrayList<>();
    for (int i = Math.max(0, floor(range.getStart())); i < byStart.length; i++) {
      KeyRange other = range(byStart[i]);
      if (!range.getEnd().isEmpty() && KEY_ORDER.compare(other.getStart(), range.getEnd()) >= 0) {
        break;
      }
      if (overlap(range, other)) {
        found.add(byStart[i]);
      }
    }
    return found;
  }

  /**
   * This map with what is newer in the routes; the same object if nothing is.
   *
   * <p>Of one shard the higher (range version, membership version) wins; independently of that the
   * leader of the higher term, if it still holds a replica. Of different shards that overlap the
   * higher range version wins and the other is forgotten: it will be learnt anew.
   */
  RouteMap merge(Collection<Route> routes) {
    Builder builder = null;
    for (Route route : routes) {
      Route known = builder == null ? shard(id(route)) : builder.ids.get(id(route));
      Route merged = known == null ? route : RouteOrder.newer(known, route);
      if (merged.equals(known)) {
        continue;
      }
      if (routes.size() == 1 && known != null && range(known).equals(range(merged))) {
        return replace(merged);
      }
      if (builder == null) {
        builder = new Builder(this);
      }
      builder.put(known, merged);
    }
    return builder == null || !builder.changed ? this : builder.build();
  }

  /** This map with another route for a known shard whose range has not changed. */
  RouteMap replace(Route route) {
    Route[] starts = byStart.clone();
    Route[] ids = byId.clone();
    ids[idIndex(id(route))] = route;
    if (id(route) != SYSTEM_SHARD_ID) {
      starts[floor(range(route).getStart())] = route;
    }
    return new RouteMap(starts, ids);
  }

  private int idIndex(long shardId) {
    int low = 0;
    int high = byId.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = Long.compare(id(byId[middle]), shardId);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  /** Last index whose start is not after the key; -1: none. */
  private int floor(ByteString key) {
    return below(key, 1);
  }

  /** Last index whose start is before the key; -1: none. */
  private int lower(ByteString key) {
    return below(key, 0);
  }

  private int below(ByteString key, int bound) {
    int low = 0;
    int high = byStart.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (KEY_ORDER.compare(range(byStart[middle]).getStart(), key) < bound) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  static long id(Route route) {
    return route.getShard().getShardId();
  }

  static KeyRange range(Route route) {
    return route.getShard().getRange();
  }

  static boolean contains(KeyRange range, ByteString key) {
    return KEY_ORDER.compare(range.getStart(), key) <= 0
        && (range.getEnd().isEmpty() || KEY_ORDER.compare(key, range.getEnd()) < 0);
  }

  static boolean overlap(KeyRange a, KeyRange b) {
    return (b.getEnd().isEmpty() || KEY_ORDER.compare(a.getStart(), b.getEnd()) < 0)
        && (a.getEnd().isEmpty() || KEY_ORDER.compare(b.getStart(), a.getEnd()) < 0);
  }

  /** A map under change. */
  private static final class Builder {
    final NavigableMap<ByteString, Route> starts = new TreeMap<>(KEY_ORDER);
    final NavigableMap<Long, Route> ids = new TreeMap<>();
    boolean changed;

    Builder(RouteMap map) {
      for (Route route : map.byStart) {
        starts.put(range(route).getStart(), route);
      }
      for (Route route : map.byId) {
        ids.put(id(route), route);
      }
    }

    void put(@Nullable Route known, Route route) {
      if (id(route) != SYSTEM_SHARD_ID) {
        List<Route> others = overlappingOthers(route);
        for (Route other : others) {
          if (!RouteOrder.supersedes(route, other)) {
            return;
          }
        }
        for (Route other : others) {
          starts.remove(range(other).getStart());
          ids.remove(id(other));
        }
        if (known != null) {
          starts.remove(range(known).getStart());
        }
        starts.put(range(route).getStart(), route);
      }
      ids.put(id(route), route);
      changed = true;
    }

    private List<Route> overlappingOthers(Route route) {
      KeyRange range = range(route);
      ByteString from = starts.floorKey(range.getStart());
      List<Route> found = new ArrayList<>();
      for (Route other : starts.tailMap(from == null ? range.getStart() : from, true).values()) {
        if (!range.getEnd().isEmpty()
            && KEY_ORDER.compare(range(other).getStart(), range.getEnd()) >= 0) {
          break;
        }
        if (id(other) != id(route) && overlap(range, range(other))) {
          found.add(other);
        }
      }
      return found;
    }

    RouteMap build() {
      return new RouteMap(
          starts.values().toArray(new Route[0]), ids.values().toArray(new Route[0]));
    }
  }
}
