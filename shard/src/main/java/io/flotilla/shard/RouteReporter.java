package io.flotilla.shard;

import io.flotilla.contract.v1.CatalogUpdateRequest;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.Route;
import io.flotilla.contract.v1.RouteReport;
import io.flotilla.shard.descriptor.ShardDescriptor;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Tells the catalog what the leaders on this node lead. Any thread.
 *
 * <p>One report at a time: what changes meanwhile goes into the next one, newest only, so a node
 * sends few reports however many shards change. What could not be delivered is sent again with the
 * next tick. The catalog sorts out late and doubled reports.
 */
final class RouteReporter {
  private static final int MAX_ROUTES_PER_REPORT = 1_000;

  private final Function<Request, CompletableFuture<Reply>> cluster;
  private final Map<Long, Route> waiting = new TreeMap<>();
  private boolean underWay;

  RouteReporter(Function<Request, CompletableFuture<Reply>> cluster) {
    this.cluster = cluster;
  }

  /** The route is new; it leaves with the next tick. */
  synchronized void changed(Route route) {
    if (route.getShard().getShardId() != ShardDescriptor.SYSTEM_SHARD_ID) {
      waiting.put(route.getShard().getShardId(), route);
    }
  }

  /** Sends what waits, unless a report is under way. */
  void send() {
    Map<Long, Route> sent = take();
    if (sent.isEmpty()) {
      return;
    }
    Request request =
        Request.newBuilder()
            .setCatalogUpdate(
                CatalogUpdateRequest.newBuilder()
                    .setReportRoutes(RouteReport.newBuilder().addAllRoutes(sent.values())))
            .build();
    var unused =
        cluster
            .apply(request)
            .whenComplete((reply, failure) -> done(sent, failure == null && !reply.hasError()));
  }

  private synchronized Map<Long, Route> take() {
    Map<Long, Route> taken = new TreeMap<>();
    if (!underWay) {
      for (Map.Entry<Long, Route> entry : waiting.entrySet()) {
        if (taken.size() == MAX_ROUTES_PER_REPORT) {
          break;
        }
        taken.put(entry.getKey(), entry.getValue());
      }
      waiting.keySet().removeAll(taken.keySet());
      underWay = !taken.isEmpty();
    }
    return taken;
  }

  private synchronized void done(Map<Long, Route> sent, boolean ok) {
    underWay = false;
    if (!ok) {
      sent.forEach(waiting::putIfAbsent);
    }
  }
}
