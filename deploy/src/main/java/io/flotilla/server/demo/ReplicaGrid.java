package io.flotilla.server.demo;

import io.flotilla.cli.format.Printable;
import io.flotilla.cli.format.TextTable;
import io.flotilla.client.ReplicaInfo;
import io.flotilla.client.ReplicaStatus;
import io.flotilla.client.ShardInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/** All replicas at a glance: a line for each shard, a column for each node. Pure functions. */
final class ReplicaGrid {
  private static final int KEY_COLUMNS = 20;

  private ReplicaGrid() {}

  /** Cells are role, term and commit/applied index. */
  static List<String> lines(List<ShardInfo> shards) {
    TreeSet<Long> nodes = new TreeSet<>();
    shards.forEach(shard -> shard.replicas().forEach(replica -> nodes.add(replica.nodeId())));
    TextTable table = new TextTable().right("SHARD").left("FROM");
    nodes.forEach(node -> table.left("NODE " + node));
    for (ShardInfo shard : shards) {
      List<Object> row = new ArrayList<>();
      row.add(shard.shardId());
      row.add(from(shard));
      nodes.forEach(node -> row.add(cell(shard, node)));
      table.row(row.toArray());
    }
    return table.lines();
  }

  private static String from(ShardInfo shard) {
    if (shard.shardId() == 1) {
      return "(system)";
    }
    return shard.range().start().map(key -> Printable.cut(key.text(), KEY_COLUMNS)).orElse("");
  }

  private static String cell(ShardInfo shard, long node) {
    return shard.replicas().stream()
        .filter(replica -> replica.nodeId() == node)
        .map(ReplicaGrid::cell)
        .findFirst()
        .orElse("");
  }

  private static String cell(ReplicaInfo replica) {
    if (replica.status().isEmpty()) {
      return "unreachable";
    }
    ReplicaStatus status = replica.status().get();
    String role = status.role().name().toLowerCase(Locale.ROOT).replace('_', '-');
    return "%-8s t%d %d/%d"
        .formatted(role, status.term(), status.log().commit(), status.log().applied());
  }
}
