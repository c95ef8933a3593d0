package io.flotilla.router;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.KeyRange;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.Route;
import io.flotilla.contract.v1.ScanRequest;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** To which shard a request goes, decided anew at each try because shards split meanwhile. */
interface Plan {
  /** Where the request goes with these routes. */
  Aim aim(RouteMap routes);

  /** The operation to send; null: to a node that finds the shard itself. */
  Request request(@Nullable Route route);

  /**
   * Where a request goes.
   *
   * @param route the shard; null: not known, or there is no such single shard
   * @param crosses the keys lie in different shards
   */
  record Aim(@Nullable Route route, boolean crosses) {
    static final Aim UNKNOWN = new Aim(null, false);
    static final Aim CROSSES = new Aim(null, true);

    static Aim at(@Nullable Route route) {
      return route == null ? UNKNOWN : new Aim(route, false);
    }
  }

  /**
   * To the shard that holds all keys of the request.
   *
   * @param operation the request, sent as it is
   * @param keys at least one
   */
  record OfKeys(Request operation, List<ByteString> keys) implements Plan {
    @Override
    public Aim aim(RouteMap routes) {
      Route route = routes.lookup(keys.get(0));
      if (route == null) {
        return Aim.UNKNOWN;
      }
      for (ByteString key : keys) {
        if (!RouteMap.contains(RouteMap.range(route), key)) {
          return routes.lookup(key) == null ? Aim.UNKNOWN : Aim.CROSSES;
        }
      }
      return Aim.at(route);
    }

    @Override
    public Request request(@Nullable Route route) {
      return operation;
    }
  }

  /**
   * To the shard with the id.
   *
   * @param operation the request, sent as it is
   * @param shardId the shard
   */
  record OfShard(Request operation, long shardId) implements Plan {
    @Override
    public Aim aim(RouteMap routes) {
      return Aim.at(routes.shard(shardId));
    }

    @Override
    public Request request(@Nullable Route route) {
      return operation;
    }
  }

  /** To the shard at the near end of a range, for the part of the range that it holds. */
  final class OfRange implements Plan {
    private final Request operation;
    private KeyRange asked = KeyRange.getDefaultInstance();

    OfRange(Request scan) {
      this.operation = scan;
    }

    @Override
    public Aim aim(RouteMap routes) {
      KeyRange wanted = operation.getScan().getRange();
      return Aim.at(
          operation.getScan().getReverse()
              ? routes.lookupBefore(wanted.getEnd())
              : routes.lookup(wanted.getStart()));
    }

    @Override
    public Request request(@Nullable Route route) {
      KeyRange wanted = operation.getScan().getRange();
      asked = route == null ? wanted : common(wanted, RouteMap.range(route));
      ScanRequest part = operation.getScan().toBuilder().setRange(asked).build();
      return operation.toBuilder().setScan(part).build();
    }

    /** The part of the range that the last request asked for. */
    KeyRange asked() {
      return asked;
    }

    private static KeyRange common(KeyRange a, KeyRange b) {
      return KeyRange.newBuilder()
          .setStart(later(a.getStart(), b.getStart()))
          .setEnd(earlier(a.getEnd(), b.getEnd()))
          .build();
    }

    private static ByteString later(ByteString a, ByteString b) {
      return RouteMap.KEY_ORDER.compare(a, b) >= 0 ? a : b;
    }

    private static ByteString earlier(ByteString a, ByteString b) {
      if (a.isEmpty() || b.isEmpty()) {
        return Objects.requireNonNull(a.isEmpty() ? b : a);
      }
      return RouteMap.KEY_ORDER.compare(a, b) <= 0 ? a : b;
    }
  }
}
