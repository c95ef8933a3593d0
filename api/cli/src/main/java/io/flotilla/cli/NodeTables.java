package io.flotilla.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flotilla.cli.format.TextTable;
import io.flotilla.client.NodeInfo;
import io.flotilla.client.NodeMode;
import io.flotilla.client.NodeStatus;
import java.util.List;
import java.util.Locale;

/** Nodes as aligned text and as JSON. Pure functions. */
public final class NodeTables {
  private NodeTables() {}

  /** One line a node. */
  public static List<String> list(List<NodeInfo> nodes) {
    TextTable table =
        new TextTable()
            .right("NODE")
            .left("ADDRESS")
            .left("HEALTH")
            .right("UPTIME")
            .right("REPLICAS")
            .right("LEADERS")
            .right("THREADS")
            .right("HEAP")
            .right("JOURNAL")
            .right("STORE");
    for (NodeInfo node : nodes) {
      if (node.status().isEmpty()) {
        table.row(
            node.nodeId(), node.address(), health(node, "unreachable"), "", "", "", "", "", "", "");
        continue;
      }
      NodeStatus status = node.status().get();
      table.row(
          node.nodeId(),
          node.address(),
          health(node, status.leaderLease() ? "up, leases" : "up"),
          Durations.show(status.uptime()),
          status.counts().replicas(),
          status.counts().leaders(),
          status.counts().threads(),
          bytes(status.bytes().heap()),
          bytes(status.bytes().journal()),
          bytes(status.bytes().state()));
    }
    return table.lines();
  }

  /** One line a node: whether it is ready, and what it says of the shards that it leads. */
  static List<String> health(List<NodeInfo> nodes) {
    TextTable table =
        new TextTable()
            .right("NODE")
            .left("ADDRESS")
            .left("READY")
            .right("DEGRADED")
            .right("LEADERLESS")
            .left("METRICS");
    for (NodeInfo node : nodes) {
      if (node.status().isEmpty()) {
        table.row(node.nodeId(), node.address(), "unreachable", "", "", "");
        continue;
      }
      NodeStatus.Health health = node.status().get().health();
      table.row(
          node.nodeId(),
          node.address(),
          health.ready() ? "yes" : "no",
          health.degradedShards(),
          health.leaderlessReplicas(),
          health.httpAddress());
    }
    return table.lines();
  }

  static ObjectNode healthObject(NodeInfo node) {
    ObjectNode object =
        OutputOptions.object()
            .put("node_id", node.nodeId())
            .put("address", node.address())
            .put("reachable", node.reachable());
    if (node.status().isEmpty()) {
      return object.put("problem", node.problem());
    }
    NodeStatus.Health health = node.status().get().health();
    health.notReady().forEach(object.put("ready", health.ready()).putArray("reasons")::add);
    return object
        .put("degraded_shards", health.degradedShards())
        .put("leaderless_replicas", health.leaderlessReplicas())
        .put("http_address", health.httpAddress());
  }

  private static String health(NodeInfo node, String health) {
    return node.mode() == NodeMode.ACTIVE
        ? health
        : health + ", " + node.mode().name().toLowerCase(Locale.ROOT);
  }

  static ObjectNode object(NodeInfo node) {
    ObjectNode object =
        OutputOptions.object()
            .put("node_id", node.nodeId())
            .put("address", node.address())
            .put("mode", node.mode().name().toLowerCase(Locale.ROOT))
            .put("reachable", node.reachable());
    ObjectNode labels = object.putObject("labels");
    node.labels().forEach(labels::put);
    if (node.status().isEmpty()) {
      return object.put("problem", node.problem());
    }
    NodeStatus status = node.status().get();
    return object
        .put("version", status.version())
        .put("uptime_seconds", status.uptime().toMillis() / 1000.0)
        .put("leader_lease", status.leaderLease())
        .put("replicas", status.counts().replicas())
        .put("leaders", status.counts().leaders())
        .put("threads", status.counts().threads())
        .put("heap_bytes", status.bytes().heap())
        .put("journal_bytes", status.bytes().journal())
        .put("state_bytes", status.bytes().state())
        .put("memtable_bytes", status.bytes().memtable());
  }

  /** A number of bytes for people. */
  static String bytes(long bytes) {
    if (bytes < 1 << 10) {
      return bytes + " B";
    }
    String[] units = {"KiB", "MiB", "GiB", "TiB"};
    double shown = bytes / 1024.0;
    int unit = 0;
    while (shown >= 1024 && unit < units.length - 1) {
      shown /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %s", shown, units[unit]);
  }
}
