package io.flotilla.router;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.GetCatalogReply;
import io.flotilla.contract.v1.NodeInfo;
import io.flotilla.contract.v1.Route;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that a router knows about its cluster: the {@link RouteTable}, the {@link NodeDirectory}, the
 * version of the catalog they come from, and the addresses to ask when nothing is known.
 * Thread-safe.
 */
public final class RouteCache {
  private static final Logger LOG = LoggerFactory.getLogger(RouteCache.class);

  private final List<NodeAddress> seeds;
  private final RouteTable table = new RouteTable();
  private final NodeDirectory directory;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile long version;
  private volatile ByteString clusterId = ByteString.EMPTY;

  /** Knows nothing but whom to ask; a node needs no seeds. */
  public RouteCache(List<NodeAddress> seeds) {
    this(seeds, new NodeDirectory());
  }

  RouteCache(List<NodeAddress> seeds, NodeDirectory directory) {
    this.seeds = List.copyOf(seeds);
    this.directory = directory;
  }

  /** Which shards there are. */
  public RouteTable table() {
    return table;
  }

  /** Which nodes there are. */
  public NodeDirectory directory() {
    return directory;
  }

  /** Version of the newest catalog that was taken over; 0: none yet. */
  public long version() {
    return version;
  }

  /** Identity of the cluster; empty: not known yet. */
  public ByteString clusterId() {
    return clusterId;
  }

  /** What a server knows from its own start, before it has asked anybody. */
  public void bootstrap(ByteString cluster, Collection<NodeInfo> nodes, Collection<Route> routes) {
    synchronized (this) {
      clusterId = cluster;
      directory.merge(nodes);
    }
    table.merge(routes);
  }

  /** Takes over what is newer in the catalog. One of another cluster is ignored. */
  public void absorb(GetCatalogReply catalog) {
    boolean newer;
    synchronized (this) {
      if (!clusterId.isEmpty()
          && !catalog.getClusterId().isEmpty()
          && !clusterId.equals(catalog.getClusterId())) {
        LOG.warn("Ignored the routes of another cluster: check the endpoints");
        return;
      }
      if (clusterId.isEmpty()) {
        clusterId = catalog.getClusterId();
      }
      newer = !catalog.getUnchanged() && catalog.getVersion() > version;
      if (newer && catalog.getNodesCount() > 0) {
        directory.replace(catalog.getNodesList());
      }
      // Routes have their own order, so those of an older catalog do no harm.
      table.merge(catalog.getRoutesList());
      if (newer) {
        // Last: whoever sees the version finds at least what it stands for.
        version = catalog.getVersion();
      }
    }
    if (newer) {
      listeners.forEach(Runnable::run);
    }
  }

  /** What this cache knows, as a catalog. */
  public GetCatalogReply catalog(long knownVersion) {
    // The version first: what is added meanwhile is newer than the version says, never older.
    long now = version;
    GetCatalogReply.Builder reply =
        GetCatalogReply.newBuilder().setVersion(now).setClusterId(clusterId);
    if (now != 0 && now <= knownVersion) {
      return reply.setUnchanged(true).build();
    }
    return reply.addAllNodes(directory.nodes()).addAllRoutes(table.routes()).build();
  }

  /** Addresses to ask, each once: the known nodes, then the seeds. */
  List<NodeAddress> contacts() {
    Set<NodeAddress> found = new LinkedHashSet<>(directory.addresses());
    found.addAll(seeds);
    return new ArrayList<>(found);
  }

  /** Runs the listener, which must be short, after each newer catalog. */
  public void addListener(Runnable listener) {
    listeners.add(listener);
  }

  /** Takes the listener back. */
  public void removeListener(Runnable listener) {
    listeners.remove(listener);
  }
}
